// One number for many bytes.
#pragma once

#include <string>
#include <string_view>

#include "ipusim/chip/chip_model.hpp"

namespace ipusim::app {

// SHA-256 in hexadecimal.
std::string sha256(std::string_view bytes);
// SHA-256 over the whole memory of every tile, in the order of tile indices, in hexadecimal.
std::string memory_sha256(const chip::ChipModel& chip);

}  // namespace ipusim::app
