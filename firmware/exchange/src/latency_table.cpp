// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/latency_table.hpp"

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
  for (const TileId place : places_) mux_delays_.push_back(function->mux_delay(place));
}

}  // namespace ipusim::exchange_planner
