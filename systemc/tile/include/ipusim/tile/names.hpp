// SPDX-License-Identifier: Apache-2.0
// Words for what the tile models report by number.
#pragma once

#include "ipusim/tile/tile_model.hpp"

namespace ipusim::tile {

// The enumerator's own name, of an exception's type or cause or of a hazard.
using isa::name_of;

}  // namespace ipusim::tile
