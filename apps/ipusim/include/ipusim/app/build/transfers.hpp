// SPDX-License-Identifier: Apache-2.0
// Entries of `load` and `read` as places in tile memory.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ipusim/config/tile_names.hpp"
#include "ipusim/program/program.hpp"
#include "ipusim/toolchain/image.hpp"

namespace ipusim::app {

using ImagePointer = std::shared_ptr<const toolchain::Image>;
// What each tile runs, by tile index (of the system, as everywhere below); tiles may share an image. None is
// null.
using TileImages = std::vector<ImagePointer>;

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

// The bytes that each entry of `load` has for each of its tiles.
using LoadShares = std::vector<std::vector<std::vector<std::uint8_t>>>;
// Throws ConfigError or InputError: unreadable numbers, more than the memory of a tile of `arch` holds, or
// not as many as can be distributed.
LoadShares read_loads(const program::Program& program, isa::Arch arch);

// Whether what is loaded to and read from a tile finds its place in the tile's image. Throws as plan_loads().
void check_transfers(const program::Program& program, const LoadShares& shares,
                     const config::TileNames& names, TileIndex tile, const toolchain::Image& image);

// All entries of `load`, in the order of the file. shares: from read_loads(). images: by tile index. Throws
// ConfigError: no such symbol, more bytes than the symbol has, or beyond the tile's memory.
std::vector<MemoryLoad> plan_loads(const program::Program& program, LoadShares shares,
                                   const config::TileNames& names, const TileImages& images);

// The area of each tile of one entry of `read`, in tile order. Throws as above.
std::vector<MemoryArea> plan_read(const program::ReadSpec& read, const config::TileNames& names,
                                  const TileImages& images);

}  // namespace ipusim::app
