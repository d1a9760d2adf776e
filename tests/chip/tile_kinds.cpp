// SPDX-License-Identifier: Apache-2.0
#include "tile_kinds.hpp"

#include "ipusim/tile_kinds/tile_kinds.hpp"

namespace ipusim::chip_test {

chip::TileFactories tile_factories() { return ipusim::tile_kinds::make_factories(); }

std::vector<std::string> tile_kinds() {
  std::vector<std::string> kinds;
  for (const auto& kind : ipusim::tile_kinds::all()) kinds.emplace_back(kind.name);
  return kinds;
}

}  // namespace ipusim::chip_test
