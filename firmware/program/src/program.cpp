#include "ipusim/program/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "ipusim/base/input_error.hpp"

namespace ipusim::program {
namespace {

std::unique_ptr<numbers::NumberSource> open_source(const NumberSpec& spec, numbers::ElementType type) {
  if (spec.values) return numbers::list_numbers(*spec.values);
  switch (spec.encoding) {
    case Encoding::npy:
      return numbers::load_npy_numbers(spec.file);
    case Encoding::raw:
      return numbers::load_raw_numbers(spec.file, type);
    case Encoding::text:
      break;
  }
  return numbers::load_text_numbers(spec.file);
}

}  // namespace

numbers::NumberRows NumberSpec::read(numbers::ElementType type, std::size_t most,
                                     numbers::RowLengths lengths) const {
  if (single) {
    try {
      return {std::vector<numbers::Element>(most, parse_element(single->as_string(), type)), {most}};
    } catch (const InputError& error) {
      throw single->error(error.what());
    }
  }
  const auto read = [&] {
    const auto source = open_source(*this, type);
    const numbers::RowRequest request{type, columns ? &*columns : nullptr, most, lengths};
    numbers::NumberRows rows = numbers::read_rows(*source, describe(), lines ? &*lines : nullptr, request);
    if (rows.elements.empty()) throw InputError(fmt::format("{}: holds no numbers", describe()));
    return rows;
  };
  if (values) return read();  // errors in a list stand in the program file already
  const auto wanted = [&](const std::exception& error) {
    return InputError(fmt::format("{}\n  wanted at {}", error.what(), where.place()));
  };
  try {
    return read();
  } catch (const InputError& error) {
    throw wanted(error);
  } catch (const config::ConfigError& error) {
    throw wanted(error);
  }
}

std::string NumberSpec::describe() const {
  if (single) return single->as_string();
  return values ? values->place() : file.string();
}

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

}  // namespace ipusim::program
