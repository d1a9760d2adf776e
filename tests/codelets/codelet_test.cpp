// SPDX-License-Identifier: Apache-2.0
// The codelets on every kind of tile.
#include "codelet_bench.hpp"

namespace ipusim::codelet_test {

INSTANTIATE_TEST_SUITE_P(Tiles, Codelets, ::testing::ValuesIn(tile_kinds()),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace ipusim::codelet_test
