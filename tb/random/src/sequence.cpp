// SPDX-License-Identifier: Apache-2.0
#include "ipusim/random/sequence.hpp"

#include <algorithm>
#include <stdexcept>

namespace ipusim::random {

using isa::Opcode;

namespace {

std::uint32_t encoded(Opcode opcode, std::initializer_list<std::uint32_t> values) {
  return isa::encode(isa::instruction(opcode), {values.begin(), values.size()})[0];
}

// Words before a part that would lie at `here`.
std::uint32_t padding(Place place, std::uint32_t here) {
  // Of every architecture; they begin at multiples of it.
  const std::uint32_t element_bytes = isa::arch_info(isa::Arch::ipu2).element_bytes;
  switch (place) {
    case Place::anywhere:
      return 0;
    case Place::row:
      return here % 8 / 4;
    case Place::odd_word:
      return 1 - here % 8 / 4;
    case Place::element_end:
      return (element_bytes - 4 - here % element_bytes) / 4;
  }
  return 0;
}

// Branches stand in the main lane, so that the mode does not matter.
isa::Words with_target(isa::Words words, std::uint32_t address) {
  const isa::Instruction& branch = isa::instruction(isa::decode(words[0], isa::Mode::worker));
  const isa::Words main = isa::with_operand(branch.operands.back(), {words[0], 0}, address);
  return {main[0], words[1]};
}

}  // namespace

std::uint32_t nop_word() {
  static const std::uint32_t word = encoded(Opcode::setzi_mmmn_zi, {14, 0});
  return word;
}
std::uint32_t fnop_word() {
  static const std::uint32_t word = encoded(Opcode::setzi_aaan_zi, {13, 0});
  return word;
}

void Sequence::add_words(isa::Words words, unsigned count, Place place) {
  parts_.push_back({next_label_++, words, count, place, false, std::nullopt});
}

void Sequence::add_word(std::uint32_t word) { add_words({word, 0}, 1); }

void Sequence::add(Opcode opcode, std::initializer_list<std::uint32_t> values) {
  const isa::Instruction& instruction = isa::instruction(opcode);
  const isa::Words words = isa::encode(instruction, {values.begin(), values.size()});
  add_words(words, instruction.words, instruction.words == 2 ? Place::row : Place::anywhere);
}

void Sequence::add_branch(Opcode opcode, std::initializer_list<std::uint32_t> values, std::uint32_t label) {
  std::vector<std::uint32_t> all(values);
  all.push_back(0);
  add_words(isa::encode(isa::instruction(opcode), all), 1);
  parts_.back().target = label;
}

void Sequence::add_bundle(std::uint32_t main, std::uint32_t aux, Place place) {
  add_words({main | coissue_bit, aux | coissue_bit}, 2, place);
  parts_.back().bundle = true;
}

void Sequence::set_m(std::uint32_t m, std::uint32_t value) {
  add(Opcode::setzi_mmmn_zi, {m, value & 0xFFFFFU});
  if (value >> 20U != 0) add(Opcode::or_mmmn_iz, {m, m, value & 0xFFF00000U});
}

std::vector<std::uint32_t> Sequence::layout() const {
  std::vector<std::uint32_t> addresses;
  std::uint32_t here = base_.value();
  for (const Part& part : parts_) {
    here += 4 * padding(part.place, here);
    addresses.push_back(here);
    here += 4 * part.count;
  }
  const auto address_of = [&](std::uint32_t label) {
    const auto found = std::lower_bound(parts_.begin(), parts_.end(), label,
                                        [](const Part& part, std::uint32_t l) { return part.label < l; });
    return found == parts_.end() ? here : addresses[static_cast<std::size_t>(found - parts_.begin())];
  };
  std::vector<std::uint32_t> words((here - base_.value()) / 4, nop_word());
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    const isa::Words placed = part.target ? with_target(part.words, address_of(*part.target)) : part.words;
    std::copy_n(placed.begin(), part.count, words.begin() + (addresses[i] - base_.value()) / 4);
  }
  return words;
}

}  // namespace ipusim::random
