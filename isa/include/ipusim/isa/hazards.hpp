// SPDX-License-Identifier: Apache-2.0
// Hazards of the exchange. Enumerators and rows come from isa/hazards.yaml.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ipusim::isa {

// Things that hardware would answer with corrupted data or an exchange exception. Reported, never silent; the
// chip decides whether one ends the run.
enum class HazardKind : std::uint8_t;

// Who notices one.
enum class HazardFinder : std::uint8_t {
  tile,
  chip  // the exchange around the tiles
};

struct HazardInfo {
  std::string_view name;  // the enumerator's
  HazardKind kind;
  HazardFinder found_by;
  // ERERR of CTXT_STS where a tile can stop for it with an exchange error; 0: it cannot. Of several in one
  // cycle the lowest counts.
  unsigned code;
  std::string_view policy;   // the key under `hazards` in a system file that says what becomes of it
  std::string_view meaning;  // what happened
};

// The enumerators and `hazards`, by number.
#include "ipusim/isa/hazards.inc"

constexpr const HazardInfo& info_of(HazardKind kind) { return hazards[static_cast<std::size_t>(kind)]; }

// The enumerator's own name; "unknown" for numbers that are none.
constexpr std::string_view name_of(HazardKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  return number < hazards.size() ? hazards[number].name : "unknown";
}

}  // namespace ipusim::isa
