// The tile cases on the RTL.
#include "cases.hpp"
#include "ipusim/rtl/rtl_tile.hpp"

namespace ipusim::tile::test {
namespace {

std::unique_ptr<TileModel> make(const TileParameters& parameters) { return rtl::make_rtl_tile(parameters); }

IPUSIM_INSTANTIATE_TILE_CASES(Rtl, (TileKind{"rtl", &make}));

}  // namespace
}  // namespace ipusim::tile::test
