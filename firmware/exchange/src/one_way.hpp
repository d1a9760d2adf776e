// SPDX-License-Identifier: Apache-2.0
// Traffic::one_way: when the memory of a tile is read by a send or written by an arrival, never by both at
// once.
#pragma once

#include <cstdint>
#include <vector>

#include "ipusim/exchange_planner/latency_table.hpp"
#include "ipusim/exchange_planner/traffic.hpp"
#include "timetable.hpp"

namespace ipusim::exchange_planner {

class OneWay {
 public:
  // Keeps references. Without Traffic::one_way everything fits and nothing is kept.
  OneWay(const Traffic& traffic, const LatencyTable& latency, std::int32_t least);

  // The first event at or after `event` at which the transfer meets nothing in any tile's memory.
  std::int32_t next_fit(const Transfer& transfer, std::int32_t event) const;
  void reserve(const Transfer& transfer, std::int32_t event);

 private:
  std::int32_t write_event(const Transfer& transfer, std::int32_t event, std::uint32_t to) const;

  const Traffic& traffic_;
  const LatencyTable& latency_;
  std::vector<Timetable> memories_;  // by tile; empty: not asked for
};

}  // namespace ipusim::exchange_planner
