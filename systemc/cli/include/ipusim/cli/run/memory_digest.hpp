// One number for all that a chip's memories hold.
#pragma once

#include <string>

#include "ipusim/chip/chip.hpp"

namespace ipusim::cli {

// SHA-256 over the whole memory of every tile, in the order of tile indices, in hexadecimal.
std::string memory_sha256(const chip::Chip& chip);

}  // namespace ipusim::cli
