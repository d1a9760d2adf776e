// SPDX-License-Identifier: Apache-2.0
#include "ipusim/isa/encode.hpp"

#include <stdexcept>
#include <string>

namespace ipusim::isa {
namespace {

std::uint32_t field_of(const Operand& operand, std::uint32_t value) {
  switch (operand.cls) {
    case OperandClass::high_immediate:
      return value >> 20U;
    case OperandClass::rel19s2:
    case OperandClass::run:
      return value >> 2U;
    default:
      break;
  }
  return operand.width >= 32 ? value : value & ((1U << operand.width) - 1U);
}

}  // namespace

Words with_operand(const Operand& operand, Words words, std::uint32_t value) {
  const std::uint32_t field = field_of(operand, value);
  for (unsigned i = 0; i < operand.slice_count; ++i) {
    const BitSlice& slice = operand.slices[i];
    const std::uint32_t mask = (slice.width == 32 ? 0U : 1U << slice.width) - 1U;
    std::uint32_t& word = words[slice.word];
    word &= ~(mask << slice.word_lsb);
    word |= ((field >> slice.value_lsb) & mask) << slice.word_lsb;
  }
  if (operand.value(words[0], words[1]) != value) {
    throw std::invalid_argument("operand " + std::string(operand.name) + " does not hold " +
                                std::to_string(value));
  }
  return words;
}

Words encode(const Instruction& instruction, std::span<const std::uint32_t> values) {
  if (values.size() != instruction.operands.size()) {
    throw std::invalid_argument(std::string(instruction.id) + ": wrong number of operands");
  }
  Words words{instruction.match, 0};
  for (std::size_t i = 0; i < values.size(); ++i) {
    try {
      words = with_operand(instruction.operands[i], words, values[i]);
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(std::string(instruction.id) + ": " + error.what());
    }
  }
  return words;
}

}  // namespace ipusim::isa
