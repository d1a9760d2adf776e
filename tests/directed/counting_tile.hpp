// SPDX-License-Identifier: Apache-2.0
// A fast tile that notes which instructions its bundles hold.
#pragma once

#include <memory>
#include <set>

#include "ipusim/tile/tile_model.hpp"

namespace ipusim::directed {

// Of all such tiles: what retired or excepted since it was last emptied.
std::set<isa::Opcode>& seen();

std::unique_ptr<tile::TileModel> make_counting_tile(const tile::TileParameters& parameters);

}  // namespace ipusim::directed
