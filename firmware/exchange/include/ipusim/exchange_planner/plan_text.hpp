// SPDX-License-Identifier: Apache-2.0
// A plan written down: assembly, JSON.
#pragma once

#include <string>

#include "ipusim/config/system_config.hpp"
#include "ipusim/exchange_planner/plan.hpp"

namespace ipusim::exchange_planner {

// The functions of a tile in the order of the phases; assembles on its own, in supervisor mode.
std::string assembly_of(const Plan& plan, TileIndex tile);

// Events over the lower bound.
double ratio_of(const PlannedPhase& phase);

// A table, a line per phase: what it costs, what no plan can beat, how busy the buses are - of the tiles that
// send or receive, and of the whole chip - and the bytes of code, of all tiles and of the tile with most.
std::string report_of(const Plan& plan);

// What the phases cost: {"system": ..., "tiles": ..., "phases": [{name, pattern, ...}]}.
std::string to_json(const config::ChipConfig& system, const Plan& plan);

}  // namespace ipusim::exchange_planner
