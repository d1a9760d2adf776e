// Which tiles: `all`, `3`, `0-7`, or a list of such. Tiles are named by their index in the system file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/config/config_node.hpp"

namespace ipusim::config {

// Ascending, each once.
using TileSelection = std::vector<TileIndex>;

// "3" or "0-7", both ends included. Throws ConfigError, without naming a place, for anything else.
std::pair<std::uint32_t, std::uint32_t> parse_range(std::string_view text);

// From a command line: "all", or numbers and ranges with commas between. Throws ConfigError, without naming a
// place, if it is malformed, empty, names a tile twice, or one the system of `tile_count` tiles does not
// have.
TileSelection parse_tile_selection(std::string_view text, std::size_t tile_count);

// From a file: the same as a scalar, or as a list. Throws ConfigError.
TileSelection read_tile_selection(const ConfigNode& node, std::size_t tile_count);

// "0-3, 9": for messages and reports.
std::string to_string(const TileSelection& tiles);

}  // namespace ipusim::config
