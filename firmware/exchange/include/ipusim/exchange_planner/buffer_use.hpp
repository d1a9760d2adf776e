// SPDX-License-Identifier: Apache-2.0
// How much of its symbols a phase uses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ipusim/exchange_planner/phase.hpp"

namespace ipusim::exchange_planner {

enum class Side : std::uint8_t { source, destination };

// The phase reads or writes bytes from the symbol up to `bytes`, excluded, of the tile.
struct BufferUse {
  TileIndex tile;
  Side side = Side::source;
  std::string symbol;
  std::uint64_t bytes = 0;
  config::SourcePlace where{};  // as in the phase: of what reaches furthest
};

// One entry per tile, side and symbol, in no order of meaning. What is not sent - the own block of a pattern
// - does not count.
std::vector<BufferUse> buffer_uses(const Phase& phase);

}  // namespace ipusim::exchange_planner
