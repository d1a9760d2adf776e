// SPDX-License-Identifier: Apache-2.0
// The fast tile: instruction-level, exact to the cycle (docs/timing.md), without SystemC.
#pragma once

#include <memory>

#include "ipusim/tile/tile_model.hpp"

namespace ipusim::tile {

std::unique_ptr<TileModel> make_fast_tile(const TileParameters& parameters);

}  // namespace ipusim::tile
