#include "codelet_run.hpp"
#include "ipusim/lockstep/lockstep_tile.hpp"
#include "ipusim/rtl/rtl_tile.hpp"
#include "ipusim/tile/fast_tile.hpp"

namespace ipusim::codelet_test {

const std::vector<TileKind>& tile_kinds() {
  static const std::vector<TileKind> kinds{
      {"fast", tile::make_fast_tile},
      {"rtl", [](const tile::TileParameters& p) { return rtl::make_rtl_tile(p); }},
      {"lockstep", [](const tile::TileParameters& p) { return lockstep::make_lockstep_tile(p, {}); }}};
  return kinds;
}

}  // namespace ipusim::codelet_test
