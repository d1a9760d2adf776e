// SPDX-License-Identifier: Apache-2.0
// Instructions that except, each for a reason of its own.
#pragma once

#include <array>

#include "choice.hpp"
#include "ipusim/random/sequence.hpp"

namespace ipusim::random {

// One fault other than of a memory access; some leave the tile running. The mode is the context's.
void add_fault(Choice& choice, Sequence& code, isa::Mode mode, const isa::ArchInfo& map);

// What executable memory ends with: a bundle across two rows and the first word of one that is cut off, or
// parts of them. Faults branch there.
inline constexpr std::size_t words_at_end_of_code = 3;
std::array<std::uint32_t, words_at_end_of_code> make_end_of_code(Choice& choice);

// A word that is mostly an instruction, sometimes with a flipped bit.
std::uint32_t random_word(Choice& choice, isa::Mode mode, std::uint32_t previous, bool second);

// Whether both tile models execute what the word may stand for, or neither does.
bool executed_alike(std::uint32_t word);

}  // namespace ipusim::random
