// SPDX-License-Identifier: Apache-2.0
// Builds programs from the instruction tables: word("add_mmmn", {d, s0, s1}) encodes by the operand slices of
// isa/*.isa, so tests need no assembler.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ipusim/isa/isa.hpp"

namespace ipusim::tile_test {

inline const isa::Instruction& by_id(std::string_view id) {
  for (const isa::Instruction& i : isa::all_instructions()) {
    if (i.id == id) return i;
  }
  throw std::invalid_argument("no instruction " + std::string{id});
}

// Operand values are raw fields: register numbers, unsigned or two's complement immediates, word numbers for
// branch targets.
inline std::vector<std::uint32_t> words(std::string_view id, std::initializer_list<std::int64_t> operands) {
  const isa::Instruction& info = by_id(id);
  if (operands.size() != info.operands.size())
    throw std::invalid_argument("operand count of " + std::string{id});
  std::vector<std::uint32_t> result(info.words, 0);
  result[0] = info.match;
  auto value = operands.begin();
  for (const isa::Operand& operand : info.operands) {
    const auto field = static_cast<std::uint32_t>(*value++);
    for (unsigned s = 0; s < operand.slice_count; ++s) {
      const isa::BitSlice& slice = operand.slices[s];
      const std::uint32_t bits = (field >> slice.value_lsb) & ((1U << slice.width) - 1U);
      result[slice.word] |= bits << slice.word_lsb;
    }
  }
  return result;
}

// A growing piece of code at a fixed address.
class Program {
 public:
  explicit Program(std::uint32_t base) : base_(base) {}

  Program& op(std::string_view id, std::initializer_list<std::int64_t> operands = {}) {
    for (const std::uint32_t w : words(id, operands)) code_.push_back(w);
    return *this;
  }
  Program& bundle(const std::vector<std::uint32_t>& main, const std::vector<std::uint32_t>& aux) {
    code_.push_back(main.at(0) | 0x80000000U);
    code_.push_back(aux.at(0) | 0x80000000U);
    return *this;
  }
  Program& raw(std::uint32_t word) {
    code_.push_back(word);
    return *this;
  }
  Program& nop() { return op("setzi_mmmn_zi", {14, 0}); }
  Program& align8() { return here() % 8 == 0 ? *this : nop(); }
  // $m = value, at most 20 bits.
  Program& set(unsigned m, std::uint32_t value) { return op("setzi_mmmn_zi", {m, value}); }

  std::uint32_t here() const { return base_ + 4 * static_cast<std::uint32_t>(code_.size()); }
  std::uint32_t base() const { return base_; }
  const std::vector<std::uint32_t>& code() const { return code_; }

 private:
  std::uint32_t base_;
  std::vector<std::uint32_t> code_;
};

}  // namespace ipusim::tile_test
