// SPDX-License-Identifier: Apache-2.0
// Cutting a phase into parts that follow one another, each with a sync and a row of its own.
#pragma once

#include <utility>
#include <vector>

#include "ipusim/exchange_planner/schedule.hpp"
#include "ipusim/exchange_planner/traffic.hpp"

namespace ipusim::exchange_planner {

// A message of more words than a receive count holds becomes several.
void cut_long_messages(Traffic& traffic);

// Whether every tile's receive count holds its words.
bool counts_fit(const Traffic& traffic);

// Parts whose counts fit, filled in the order in which a schedule of the whole sends.
std::vector<Traffic> cut_by_count(const Traffic& traffic, const Schedule& schedule);

// What the schedule sends in its first half, and the rest; of at least two messages.
std::pair<Traffic, Traffic> cut_in_two(const Traffic& traffic, const Schedule& schedule);

}  // namespace ipusim::exchange_planner
