// SPDX-License-Identifier: Apache-2.0
// Instructions by what they exercise, and how often each kind shall be drawn.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ipusim/isa/isa.hpp"

namespace ipusim::random {

enum class Family : std::uint8_t {
  integer,  // main lane, registers only
  bits,     // aux lane on raw bits: logic, permutes, setzi
  memory,   // loads and stores of one access
  pace,     // several accesses in one instruction, tapack
  f32,
  f16,
  f8,
  accumulate,  // accumulators, AMP, SLIC
  function,    // division, roots, transcendentals
  random,      // generators and masks
  control,
  csr,         // get, put, uget, uput
  supervisor,  // launches, syncs, coefficient loads, trap
  exchange     // delay*, send*
};
inline constexpr std::size_t family_count = 14;

std::string_view name(Family family);
Family family_of(const isa::Instruction& instruction);

// Whether the random programs of an architecture use it: both tile models execute it there.
bool usable(const isa::Instruction& instruction, isa::Arch arch);
bool usable(const isa::Csr& csr, isa::Arch arch);

// Relative frequencies; 0 leaves a family out. Instructions of loops and launches are used nevertheless.
struct Weights {
  std::array<unsigned, family_count> of;
  Weights();
  unsigned& operator[](Family f) { return of[static_cast<std::size_t>(f)]; }
  unsigned operator[](Family f) const { return of[static_cast<std::size_t>(f)]; }
};
// "f16=4,memory=0": the named families change, the others keep their weight.
// Throws std::invalid_argument for an unknown family or something that is no weight (0..1000).
Weights parse_weights(std::string_view text);

}  // namespace ipusim::random
