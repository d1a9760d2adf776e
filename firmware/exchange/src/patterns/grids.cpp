// SPDX-License-Identifier: Apache-2.0
// Patterns of tiles that stand in a grid.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "ipusim/exchange_planner/patterns.hpp"

namespace ipusim::exchange_planner {
namespace {

std::string wrong_size(std::uint64_t grid, std::size_t tiles) {
  return fmt::format("the grid has {} places, but there are {} tiles; name as many as it has", grid, tiles);
}

std::string repeated(std::vector<TileIndex> tiles) {
  std::sort(tiles.begin(), tiles.end());
  const auto twice = std::adjacent_find(tiles.begin(), tiles.end());
  return twice == tiles.end() ? std::string{} : fmt::format("tile {} is named twice", twice->value());
}

// Place of the neighbour, or nothing beyond an open edge.
std::optional<std::size_t> neighbour(const Halo& halo, std::size_t place, const Face& face) {
  std::size_t result = 0;
  std::size_t scale = 1;
  for (std::size_t axis = halo.extents.size(); axis-- > 0;) {
    const auto extent = static_cast<std::int64_t>(halo.extents[axis]);
    std::int64_t at = static_cast<std::int64_t>(place) % extent + face.to[axis];
    place /= halo.extents[axis];
    if (halo.periodic[axis]) at = ((at % extent) + extent) % extent;
    if (at < 0 || at >= extent) return std::nullopt;
    result += scale * static_cast<std::size_t>(at);
    scale *= halo.extents[axis];
  }
  return result;
}

}  // namespace

std::string Transpose::problem() const {
  const std::uint64_t places = std::uint64_t{rows} * columns;
  if (places != tiles.size()) return wrong_size(places, tiles.size());
  return repeated(tiles);
}

void Transpose::expand(MessageSink& sink) const {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      const TileIndex from = tiles[r * columns + c];
      const TileIndex to = tiles[c * rows + r];
      if (from != to) {
        sink.message(from, {&to, 1}, words, {source, 0, where.source}, {destination, 0, where.destination});
      }
    }
  }
}

std::string Halo::problem() const {
  std::uint64_t places = 1;
  for (const std::uint32_t extent : extents) places *= extent;
  if (extents.empty() || places != tiles.size())
    return wrong_size(extents.empty() ? 0 : places, tiles.size());
  if (periodic.size() != extents.size()) {
    return fmt::format("periodic has {} entries for {} axes; give one per axis", periodic.size(),
                       extents.size());
  }
  for (const Face& face : faces) {
    if (face.to.size() != extents.size()) {
      return fmt::format(
          "a face's neighbour is {} steps away, [{}], but the grid has {} axes; give one per axis",
          face.to.size(), fmt::join(face.to, ", "), extents.size());
    }
    if (std::all_of(face.to.begin(), face.to.end(), [](std::int32_t step) { return step == 0; })) {
      return "a face's neighbour is the tile itself; give a step that is not 0";
    }
  }
  return repeated(tiles);
}

void Halo::expand(MessageSink& sink) const {
  for (std::size_t place = 0; place < tiles.size(); ++place) {
    for (const Face& face : faces) {
      const auto next = neighbour(*this, place, face);
      if (!next || *next == place) continue;
      for (std::uint64_t piece = 0; piece < face.count; ++piece) {
        sink.message(
            tiles[place], {&tiles[*next], 1}, face.words,
            {source, face.source_offset + piece * face.source_step, where.source},
            {destination, face.destination_offset + piece * face.destination_step, where.destination});
      }
    }
  }
}

}  // namespace ipusim::exchange_planner
