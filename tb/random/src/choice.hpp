// SPDX-License-Identifier: Apache-2.0
// Random choices, and operands of instructions among them.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "ipusim/isa/isa.hpp"
#include "ipusim/random/family.hpp"

namespace ipusim::random {

class Choice {
 public:
  explicit Choice(std::uint64_t seed) : engine_(seed) {}
  std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(engine_() % n); }
  bool one_in(std::uint32_t n) { return pick(n) == 0; }
  std::uint32_t bits() { return static_cast<std::uint32_t>(engine_()); }
  template <class T>
  const T& of(std::span<const T> items) {
    return items[pick(static_cast<std::uint32_t>(items.size()))];
  }
  template <class T, std::size_t n>
  const T& of(const T (&items)[n]) {
    return items[pick(n)];
  }

  // An integer at the end of some range.
  std::uint32_t corner();
  // $m0..$m6, seldom one whose writes are dropped. Pairs are even.
  std::uint32_t written_m() { return one_in(8) ? 12 + pick(4) : pick(7); }
  std::uint32_t register_for(const isa::Operand& operand);
  std::uint32_t immediate_for(const isa::Instruction& instruction, const isa::Operand& operand);
  // Any operand that is no address.
  std::uint32_t operand_for(const isa::Instruction& instruction, const isa::Operand& operand);
  std::vector<std::uint32_t> operands_for(const isa::Instruction& instruction);

 private:
  std::mt19937_64 engine_;
};

constexpr bool is_register(isa::OperandClass cls) { return cls <= isa::OperandClass::Broadcast; }
// Bytes one access of a load or store moves, by its mnemonic.
std::uint32_t access_bytes(const isa::Instruction& instruction);
// $a registers a word writes, as a mask.
std::uint32_t written_a(std::uint32_t word);

// The usable instructions of a lane that a program may hold anywhere, by family.
class Pool {
 public:
  // supervisor: what the supervisor executes, main lane only; else what workers execute.
  Pool(isa::Lane lane, bool supervisor, const Weights& weights, isa::Arch arch);
  // By weight of the family; never control, system, or instructions with several accesses.
  const isa::Instruction& draw(Choice& choice) const;

 private:
  std::array<std::vector<const isa::Instruction*>, family_count> by_family_;
  std::array<unsigned, family_count> weight_{};
  unsigned total_ = 0;
};

}  // namespace ipusim::random
