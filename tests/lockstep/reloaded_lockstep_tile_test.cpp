// SPDX-License-Identifier: Apache-2.0
// The tile cases on both models in lockstep, which are saved and loaded again all the time.
#include "cases.hpp"
#include "lockstep_factory.hpp"
#include "reloading_tile.hpp"

IPUSIM_INSTANTIATE_TILE_CASES(
    Reloaded, (ipusim::tile::test::reloading({"lockstep", ipusim::lockstep::make_plain_lockstep_tile})))
