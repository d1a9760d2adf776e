// SPDX-License-Identifier: Apache-2.0
// The chip's latency function for the tiles of one system, by tile index.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/config/system_config.hpp"

namespace ipusim::exchange_planner {

class LatencyTable {
 public:
  // Throws std::invalid_argument for a latency function no class implements.
  explicit LatencyTable(const config::ChipConfig& system);

  std::size_t tile_count() const { return places_.size(); }
  TileId place(std::uint32_t tile) const { return places_[tile]; }
  std::uint16_t null_source() const { return null_source_; }
  // As in config::LatencyFunction.
  int mux_time(std::uint32_t source, std::uint32_t destination) const {
    return paths_[source * places_.size() + destination].mux_time;
  }
  std::uint8_t direction(std::uint32_t source, std::uint32_t destination) const {
    return paths_[source * places_.size() + destination].direction;
  }
  // Of the two lanes that lend each other their bus; nothing if the system does not have it.
  std::optional<std::uint32_t> partner(std::uint32_t tile) const { return partners_[tile]; }
  unsigned mux_delay(std::uint32_t destination) const { return mux_delays_[destination]; }
  // That of the chip's row 0.
  unsigned mux_delay_base() const { return mux_delay_base_; }

 private:
  struct Path {
    std::int16_t mux_time;
    std::uint8_t direction;
  };
  std::vector<TileId> places_;
  std::vector<Path> paths_;  // by source, destination
  std::vector<unsigned> mux_delays_;
  std::vector<std::optional<std::uint32_t>> partners_;
  unsigned mux_delay_base_;
  std::uint16_t null_source_;
};

}  // namespace ipusim::exchange_planner
