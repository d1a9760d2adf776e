// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/phase_chips.hpp"

#include <fmt/format.h>

#include <set>

namespace ipusim::exchange_planner {
namespace {

// Calls use(tile) for every place where the phase names a tile.
template <class AnyPhase, class Use>
void for_tiles(AnyPhase& phase, const Use& use) {
  const auto list = [&](auto& tiles) {
    for (auto& tile : tiles) use(tile);
  };
  if (auto* gather = std::get_if<AllGather>(&phase.pattern)) {
    list(gather->tiles);
  } else if (auto* all = std::get_if<AllToAll>(&phase.pattern)) {
    list(all->tiles);
  } else {
    for (auto& message : std::get<Messages>(phase.pattern).messages) {
      use(message.from);
      list(message.to);
    }
  }
}

}  // namespace

ChipIndex chip_of(const Phase& phase, const config::TileNames& names) {
  if (names.chips() == 1) return ChipIndex{0};
  std::set<ChipIndex> chips;
  for_tiles(phase, [&](TileIndex tile) { chips.insert(names.ref(tile).chip); });
  if (chips.empty()) throw phase.where.error(fmt::format("phase '{}' names no tiles", phase.name));
  if (chips.size() > 1) {
    throw phase.where.error(fmt::format(
        "phase '{}' has tiles of {} and of {}: exchange across chips is not modelled yet; make it "
        "a phase for each chip",
        phase.name, names.chip(*chips.begin()).name, names.chip(*chips.rbegin()).name));
  }
  return *chips.begin();
}

Phase within_chip(Phase phase, const config::TileNames& names) {
  for_tiles(phase, [&](TileIndex& tile) { tile = names.ref(tile).tile; });
  return phase;
}

}  // namespace ipusim::exchange_planner
