// SPDX-License-Identifier: Apache-2.0
// Builds tile programs from the isa tables, without the toolchain: what a test executes is what it spells
// out.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::tile::test {

using isa::Opcode;
using Word = std::uint32_t;

// The word(s) of an instruction; `values` are op0, op1, ... as Operand::value() gives them: register numbers,
// extended immediates, byte addresses for branch targets. The second word is 0 for one-word instructions.
// Throws std::invalid_argument on a wrong number of operands or a value that does not fit.
struct Encoded {
  Word first = 0;
  Word second = 0;
};
Encoded encode(Opcode opcode, std::initializer_list<std::uint32_t> values);

// A program under construction, at rising addresses.
class Program {
 public:
  explicit Program(ByteAddr base) : base_(base) {}

  // The address of the next word.
  ByteAddr here() const { return base_ + static_cast<std::uint32_t>(4 * words_.size()); }
  ByteAddr base() const { return base_; }
  const std::vector<Word>& words() const { return words_; }

  // Each returns the address of what it added.
  ByteAddr add(Opcode opcode, std::initializer_list<std::uint32_t> values);
  ByteAddr add_word(Word word);
  // A bundle: both words with the co-issue bit.
  ByteAddr add_bundle(Encoded main, Encoded aux);
  // setzi and, if needed, or: any 32-bit constant into an M register.
  ByteAddr set_m(unsigned m, std::uint32_t value);
  // nop words up to a multiple of `alignment`.
  void align(std::uint32_t alignment);

 private:
  ByteAddr base_;
  std::vector<Word> words_;
};

inline constexpr Word coissue_bit = 0x80000000U;
// setzi $m14, 0 and setzi $a13, 0: write nothing.
Encoded nop();
Encoded fnop();

}  // namespace ipusim::tile::test
