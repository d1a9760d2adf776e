// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/build/exchange_buffers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ipusim/base/input_error.hpp"
#include "ipusim/config/nearest_name.hpp"

namespace ipusim::app {

using exchange_planner::Side;

ExchangeBuffers::ExchangeBuffers(const std::vector<exchange_planner::Phase>& phases,
                                 const config::TileNames& names)
    : names_(names), uses_(names.size()) {
  for (const auto& phase : phases) {
    for (auto& use : exchange_planner::buffer_uses(phase)) {
      uses_.at(use.tile.value()).push_back({phase.name, std::move(use)});
    }
  }
}

std::string ExchangeBuffers::Use::place() const {
  return buffer.where.empty() ? std::string{} : buffer.where.place_and_key() + ": ";
}

void ExchangeBuffers::require_symbols(TileIndex tile, const std::vector<std::string>& known) const {
  for (const Use& use : uses_.at(tile.value())) {
    const std::string& name = use.buffer.symbol;
    // The linker has names of its own, all with underscores.
    if (name.starts_with("__") || std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto nearest = config::nearest_name(name, known);
    throw InputError(fmt::format("{}phase '{}': the image of tile {} has no global symbol '{}'{}",
                                 use.place(), use.phase, names_.name(tile), name,
                                 nearest ? fmt::format("; did you mean '{}'?", *nearest) : std::string{}));
  }
}

void ExchangeBuffers::check(TileIndex tile, const toolchain::Image& image) const {
  const isa::ArchInfo& map = isa::arch_info(image.arch);
  for (const Use& entry : uses_.at(tile.value())) {
    const auto& [phase, use] = entry;
    const toolchain::Symbol& symbol = image.symbol(use.symbol);
    const std::string what =
        fmt::format("{}phase '{}' needs {} bytes at '{}' of tile {} to {}", entry.place(), phase, use.bytes,
                    use.symbol, names_.name(tile), use.side == Side::source ? "send from" : "receive into");
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
