// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/build/transfers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ipusim/program/distribution.hpp"

namespace ipusim::app {
namespace {

// Where `bytes` bytes of an entry of `load` or `read` stand in a tile.
template <class Spec>
ByteAddr locate(const Spec& spec, const toolchain::Image& image, const std::string& tile,
                std::uint64_t bytes) {
  const toolchain::Symbol* symbol = nullptr;
  try {
    symbol = &image.symbol(spec.symbol);
  } catch (const toolchain::ToolError& error) {
    throw spec.symbol_where.error(error.what());
  }
  const std::string what = fmt::format("{} bytes at {}{}", bytes, spec.symbol,
                                       spec.offset == 0 ? "" : fmt::format("+{}", spec.offset));
  const std::uint64_t end = std::uint64_t{spec.offset} + bytes;
  if (symbol->size != 0 && end > symbol->size) {
    throw spec.where.error(
        fmt::format("{} on tile {}: the symbol has only {} bytes", what, tile, symbol->size));
  }
  const isa::ArchInfo& map = isa::arch_info(image.arch);
  if (symbol->value < map.memory_base || symbol->value + end > map.memory_end) {
    throw spec.where.error(fmt::format("{} = {:#x} on tile {} are not within its memory, {:#x} to {:#x}",
                                       what, symbol->value, tile, map.memory_base, map.memory_end));
  }
  return ByteAddr{symbol->value + spec.offset};
}

// On each tile.
std::uint64_t bytes_of(const program::ReadSpec& read) {
  return std::uint64_t{read.count} * size_of(read.type);
}

}  // namespace

LoadShares read_loads(const program::Program& program, isa::Arch arch) {
  const isa::ArchInfo& map = isa::arch_info(arch);
  LoadShares result;
  for (const program::LoadSpec& load : program.loads) {
    result.push_back(program::distribute(load, map.memory_end - map.memory_base));
  }
  return result;
}

void check_transfers(const program::Program& program, const LoadShares& shares,
                     const config::TileNames& names, TileIndex tile, const toolchain::Image& image) {
  for (std::size_t i = 0; i < program.loads.size(); ++i) {
    const program::LoadSpec& load = program.loads[i];
    const auto found = std::lower_bound(load.tiles.begin(), load.tiles.end(), tile);
    if (found == load.tiles.end() || *found != tile) continue;
    const auto& share = shares.at(i).at(static_cast<std::size_t>(found - load.tiles.begin()));
    locate(load, image, names.name(tile), share.size());
  }
  for (const program::ReadSpec& read : program.reads) {
    if (!std::binary_search(read.tiles.begin(), read.tiles.end(), tile)) continue;
    locate(read, image, names.name(tile), bytes_of(read));
  }
}

std::vector<MemoryLoad> plan_loads(const program::Program& program, LoadShares shares,
                                   const config::TileNames& names, const TileImages& images) {
  std::vector<MemoryLoad> result;
  for (std::size_t i = 0; i < program.loads.size(); ++i) {
    const program::LoadSpec& load = program.loads[i];
    for (std::size_t k = 0; k < load.tiles.size(); ++k) {
      const TileIndex tile = load.tiles[k];
      auto& share = shares.at(i).at(k);
      const ByteAddr address = locate(load, *images.at(tile.value()), names.name(tile), share.size());
      result.push_back({tile, address, std::move(share)});
    }
  }
  return result;
}

std::vector<MemoryArea> plan_read(const program::ReadSpec& read, const config::TileNames& names,
                                  const TileImages& images) {
  std::vector<MemoryArea> result;
  const std::uint64_t bytes = bytes_of(read);
  for (const TileIndex tile : read.tiles) {
    const ByteAddr address = locate(read, *images.at(tile.value()), names.name(tile), bytes);
    result.push_back({tile, address, static_cast<std::uint32_t>(bytes)});
  }
  return result;
}

}  // namespace ipusim::app
