// SPDX-License-Identifier: Apache-2.0
// The exchange planner: phases in, a function per phase and tile out.
#pragma once

#include <vector>

#include "ipusim/config/system_config.hpp"
#include "ipusim/exchange_planner/phase.hpp"
#include "ipusim/exchange_planner/plan.hpp"
#include "ipusim/exchange_planner/row_style.hpp"

namespace ipusim::exchange_planner {

// Plans every phase for the system's places. Every tile gets a function exchange_NAME per phase (section
// .text.exchange_NAME), called with the return address in $m10, that uses $m0 to $m4 and returns when all of
// its words are in memory. Deterministic. Throws PlanError; std::invalid_argument for a latency function no
// class implements.
Plan plan(const config::ChipConfig& system, const std::vector<Phase>& phases,
          RowStyle style = RowStyle::compact);

}  // namespace ipusim::exchange_planner
