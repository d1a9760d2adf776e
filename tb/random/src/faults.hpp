// Instructions that except, each for a reason of its own.
#pragma once

#include "choice.hpp"
#include "ipusim/random/sequence.hpp"

namespace ipusim::random {

// One fault other than of a memory access; some leave the tile running. The mode is the context's.
void add_fault(Choice& choice, Sequence& code, isa::Mode mode, const isa::ArchInfo& map);

// A word that is mostly an instruction, sometimes with a flipped bit.
std::uint32_t random_word(Choice& choice, isa::Mode mode, std::uint32_t previous, bool second);

// Whether both tile models execute what the word may stand for, or neither does.
bool executed_alike(std::uint32_t word);

}  // namespace ipusim::random
