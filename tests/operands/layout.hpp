// SPDX-License-Identifier: Apache-2.0
// Which registers an instruction's operands name, and register values that make its accesses good ones.
#pragma once

#include <random>
#include <vector>

#include "experiment.hpp"

namespace ipusim::operands {

bool is_register(const isa::Operand& operand);
bool in_m_file(const isa::Operand& operand);
unsigned span_of(const isa::Operand& operand);  // registers it names
bool reads(const isa::Operand& operand);
bool writes(const isa::Operand& operand);
// Registers of the file that hold something.
unsigned live_registers(const isa::Operand& operand);

// How an instruction makes addresses of its operands.
enum class Addressing : std::uint8_t {
  none,
  sum,     // base + delta, plus offset times the size of the access
  single,  // stm32step: one register
  several  // several accesses in different elements: registers of fixed roles
};
Addressing addressing_of(const isa::Instruction& instruction);
// Whether relations between executions can say something of the instruction; not of those that end or repeat
// code, or of CSRs that this suite cannot name for all.
bool is_covered(const isa::Instruction& instruction);

// Operands in registers of which no two overlap, immediates at random; the registers hold something.
Step distinct_operands(const isa::Instruction& instruction, std::mt19937& random);
// Whether operands i and j name a register in common.
bool overlap(const Step& step, std::size_t i, std::size_t j);

// Register values at random, many of them special numbers, with addresses where the step needs them. Nothing
// if its registers cannot make a good address.
std::optional<std::array<State, workers>> states_for(const Step& step, std::mt19937& random);

}  // namespace ipusim::operands
