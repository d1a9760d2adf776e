// SPDX-License-Identifier: Apache-2.0
// How the tiles of a system are named: by their number in their chip, "3", with the chip's name before it
// where there are several, "ipu1:3".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipusim/base/types.hpp"

namespace ipusim::config {

// A tile by chip and number in it.
struct TileRef {
  ChipIndex chip;
  TileIndex tile;
  friend bool operator==(const TileRef&, const TileRef&) = default;
};

class TileNames {
 public:
  struct Chip {
    std::string name;
    std::size_t tiles;
  };

  // Of one chip, whose name is not told.
  TileNames(std::size_t tiles) : TileNames(std::vector<Chip>{{"", tiles}}) {}  // NOLINT: stands for its tiles
  explicit TileNames(std::vector<Chip> chips);

  // Of the whole system.
  std::size_t size() const { return size_; }
  std::size_t chips() const { return chips_.size(); }
  const Chip& chip(ChipIndex index) const { return chips_.at(index.value()); }
  std::optional<ChipIndex> find_chip(std::string_view name) const;
  // The index in the system of the chip's first tile.
  TileIndex first_of(ChipIndex chip) const { return TileIndex{first_.at(chip.value())}; }

  // Between the two ways to say which tile. Throw std::out_of_range for one that is not there.
  TileRef ref(TileIndex index) const;
  TileIndex index(TileRef ref) const;

  // "3" or "ipu1:3".
  std::string name(TileIndex index) const;

 private:
  std::vector<Chip> chips_;
  std::vector<std::uint32_t> first_;
  std::size_t size_ = 0;
};

}  // namespace ipusim::config
