// SPDX-License-Identifier: Apache-2.0
// Instruction words to decode, and what isa/*.isa says of them: the expectation of every decoder.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <random>
#include <string>

#include "ipusim/isa/isa.hpp"
#include "isa_lines.hpp"

namespace ipusim::decode_fuzz {

using Word = std::uint32_t;
using isa::test::IsaLine;
inline constexpr Word coissue_bit = 0x80000000U;

// Words a context finds at its PC. The second counts in bundles and two-word instructions, if there is one.
struct Place {
  std::array<Word, 2> words{};
  bool supervisor = false;
  bool odd = false;   // the first word is the upper one of its row
  bool last = false;  // and of executable memory: there is no second one
  isa::Arch arch = isa::Arch::ipu2;
};
std::string text_of(const Place& place);

enum class Verdict : std::uint8_t { executes, misaligned, cut_off, illegal, wrong_mode, illegal_bundle };

struct Expectation {
  Verdict verdict = Verdict::illegal;
  const IsaLine* line = nullptr;  // of the first word, of any mode and architecture; null if there is none
};
// Read off the instruction files. Halves that write the same registers do not count: that is no matter of
// decoding. A failed test if a word fits two lines.
Expectation expectation_of(const Place& place);

// Every word, co-issue bit 0, of the bits that tell instructions with the same bits 30..24 apart, the other
// bits random.
void for_each_opcode(unsigned seed, const std::function<void(Word)>& visit);

// A word of the line with random operands, pairs and quads aligned; co-issue bit 0 unless the line fixes it.
std::array<Word, 2> random_operands(const IsaLine& line, std::mt19937& random);

}  // namespace ipusim::decode_fuzz
