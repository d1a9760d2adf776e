#include "ipusim/cli/program/program.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ipusim/cli/input_error.hpp"

namespace ipusim::cli {

NumberTable NumberSpec::table() const {
  try {
    NumberTable table = values ? NumberTable::read(*values) : NumberTable::load(file);
    if (lines) table.keep_lines(*lines);
    if (columns) table.keep_columns(*columns);
    if (table.lines().empty()) throw InputError(fmt::format("{}: holds no numbers", describe()));
    return table;
  } catch (const InputError& error) {
    // Errors in a list of values stand in the program file already.
    if (values) throw;
    throw InputError(fmt::format("{}\n  wanted at {}", error.what(), where.place()));
  }
}

std::string NumberSpec::describe() const { return values ? values->place() : file.string(); }

bool Program::has_image(TileIndex tile) const {
  return std::any_of(images.begin(), images.end(), [&](const ImageSpec& image) {
    return std::binary_search(image.tiles.begin(), image.tiles.end(), tile);
  });
}

std::string to_string(CycleKind kind) {
  switch (kind) {
    case CycleKind::total:
      return "total";
    case CycleKind::compute:
      return "compute";
    case CycleKind::sync:
      return "sync";
    case CycleKind::exchange:
      return "exchange";
  }
  return {};
}

}  // namespace ipusim::cli
