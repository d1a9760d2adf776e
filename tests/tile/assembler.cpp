#include "assembler.hpp"

#include <stdexcept>
#include <string>

namespace ipusim::tile::test {

namespace {

std::uint32_t field_of(const isa::Operand& operand, std::uint32_t value) {
  switch (operand.cls) {
    case isa::OperandClass::high_immediate:
      return value >> 20U;
    case isa::OperandClass::rel19s2:
    case isa::OperandClass::run:
      return value >> 2U;
    default:
      break;
  }
  return operand.width >= 32 ? value : value & ((1U << operand.width) - 1U);
}

}  // namespace

Encoded encode(Opcode opcode, std::initializer_list<std::uint32_t> values) {
  const isa::Instruction& instruction = isa::instruction(opcode);
  if (values.size() != instruction.operands.size()) {
    throw std::invalid_argument(std::string(instruction.id) + ": wrong number of operands");
  }
  Encoded word{instruction.match, 0};
  const std::uint32_t* value = values.begin();
  for (const isa::Operand& operand : instruction.operands) {
    const std::uint32_t field = field_of(operand, *value);
    for (unsigned i = 0; i < operand.slice_count; ++i) {
      const isa::BitSlice& slice = operand.slices[i];
      const std::uint32_t bits = (field >> slice.value_lsb) & ((1U << slice.width) - 1U);
      (slice.word == 0 ? word.first : word.second) |= bits << slice.word_lsb;
    }
    if (operand.value(word.first, word.second) != *value) {
      throw std::invalid_argument(std::string(instruction.id) + ": operand " + std::string(operand.name) +
                                  " does not hold " + std::to_string(*value));
    }
    ++value;
  }
  return word;
}

ByteAddr Program::add_word(Word word) {
  const ByteAddr at = here();
  words_.push_back(word);
  return at;
}

ByteAddr Program::add(Opcode opcode, std::initializer_list<std::uint32_t> values) {
  const Encoded word = encode(opcode, values);
  const ByteAddr at = add_word(word.first);
  if (isa::instruction(opcode).words == 2) {
    add_word(word.second);
  }
  return at;
}

ByteAddr Program::add_bundle(Encoded main, Encoded aux) {
  if (here().value() % 8 != 0) {
    throw std::invalid_argument("bundle at an odd word");
  }
  const ByteAddr at = add_word(main.first | coissue_bit);
  add_word(aux.first | coissue_bit);
  return at;
}

ByteAddr Program::set_m(unsigned m, std::uint32_t value) {
  const ByteAddr at = add(Opcode::setzi_mmmn_zi, {m, value & 0xFFFFFU});
  if (value >> 20U != 0) {
    add(Opcode::or_mmmn_iz, {m, m, value & 0xFFF00000U});
  }
  return at;
}

void Program::align(std::uint32_t alignment) {
  while (here().value() % alignment != 0) {
    add_word(nop().first);
  }
}

Encoded nop() { return encode(Opcode::setzi_mmmn_zi, {14, 0}); }
Encoded fnop() { return encode(Opcode::setzi_aaan_zi, {13, 0}); }

}  // namespace ipusim::tile::test
