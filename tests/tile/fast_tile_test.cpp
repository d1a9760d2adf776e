// SPDX-License-Identifier: Apache-2.0
// The contract's cases on the fast model.
#include "ipusim/tile/fast_tile.hpp"
#include "cases.hpp"

IPUSIM_INSTANTIATE_TILE_CASES(Fast, (ipusim::tile::test::TileKind{"fast", ipusim::tile::make_fast_tile}))
