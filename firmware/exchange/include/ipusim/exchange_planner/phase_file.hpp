// Reads the `exchange:` list of a program file (docs/program.md).
#pragma once

#include <cstddef>
#include <vector>

#include "ipusim/config/config_node.hpp"
#include "ipusim/exchange_planner/phase.hpp"

namespace ipusim::exchange_planner {

// `list` is the value of `exchange:`. Throws config::ConfigError naming file, line and key: unknown keys and
// patterns, names that are no identifiers or used twice, tiles the system of `tile_count` tiles does not
// have, a tile that sends to itself, offsets that are not multiples of 4.
std::vector<Phase> parse_phases(const config::ConfigNode& list, std::size_t tile_count);

}  // namespace ipusim::exchange_planner
