// SPDX-License-Identifier: Apache-2.0
// Placing messages one after another, each as early as the tiles concerned have room.
#pragma once

#include <cstdint>

#include "ipusim/exchange_planner/schedule.hpp"
#include "order.hpp"

namespace ipusim::exchange_planner {

// In this order; no mux selects anything before `first_selection`. In a phase with 64-bit items, besides: the
// sender's partner neither sends nor receives while it lends its bus, and no two controls of a tile fall on
// one event [HW: that faults], a control on the first word of a send included.
Schedule first_fit(const Traffic& traffic, const LatencyTable& latency, std::int32_t first_selection,
                   const Order& order);

}  // namespace ipusim::exchange_planner
