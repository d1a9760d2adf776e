// SPDX-License-Identifier: Apache-2.0
// Reads the `exchange:` list of a program file (docs/program.md).
#pragma once

#include <vector>

#include "ipusim/config/config_node.hpp"
#include "ipusim/config/tile_names.hpp"
#include "ipusim/exchange_planner/phase.hpp"

namespace ipusim::exchange_planner {

// `list` is the value of `exchange:`. Throws config::ConfigError naming file, line and key: unknown keys and
// patterns, names that are no identifiers or used twice on a chip, tiles the system does not have, a phase on
// several chips, a tile that sends to itself, offsets that are not multiples of 4.
std::vector<Phase> parse_phases(const config::ConfigNode& list, const config::TileNames& names);

}  // namespace ipusim::exchange_planner
