// SPDX-License-Identifier: Apache-2.0
// The tile cases on both models in lockstep.
#include "cases.hpp"
#include "lockstep_factory.hpp"

IPUSIM_INSTANTIATE_TILE_CASES(Lockstep, (ipusim::tile::test::TileKind{
                                            "lockstep", ipusim::lockstep::make_plain_lockstep_tile}))
