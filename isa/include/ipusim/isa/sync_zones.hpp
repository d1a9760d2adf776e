// SPDX-License-Identifier: Apache-2.0
// The zones of the sync instruction. Every row comes from isa/sync_zones.yaml.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ipusim::isa {

// Who takes part in a zone.
enum class SyncScope : std::uint8_t {
  tile,   // nobody but the tile
  chip,   // every tile of the chip
  system  // every tile of every chip that the zone joins; a chip that is joined to none is alone in it
};

struct SyncZone {
  std::string_view name;           // e.g. "gs1_host"
  unsigned operand;                // of `sync`
  std::optional<unsigned> master;  // operand of the master form, where there is one: the same zone
  SyncScope scope;
  bool host;                 // also waits for the host's grant
  bool released_by_chip;     // else the tile goes on by itself
  std::string_view meaning;  // what a tile in it waits for
};

// `inline constexpr unsigned sync_zone::<name>`: the zone's operand. `sync_zones`: all of them, by rising
// operand.
#include "ipusim/isa/sync_zones.inc"

// The zone that an operand of `sync` names, master form or not; nullptr if there is none.
constexpr const SyncZone* find_sync_zone(unsigned operand) {
  for (const SyncZone& zone : sync_zones)
    if (zone.operand == operand || zone.master == operand) return &zone;
  return nullptr;
}

// Whether the tile by itself lets its supervisor go on. Operands without a zone are the chip's to refuse.
constexpr bool released_by_tile(unsigned operand) {
  const SyncZone* zone = find_sync_zone(operand);
  return zone != nullptr && !zone->released_by_chip;
}
// Whether no other tile takes part.
constexpr bool of_one_tile(unsigned operand) {
  const SyncZone* zone = find_sync_zone(operand);
  return zone != nullptr && zone->scope == SyncScope::tile;
}

}  // namespace ipusim::isa
