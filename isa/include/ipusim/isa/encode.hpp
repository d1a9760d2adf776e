// SPDX-License-Identifier: Apache-2.0
// From an instruction and its operands to words: the inverse of Operand::value().
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ipusim/isa/isa.hpp"

namespace ipusim::isa {

using Words = std::array<std::uint32_t, 2>;  // the second is 0 for one-word instructions

// The words with one operand replaced; the co-issue bit stays. `value` as Operand::value() gives it.
// Throws std::invalid_argument if the operand does not hold the value.
Words with_operand(const Operand& operand, Words words, std::uint32_t value);

// `values` are op0, op1, ...: register numbers, extended immediates, byte addresses for branch targets.
// Throws std::invalid_argument on a wrong number of operands or a value that does not fit.
Words encode(const Instruction& instruction, std::span<const std::uint32_t> values);

}  // namespace ipusim::isa
