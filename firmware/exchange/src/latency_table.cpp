// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/latency_table.hpp"

#include <map>

#include "ipusim/config/latency_function.hpp"

namespace ipusim::exchange_planner {

LatencyTable::LatencyTable(const config::ChipConfig& system)
    : places_(system.places),
      mux_delay_base_(system.exchange.mux_delay_base_cycles),
      null_source_(system.exchange.null_source) {
  const auto function = config::make_latency_function(system.exchange);
  paths_.reserve(places_.size() * places_.size());
  for (const TileId source : places_) {
    for (const TileId destination : places_) {
      paths_.push_back({static_cast<std::int16_t>(function->mux_time(source, destination)),
                        function->direction(source, destination)});
    }
  }
  std::map<unsigned, std::uint32_t> tile_at;
  for (std::uint32_t tile = 0; tile < places_.size(); ++tile) tile_at[places_[tile].value()] = tile;
  for (const TileId place : places_) {
    constexpr unsigned partner_lane = 2;  // [SDK] the partner of a place is the place with this bit turned
    const auto found = tile_at.find(place.value() ^ partner_lane);
    partners_.push_back(found == tile_at.end() ? std::nullopt : std::optional{found->second});
  }
  for (const TileId place : places_) mux_delays_.push_back(function->mux_delay(place));
}

}  // namespace ipusim::exchange_planner
