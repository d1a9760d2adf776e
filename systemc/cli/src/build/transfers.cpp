#include "ipusim/cli/build/transfers.hpp"

#include <fmt/format.h>

#include "ipusim/cli/data/distribution.hpp"

namespace ipusim::cli {
namespace {

// Where `bytes` bytes from symbol + offset stand in a tile.
ByteAddr locate(const config::ConfigNode& where, const toolchain::Image& image, TileIndex tile,
                const std::string& name, std::uint32_t offset, std::uint64_t bytes) {
  const toolchain::Symbol* symbol = nullptr;
  try {
    symbol = &image.symbol(name);
  } catch (const toolchain::ToolError& error) {
    throw where.at("symbol").error(error.what());
  }
  const std::string what =
      fmt::format("{} bytes at {}{}", bytes, name, offset == 0 ? "" : fmt::format("+{}", offset));
  const std::uint64_t end = std::uint64_t{offset} + bytes;
  if (symbol->size != 0 && end > symbol->size) {
    throw where.error(
        fmt::format("{} on tile {}: the symbol has only {} bytes", what, tile.value(), symbol->size));
  }
  const isa::ArchInfo& map = isa::arch_info(image.arch);
  if (symbol->value < map.memory_base || symbol->value + end > map.memory_end) {
    throw where.error(fmt::format("{} = {:#x} on tile {} are not within its memory, {:#x} to {:#x}", what,
                                  symbol->value, tile.value(), map.memory_base, map.memory_end));
  }
  return ByteAddr{symbol->value + offset};
}

}  // namespace

std::vector<MemoryLoad> plan_loads(const Program& program, const std::vector<toolchain::Image>& images) {
  std::vector<MemoryLoad> result;
  for (const LoadSpec& load : program.loads) {
    const isa::ArchInfo& map = isa::arch_info(images.at(load.tiles.front().value()).arch);
    auto shares = distribute(load, map.memory_end - map.memory_base);
    for (std::size_t k = 0; k < load.tiles.size(); ++k) {
      const TileIndex tile = load.tiles[k];
      const ByteAddr address =
          locate(load.where, images.at(tile.value()), tile, load.symbol, load.offset, shares[k].size());
      result.push_back({tile, address, std::move(shares[k])});
    }
  }
  return result;
}

std::vector<MemoryArea> plan_read(const ReadSpec& read, const std::vector<toolchain::Image>& images) {
  std::vector<MemoryArea> result;
  const std::uint64_t bytes = std::uint64_t{read.count} * size_of(read.type);
  for (const TileIndex tile : read.tiles) {
    const ByteAddr address =
        locate(read.where, images.at(tile.value()), tile, read.symbol, read.offset, bytes);
    result.push_back({tile, address, static_cast<std::uint32_t>(bytes)});
  }
  return result;
}

}  // namespace ipusim::cli
