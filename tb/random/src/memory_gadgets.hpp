// SPDX-License-Identifier: Apache-2.0
// Memory accesses: nearly all of them good, some at the borders, some bad on purpose.
#pragma once

#include "choice.hpp"
#include "ipusim/random/sequence.hpp"

namespace ipusim::random {

// Registers of fixed roles in random programs. $m0..$m6 are free for anything; delta and offset hold
// multiples of 16, so that any access through them is aligned.
namespace role {
inline constexpr std::uint32_t packed = 4, delta_pointer = 4, deltas = 5,
                               stride = 6;  // within pace groups only
inline constexpr std::uint32_t counter = 7, data = 8, wide_data = 9, delta = 10, offset = 11, zero = 15;
}  // namespace role

struct DataPlaces {
  std::uint32_t data;       // region 0
  std::uint32_t wide_data;  // region 1
  const isa::ArchInfo* map;
};

// A plain access through the roles; one in `careless` is left to chance.
std::uint32_t random_access(Choice& choice, const isa::Instruction& instruction, std::uint32_t careless);

// Sets $m3 and accesses it: at a border of regions, elements or memory, or (bad) misaligned, outside memory
// or in the wrong region.
void add_border_access(Choice& choice, Sequence& code, const isa::Instruction& instruction,
                       const isa::ArchInfo& map, bool bad);

// Prepares registers, and gives the word of an instruction with several accesses, in different elements, or
// (bad) in one element.
std::uint32_t prepare_pace(Choice& choice, Sequence& code, const isa::Instruction& instruction,
                           const DataPlaces& places, bool bad);

}  // namespace ipusim::random
