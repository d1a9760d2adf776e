// SPDX-License-Identifier: Apache-2.0
#include "ipusim/numbers/number_spec.hpp"

#include <fmt/format.h>

#include <memory>

#include "ipusim/base/input_error.hpp"

namespace ipusim::numbers {
namespace {

std::unique_ptr<NumberSource> open_file(const NumberFile& file, ElementType type) {
  switch (file.encoding) {
    case Encoding::npy:
      return load_npy_numbers(file.path);
    case Encoding::raw:
      return load_raw_numbers(file.path, type);
    case Encoding::text:
      break;
  }
  return load_text_numbers(file.path);
}

// For a message about a file: who wanted it.
InputError wanted_at(const config::SourcePlace& where, const std::exception& error) {
  if (where.empty()) return InputError(error.what());
  return InputError(fmt::format("{}\n  wanted at {}", error.what(), where.place()));
}

}  // namespace

NumberRows NumberSpec::read(ElementType type, std::size_t most, RowLengths lengths) const {
  if (const auto* single = std::get_if<SingleNumber>(&from)) {
    try {
      return {std::vector<Element>(most, parse_element(single->text, type)), {most}};
    } catch (const InputError& error) {
      throw where.error(error.what());
    }
  }
  const auto take = [&](const NumberSource& source) {
    const RowRequest request{type, columns ? &*columns : nullptr, most, lengths};
    NumberRows rows = read_rows(source, describe(), lines ? &*lines : nullptr, request);
    if (rows.elements.empty()) throw InputError(fmt::format("{}: holds no numbers", describe()));
    return rows;
  };
  // Errors in a list name its place already.
  if (const auto* list = std::get_if<NumberList>(&from)) return take(*list_numbers(*list));
  try {
    return take(*open_file(std::get<NumberFile>(from), type));
  } catch (const InputError& error) {
    throw wanted_at(where, error);
  } catch (const config::ConfigError& error) {
    throw wanted_at(where, error);
  }
}

std::string NumberSpec::describe() const {
  if (const auto* file = std::get_if<NumberFile>(&from)) return file->path.string();
  if (const auto* single = std::get_if<SingleNumber>(&from)) return single->text;
  return where.empty() ? "the list" : where.place();
}

}  // namespace ipusim::numbers
