// The codelets on every kind of tile.
#include "codelet_bench.hpp"
#include "ipusim/lockstep/lockstep_tile.hpp"
#include "ipusim/rtl/rtl_tile.hpp"
#include "ipusim/tile/fast_tile.hpp"

namespace ipusim::codelet_test {

INSTANTIATE_TEST_SUITE_P(Fast, Codelets, ::testing::Values(TileKind{"fast", tile::make_fast_tile}));
INSTANTIATE_TEST_SUITE_P(Rtl, Codelets, ::testing::Values(TileKind{"rtl", [](const tile::TileParameters& p) {
                                                                     return rtl::make_rtl_tile(p);
                                                                   }}));
INSTANTIATE_TEST_SUITE_P(Lockstep, Codelets,
                         ::testing::Values(TileKind{"lockstep", [](const tile::TileParameters& p) {
                                                      return lockstep::make_lockstep_tile(p, {});
                                                    }}));

}  // namespace ipusim::codelet_test
