// SPDX-License-Identifier: Apache-2.0
#include "ipusim/tile_kinds/tile_kinds.hpp"

#include "codelet_run.hpp"

namespace ipusim::codelet_test {

const std::vector<TileKind>& tile_kinds() {
  static const std::vector<TileKind> kinds = [] {
    std::vector<TileKind> result;
    for (const auto& kind : ipusim::tile_kinds::all())
      result.push_back({std::string{kind.name}, kind.make_factory({})});
    return result;
  }();
  return kinds;
}

}  // namespace ipusim::codelet_test
