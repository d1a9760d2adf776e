// SPDX-License-Identifier: Apache-2.0
// When every message of a phase leaves. Events count from 0 at the release of the opening sync, on the local
// clock of every tile.
#pragma once

#include <cstdint>
#include <vector>

#include "ipusim/exchange_planner/latency_table.hpp"
#include "ipusim/exchange_planner/traffic.hpp"

namespace ipusim::exchange_planner {

struct Schedule {
  std::vector<std::int32_t> send_event;  // of the first word, by transfer
  std::int64_t events = 0;               // until the last row ends
};

// A schedule in which no bus carries two words and no mux selects two sources in one event, and no mux
// selects anything before `first_selection`. The best of several tries; deterministic.
Schedule schedule(const Traffic& traffic, const LatencyTable& latency, std::int32_t first_selection = 0);

// A number of events no schedule of this traffic can be shorter than.
std::int64_t lower_bound(const Traffic& traffic, const LatencyTable& latency,
                         std::int32_t first_selection = 0);

// Events of a receiver's row whose last message starts at event `selection` of its mux: the return branch
// stands on the event of the last write, as in the published rows.
inline std::int64_t receiver_row_end(std::int64_t selection, std::uint32_t words, unsigned mux_delay) {
  return selection + words + mux_delay - 1;
}

}  // namespace ipusim::exchange_planner
