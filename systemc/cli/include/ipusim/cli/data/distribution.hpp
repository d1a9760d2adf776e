// Numbers of an entry of `load` as bytes for each of its tiles.
#pragma once

#include <cstdint>
#include <vector>

#include "ipusim/cli/program/program.hpp"

namespace ipusim::cli {

// One byte vector per tile of load.tiles, in their order. Throws InputError or ConfigError: unreadable file,
// a text that is no number of the type, lines that cannot be split evenly.
std::vector<std::vector<std::uint8_t>> distribute(const LoadSpec& load);

}  // namespace ipusim::cli
