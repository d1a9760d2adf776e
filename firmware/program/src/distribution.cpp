// SPDX-License-Identifier: Apache-2.0
#include "ipusim/program/distribution.hpp"

#include <fmt/format.h>

namespace ipusim::program {
namespace {

std::vector<std::uint8_t> packed(std::span<const numbers::Element> elements, numbers::ElementType type) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(elements.size() * size_of(type));
  for (const numbers::Element element : elements) pack(element, type, bytes);
  return bytes;
}

}  // namespace

std::vector<std::vector<std::uint8_t>> distribute(const LoadSpec& load, std::size_t tile_bytes) {
  const std::size_t tiles = load.tiles.size();
  const std::size_t room = tile_bytes / size_of(load.type);
  if (load.distribution == Distribution::same) {
    return {tiles, packed(load.numbers.read(load.type, room).elements, load.type)};
  }
  const numbers::NumberRows rows = load.numbers.read(load.type, room * tiles, numbers::RowLengths::equal);
  if (rows.size() % tiles != 0) {
    throw load.where.error(fmt::format("{} lines of {} cannot be split evenly over {} tiles", rows.size(),
                                       load.numbers.describe(), tiles));
  }
  const std::size_t share = rows.size() / tiles;
  std::vector<std::vector<std::uint8_t>> result;
  for (std::size_t k = 0; k < tiles; ++k) {
    result.push_back(packed(rows.rows_from(k * share, (k + 1) * share), load.type));
  }
  return result;
}

}  // namespace ipusim::program
