// Entries of `load` and `read` as places in tile memory.
#pragma once

#include <cstdint>
#include <vector>

#include "ipusim/cli/program/program.hpp"
#include "ipusim/config/config_node.hpp"
#include "ipusim/toolchain/image.hpp"

namespace ipusim::cli {

struct MemoryLoad {
  TileIndex tile;
  ByteAddr address;
  std::vector<std::uint8_t> bytes;
};

struct MemoryArea {
  TileIndex tile;
  ByteAddr address;
  std::uint32_t bytes = 0;
};

// All entries of `load`, in the order of the file. images: by tile index. Throws ConfigError or InputError:
// unreadable numbers, no such symbol, more bytes than the symbol has, or beyond the tile's memory.
std::vector<MemoryLoad> plan_loads(const Program& program, const std::vector<toolchain::Image>& images);

// The area of each tile of one entry of `read`, in tile order. Throws as above.
std::vector<MemoryArea> plan_read(const ReadSpec& read, const std::vector<toolchain::Image>& images);

}  // namespace ipusim::cli
