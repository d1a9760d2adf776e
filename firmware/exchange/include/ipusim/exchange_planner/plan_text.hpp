// SPDX-License-Identifier: Apache-2.0
// A plan written down: assembly, JSON.
#pragma once

#include <string>

#include "ipusim/config/system_config.hpp"
#include "ipusim/exchange_planner/plan.hpp"

namespace ipusim::exchange_planner {

// The functions of a tile in the order of the phases; assembles on its own, in supervisor mode.
std::string assembly_of(const Plan& plan, TileIndex tile);

// What the phases cost: {"system": ..., "tiles": ..., "phases": [{name, pattern, ...}]}.
std::string to_json(const config::ChipConfig& system, const Plan& plan);

}  // namespace ipusim::exchange_planner
