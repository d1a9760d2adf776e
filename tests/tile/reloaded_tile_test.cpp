// SPDX-License-Identifier: Apache-2.0
// The contract's cases on fast tiles that are saved and loaded again all the time.
#include "cases.hpp"
#include "ipusim/tile/fast_tile.hpp"
#include "reloading_tile.hpp"

IPUSIM_INSTANTIATE_TILE_CASES(Reloaded,
                              (ipusim::tile::test::reloading({"fast", ipusim::tile::make_fast_tile})))
