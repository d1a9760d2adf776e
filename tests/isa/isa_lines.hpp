// SPDX-License-Identifier: Apache-2.0
// A second, independent reading of isa/*.isa: id, bit patterns, operand layouts, lane, mode and
// architectures, straight from the text. What the generated tables say is compared with it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ipusim::isa::test {

// Where one bit of an operand's field stands.
struct BitPlace {
  unsigned operand;    // 0 = op0
  unsigned value_bit;  // of the field
  unsigned word;       // 0 or 1
  unsigned bit;        // of the word
};

struct IsaLine {
  std::string id;
  std::string mnemonic;
  std::vector<std::string> patterns;  // 32 characters each, bit 31 first
  std::vector<BitPlace> bits;         // of all operands
  unsigned operand_count = 0;
  std::vector<unsigned>
      spans;  // per operand: registers it names, which its number must be a multiple of; else 1
  std::vector<bool> writes_a;  // per operand: an auxiliary register, written
  bool aux = false;            // lane
  bool coissue = false;
  bool worker = false, supervisor = false;
  std::vector<std::string> archs;

  // Bits of the first word that are fixed, the co-issue bit not among them.
  std::uint32_t mask = 0;
  std::uint32_t match = 0;

  bool matches(std::uint32_t word) const { return (word & mask) == match; }
  // The words with the given operand fields; co-issue bit 0.
  std::array<std::uint32_t, 2> encode(const std::vector<std::uint32_t>& fields) const;
  // The operand's field, gathered from the words.
  std::uint32_t field(unsigned operand, const std::array<std::uint32_t, 2>& words) const;
  bool aligned(const std::array<std::uint32_t, 2>& words) const;
  bool on(std::string_view arch) const;
  // Bits of the operand's field that stand in the word.
  std::uint32_t field_bits(unsigned operand) const;
};

// All lines of vertex.isa and exchange.isa, in order. Throws std::runtime_error if a file cannot be read.
const std::vector<IsaLine>& isa_lines();

}  // namespace ipusim::isa::test
