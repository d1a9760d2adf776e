// SPDX-License-Identifier: Apache-2.0
#include "ipusim/config/tile_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace ipusim::config {

TileNames::TileNames(std::vector<Chip> chips) : chips_(std::move(chips)) {
  for (const Chip& chip : chips_) {
    first_.push_back(static_cast<std::uint32_t>(size_));
    size_ += chip.tiles;
  }
}

std::optional<ChipIndex> TileNames::find_chip(std::string_view name) const {
  const auto found = std::ranges::find(chips_, name, &Chip::name);
  if (found == chips_.end()) return std::nullopt;
  return ChipIndex{static_cast<std::uint32_t>(found - chips_.begin())};
}

TileRef TileNames::ref(TileIndex index) const {
  if (index.value() >= size_) throw std::out_of_range(fmt::format("there is no tile {}", index.value()));
  // The last chip that begins at or before it and has tiles.
  const auto after = std::ranges::upper_bound(first_, index.value());
  const auto chip = static_cast<std::uint32_t>(after - first_.begin()) - 1;
  return {ChipIndex{chip}, TileIndex{index.value() - first_[chip]}};
}

TileIndex TileNames::index(TileRef ref) const {
  if (ref.tile.value() >= chip(ref.chip).tiles) {
    throw std::out_of_range(fmt::format("chip {} has no tile {}", chip(ref.chip).name, ref.tile.value()));
  }
  return TileIndex{first_[ref.chip.value()] + ref.tile.value()};
}

std::string TileNames::name(TileIndex index) const {
  const TileRef tile = ref(index);
  if (chips_.size() == 1) return fmt::format("{}", tile.tile.value());
  return fmt::format("{}:{}", chip(tile.chip).name, tile.tile.value());
}

}  // namespace ipusim::config
