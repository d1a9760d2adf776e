// SPDX-License-Identifier: Apache-2.0
// Which tiles phases have to do with, and phases of a system of several chips: each lies within one of them,
// which is planned alone.
#pragma once

#include <vector>

#include "ipusim/config/tile_names.hpp"
#include "ipusim/exchange_planner/phase.hpp"

namespace ipusim::exchange_planner {

// All that send or receive in the phase, ascending.
std::vector<TileIndex> tiles_of(const Phase& phase);

// The chip that all tiles of the phase are on. Throws config::ConfigError with the phase's place if they are
// on several, or if the phase names none.
ChipIndex chip_of(const Phase& phase, const config::TileNames& names);

// The phase as its chip's planner takes it: tiles by their number in the chip.
Phase within_chip(Phase phase, const config::TileNames& names);

}  // namespace ipusim::exchange_planner
