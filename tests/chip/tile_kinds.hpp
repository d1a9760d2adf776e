// SPDX-License-Identifier: Apache-2.0
// The kinds of tiles there are in this build.
#pragma once

#include <string>
#include <vector>

#include "ipusim/chip/chip.hpp"

namespace ipusim::chip_test {

chip::TileFactories tile_factories();
std::vector<std::string> tile_kinds();

}  // namespace ipusim::chip_test
