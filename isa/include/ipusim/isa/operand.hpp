// SPDX-License-Identifier: Apache-2.0
// Operands and their place in the instruction word: the part of the instruction set's vocabulary that the
// generator shares with the generated tables.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ipusim::isa {

enum class Lane : std::uint8_t { main, aux };
enum class Mode : std::uint8_t { both, worker, supervisor };
enum class Arch : std::uint8_t { ipu1 = 1, ipu2 = 2, ipu21 = 4 };  // bits of Instruction::arch_mask

enum class OperandClass : std::uint8_t {
  MR,
  MRPair,
  AR,
  ARPair,
  ARQuad,
  BroadcastLower,
  BroadcastUpper,
  Broadcast,
  unsigned_immediate,  // imm<N>zi, and timed counts
  signed_immediate,    // imm<N>si
  high_immediate,      // imm12iz: value = field << 20
  rel8,
  rel16,
  rel20,    // literal or symbol
  rel19s2,  // word number, or symbol >> 2
  run       // 16-bit word offset from the memory base
};
enum class Direction : std::uint8_t { in, out, inout };
enum class PostModify : std::uint8_t {
  none,
  increment /* ++ */,
  add /* += */,
  shift /* >> */,
  delta /* @ */
};

// `width` bits of the operand's field from bit `value_lsb` stand at bit `word_lsb` of word `word`.
struct BitSlice {
  std::uint8_t word;
  std::uint8_t word_lsb;
  std::uint8_t width;
  std::uint8_t value_lsb;
};

struct Operand {
  std::string_view name;  // as in the assembly form: op0, op1, ...
  OperandClass cls;
  Direction direction;
  PostModify post;
  std::uint8_t width;  // bits of the field
  std::uint8_t slice_count;
  std::array<BitSlice, 4> slices;
  // The raw field, zero-extended, gathered from the instruction words.
  constexpr std::uint32_t field(std::uint32_t word0, std::uint32_t word1 = 0) const {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < slice_count; ++i) {
      const BitSlice& s = slices[i];
      const std::uint32_t w = s.word == 0 ? word0 : word1;
      value |= ((w >> s.word_lsb) & ((s.width == 32 ? 0U : (1U << s.width)) - 1U)) << s.value_lsb;
    }
    return value;
  }
  // The 32-bit value the instruction works with: sign-, zero- or high-extended; register number for
  // registers; byte address for rel19s2; byte offset for run.
  constexpr std::uint32_t value(std::uint32_t word0, std::uint32_t word1 = 0) const;
};

constexpr std::uint32_t Operand::value(std::uint32_t word0, std::uint32_t word1) const {
  const std::uint32_t f = field(word0, word1);
  switch (cls) {
    case OperandClass::signed_immediate: {
      const std::uint32_t sign = 1U << (width - 1U);
      return (f ^ sign) - sign;
    }
    case OperandClass::high_immediate:
      return f << 20U;
    case OperandClass::rel19s2:
      return (f & 0x7FFFFU) << 2U;
    case OperandClass::run:
      return f << 2U;
    default:
      return f;
  }
}

}  // namespace ipusim::isa
