// SPDX-License-Identifier: Apache-2.0
// One number for many bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ipusim/chip/chip_model.hpp"

namespace ipusim::app {

// SHA-256 in hexadecimal.
std::string sha256(std::string_view bytes);
// SHA-256 over the whole memory of every tile, chip after chip, in the order of tile indices, in hexadecimal.
std::string memory_sha256(const std::vector<const chip::ChipModel*>& chips);

}  // namespace ipusim::app
