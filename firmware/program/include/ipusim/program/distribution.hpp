// SPDX-License-Identifier: Apache-2.0
// Numbers of an entry of `load` as bytes for each of its tiles.
#pragma once

#include <cstdint>
#include <vector>

#include "ipusim/program/program.hpp"

namespace ipusim::program {

// One byte vector per tile of load.tiles, in their order. tile_bytes: of a tile's memory. Throws InputError
// or ConfigError: unreadable file, a text that is no number of the type, more of them than the tiles'
// memories hold, lines that cannot be split evenly.
std::vector<std::vector<std::uint8_t>> distribute(const LoadSpec& load, std::size_t tile_bytes);

}  // namespace ipusim::program
