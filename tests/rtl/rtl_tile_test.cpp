// SPDX-License-Identifier: Apache-2.0
// The tile cases on the RTL.
#include "ipusim/rtl/rtl_tile.hpp"
#include "cases.hpp"

namespace {

std::unique_ptr<ipusim::tile::TileModel> make(const ipusim::tile::TileParameters& parameters) {
  return ipusim::rtl::make_rtl_tile(parameters);
}

}  // namespace

IPUSIM_INSTANTIATE_TILE_CASES(Rtl, (ipusim::tile::test::TileKind{"rtl", make}))
