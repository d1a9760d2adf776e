// SPDX-License-Identifier: Apache-2.0
#include "assembler.hpp"

#include <stdexcept>

#include "ipusim/isa/encode.hpp"

namespace ipusim::tile::test {

Encoded encode(Opcode opcode, std::initializer_list<std::uint32_t> values) {
  const isa::Words words = isa::encode(isa::instruction(opcode), {values.begin(), values.size()});
  return {words[0], words[1]};
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
