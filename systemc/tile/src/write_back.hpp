// SPDX-License-Identifier: Apache-2.0
// Registers and CSRs of a bundle that does not fault.
#pragma once

#include "tile_core.hpp"

namespace ipusim::tile {

void write_registers(TileCore& core, ContextState& context, const Effects& effects);

}  // namespace ipusim::tile
