#include "tile_kinds.hpp"

#include "ipusim/tile/fast_tile.hpp"
#ifdef IPUSIM_WITH_RTL
#include "ipusim/lockstep/lockstep_tile.hpp"
#include "ipusim/rtl/rtl_tile.hpp"
#endif

namespace ipusim::chip_test {

chip::TileFactories tile_factories() {
  chip::TileFactories factories{{"fast", &tile::make_fast_tile}};
#ifdef IPUSIM_WITH_RTL
  factories["rtl"] = [](const tile::TileParameters& p) { return rtl::make_rtl_tile(p); };
  factories["lockstep"] = [](const tile::TileParameters& p) { return lockstep::make_lockstep_tile(p); };
#endif
  return factories;
}

std::vector<std::string> tile_kinds() {
  std::vector<std::string> kinds;
  for (const auto& [kind, make] : tile_factories()) kinds.push_back(kind);
  return kinds;
}

}  // namespace ipusim::chip_test
