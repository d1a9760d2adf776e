#include "ipusim/app/build/exchange_buffers.hpp"

#include <fmt/format.h>

#include "ipusim/base/input_error.hpp"

namespace ipusim::app {

using exchange_planner::Side;

ExchangeBuffers::ExchangeBuffers(const std::vector<exchange_planner::Phase>& phases, std::size_t tile_count)
    : uses_(tile_count) {
  for (const auto& phase : phases) {
    for (auto& use : exchange_planner::buffer_uses(phase)) {
      uses_.at(use.tile.value()).push_back({phase.name, std::move(use)});
    }
  }
}

void ExchangeBuffers::check(TileIndex tile, const toolchain::Image& image) const {
  const isa::ArchInfo& map = isa::arch_info(image.arch);
  for (const auto& [phase, use] : uses_.at(tile.value())) {
    const toolchain::Symbol& symbol = image.symbol(use.symbol);
    const std::string place = use.where.empty() ? std::string{} : use.where + ": ";
    const std::string what =
        fmt::format("{}phase '{}' needs {} bytes at '{}' of tile {} to {}", place, phase, use.bytes,
                    use.symbol, tile.value(), use.side == Side::source ? "send from" : "receive into");
    if (symbol.size != 0 && use.bytes > symbol.size) {
      throw InputError(fmt::format("{}; the symbol has only {}", what, symbol.size));
    }
    if (symbol.value < map.memory_base || symbol.value + use.bytes > map.memory_end) {
      throw InputError(fmt::format("{}; from {:#x} on they are not within its memory, {:#x} to {:#x}", what,
                                   symbol.value, map.memory_base, map.memory_end));
    }
  }
}

}  // namespace ipusim::app
