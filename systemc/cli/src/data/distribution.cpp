#include "ipusim/cli/data/distribution.hpp"

#include <fmt/format.h>

#include "ipusim/cli/input_error.hpp"

namespace ipusim::cli {
namespace {

std::vector<std::uint8_t> packed(const std::vector<Element>& elements, ElementType type) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(elements.size() * size_of(type));
  for (const Element element : elements) pack(element, type, bytes);
  return bytes;
}

}  // namespace

std::vector<std::vector<std::uint8_t>> distribute(const LoadSpec& load) {
  const NumberTable table = load.numbers.table();
  const std::size_t tiles = load.tiles.size();
  if (load.distribution == Distribution::same) {
    return {tiles, packed(table.elements(load.type), load.type)};
  }
  const auto& lines = table.lines();
  if (lines.size() % tiles != 0) {
    throw load.where.error(fmt::format("{} lines of {} cannot be split evenly over {} tiles", lines.size(),
                                       load.numbers.describe(), tiles));
  }
  for (const auto& line : lines) {
    if (line.cells.size() != lines.front().cells.size()) {
      throw InputError(
          fmt::format("{}: has {} numbers, the first line has {}: lines to be split must be equally long",
                      line.place, line.cells.size(), lines.front().cells.size()));
    }
  }
  const std::size_t share = lines.size() / tiles;
  std::vector<std::vector<std::uint8_t>> result;
  for (std::size_t k = 0; k < tiles; ++k) {
    result.push_back(packed(table.elements(load.type, k * share, (k + 1) * share), load.type));
  }
  return result;
}

}  // namespace ipusim::cli
