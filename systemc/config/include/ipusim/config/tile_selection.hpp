// SPDX-License-Identifier: Apache-2.0
// Which tiles: `all`, `3`, `0-7`, or a list of such. Tiles are named by their number in the system file;
// where it has several chips, with the chip's name: `ipu1:all`, `ipu1:0-7`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/config/config_node.hpp"
#include "ipusim/config/tile_names.hpp"

namespace ipusim::config {

// Ascending, each once.
using TileSelection = std::vector<TileIndex>;

// "3" or "0-7", both ends included. Throws ConfigError, without naming a place, for anything else.
std::pair<std::uint32_t, std::uint32_t> parse_range(std::string_view text);

// From a command line: "all", or what is separated by commas. Throws ConfigError, without naming a place, if
// it is malformed, empty, names a tile twice, or one the system does not have.
TileSelection parse_tile_selection(std::string_view text, const TileNames& names);

// From a file: the same as a scalar, or as a list. Throws ConfigError.
TileSelection read_tile_selection(const ConfigNode& node, const TileNames& names);

// "0-3, 9", or "ipu0:0-3, ipu1:9": for messages and reports.
std::string to_string(const TileSelection& tiles, const TileNames& names);
// The same within a chip.
std::string to_string(const TileSelection& tiles);

}  // namespace ipusim::config
