// SPDX-License-Identifier: Apache-2.0
// The engine's tests on whole tiles, both models in lockstep.
#include "engine_tile.hpp"
#include "lockstep_factory.hpp"

namespace ipusim::tile::test {

std::optional<TileKind> engine_tile_kind() {
  return TileKind{"lockstep", lockstep::make_plain_lockstep_tile};
}
int engine_episodes(int full) { return full / 100; }

}  // namespace ipusim::tile::test
