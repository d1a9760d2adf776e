// SPDX-License-Identifier: Apache-2.0
// In which order to place messages: what first-fit makes of them depends on it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "ipusim/exchange_planner/latency_table.hpp"
#include "ipusim/exchange_planner/traffic.hpp"

namespace ipusim::exchange_planner {

using Order = std::vector<std::uint32_t>;  // positions in Traffic::transfers

// Makes an order; each may be called on a thread of its own.
using OrderMaker = std::function<Order()>;

// Orders worth trying, the plainest first. They refer to the traffic.
std::vector<OrderMaker> candidate_orders(const Traffic& traffic, const LatencyTable& latency);

}  // namespace ipusim::exchange_planner
