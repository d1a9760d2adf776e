// SPDX-License-Identifier: Apache-2.0
// What only a linked image shows of planned phases: where their buffers and rows lie in memory.
#pragma once

#include <string>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/exchange_planner/plan.hpp"
#include "ipusim/toolchain/image.hpp"

namespace ipusim::app {

// Words arrive in a memory element from which the tile sends, or fetches its row, in the same cycle: hazard
// `clash` (docs/timing.md, section 6).
struct ElementClash {
  std::string phase;
  std::string message;  // phase, tile, symbols, element, events and the cure
  bool is_error = false;
};

// The first of each phase. Nothing is told of phases with bases of the caller, and of tiles with more windows
// than the plan keeps. `name`: the tile's, for messages.
std::vector<ElementClash> element_clashes(const exchange_planner::Plan& plan, TileIndex tile,
                                          const std::string& name, const toolchain::Image& image);

// Throws InputError for a buffer of 64-bit items at no multiple of 8, naming phase, tile and symbol.
void require_alignment(const exchange_planner::Plan& plan, TileIndex tile, const std::string& name,
                       const toolchain::Image& image);

}  // namespace ipusim::app
