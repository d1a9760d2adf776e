// SPDX-License-Identifier: Apache-2.0
#include "faults.hpp"

#include "memory_gadgets.hpp"

namespace ipusim::random {

using isa::Instruction;
using isa::Mode;
using isa::Opcode;

namespace {

// The CSR that a get, put, uget or uput names.
const isa::Csr* csr_of(const Instruction& i, std::uint32_t word, Mode mode) {
  if (family_of(i) != Family::csr) return nullptr;
  const std::uint32_t space = i.mnemonic.starts_with("u") ? 0x100 : 0;
  return isa::find_csr(mode, space + i.operands[1].value(word));
}

}  // namespace

bool executed_alike(std::uint32_t word) {
  for (const Mode mode : {Mode::worker, Mode::supervisor}) {
    for (const std::uint32_t candidate : {word, word & ~coissue_bit}) {
      const Opcode opcode = isa::decode(candidate, mode);
      if (opcode == Opcode::invalid) continue;
      const Instruction& info = isa::instruction(opcode);
      const isa::Csr* csr = csr_of(info, candidate, mode);
      if (info.fast != info.rtl || (csr != nullptr && csr->fast != csr->rtl)) return false;
    }
  }
  return true;
}

std::uint32_t random_word(Choice& choice, Mode mode, std::uint32_t previous, bool second) {
  while (true) {
    const Instruction& instruction = choice.of(isa::all_instructions());
    std::uint32_t word = instruction.match | (choice.bits() & ~instruction.mask);
    // Bundles often enough to get past the first word.
    if (mode == Mode::worker && second && choice.one_in(2)) word |= previous & coissue_bit;
    if (mode == Mode::supervisor && !choice.one_in(4)) word &= ~coissue_bit;
    if (choice.one_in(16)) word ^= 1U << choice.pick(32);
    if (executed_alike(word)) return word;
  }
}

namespace {

const Instruction& any_of(Choice& choice, bool (*accept)(const Instruction&)) {
  while (true) {
    const Instruction& i = choice.of(isa::all_instructions());
    if (i.fast == i.rtl && accept(i)) return i;
  }
}

std::uint32_t any_word(Choice& choice, const Instruction& i) {
  return isa::encode(i, choice.operands_for(i))[0];
}

// May stand in a bundle, and goes on to what follows.
bool is_plain_half(const Instruction& i) {
  return i.coissue && i.words == 1 && i.mode != Mode::supervisor && !i.control && !i.system && !i.load &&
         !i.store;
}

void bad_csr(Choice& choice, Sequence& code, Mode mode) {
  // Numbers of CSRs of this mode, which may be read only or not modelled, or any number: most do not exist.
  const isa::Csr* csr = &choice.of(isa::all_csrs());
  while (csr->mode != Mode::both && csr->mode != mode) csr = &choice.of(isa::all_csrs());
  const bool any = choice.one_in(3);
  const bool upper = any ? mode == Mode::worker && choice.one_in(2) : csr->index >= 0x100;
  const bool write = choice.one_in(2);
  const Opcode opcode = upper   ? write ? Opcode::uput_aaan_zi : Opcode::uget_aaan_zi
                        : write ? Opcode::put_mmmn_zi
                                : Opcode::get_mmmn_zi;
  const std::uint32_t number = any ? choice.pick(256) : csr->index & 0xFFU;
  const std::uint32_t operands[] = {choice.pick(7), number};
  const std::uint32_t word = isa::encode(isa::instruction(opcode), operands)[0];
  if (executed_alike(word)) code.add_word(word);
}

void bad_bundle(Choice& choice, Sequence& code) {
  const Instruction& main =
      any_of(choice, [](const Instruction& i) { return i.lane == isa::Lane::main && i.words == 1; });
  const Instruction& second =
      any_of(choice, [](const Instruction& i) { return i.lane == isa::Lane::main && i.words == 1; });
  const std::uint32_t first = any_word(choice, main);
  switch (choice.pick(3)) {
    case 0:
      code.add_bundle(first, any_word(choice, second));
      break;
    case 1:
      code.add_bundle(fnop_word(), fnop_word());
      break;
    default:  // the second half without its bit
      code.add_words({first | coissue_bit, fnop_word() & ~coissue_bit}, 2);
  }
}

void overlap(Choice& choice, Sequence& code) {
  const std::uint32_t a = 4 * choice.pick(4);
  const std::uint32_t load =
      isa::encode(isa::instruction(Opcode::ld128_mman_zi), std::array{role::wide_data, role::zero, 0U, a})[0];
  const std::uint32_t set =
      isa::encode(isa::instruction(Opcode::setzi_aaan_zi), std::array{a + choice.pick(4), 1U})[0];
  code.add_bundle(load, set);
}

void bad_repeat(Choice& choice, Sequence& code) {
  const isa::Words rpt =
      isa::encode(isa::instruction(Opcode::rpt_mmmn_zi_zi), std::array{2U, choice.pick(2)});
  const std::uint32_t get = isa::encode(isa::instruction(Opcode::get_mmmn_zi), std::array{0U, 0U})[0];
  if (choice.one_in(3)) {  // the body begins at an odd word
    if (choice.one_in(2)) {
      code.add_words(rpt, 1, Place::row);
    } else {
      code.add_bundle(rpt[0], fnop_word(), Place::odd_word);
    }
    choice.one_in(2) ? code.add_word(nop_word()) : code.add_bundle(nop_word(), fnop_word());
    return;
  }
  code.add_bundle(rpt[0], fnop_word(), Place::row);
  switch (choice.pick(3)) {
    case 0:
      code.add_word(nop_word());
      break;
    case 1:
      code.add_bundle(get, fnop_word());
      break;
    default:
      code.add_bundle(rpt[0], fnop_word());
  }
}

void bad_branch(Choice& choice, Sequence& code, const isa::ArchInfo& map) {
  const std::uint32_t targets[] = {0, map.region1_base, map.memory_end, map.memory_base + 2, 0xFFFFFFFC};
  // Or to what executable memory ends with.
  const auto word_at_end = static_cast<std::uint32_t>(1 + choice.pick(words_at_end_of_code));
  const std::uint32_t target = choice.one_in(2) ? map.region1_base - 4 * word_at_end : choice.of(targets);
  if (choice.one_in(2)) {
    code.set_m(3, target);
    code.add(Opcode::br_mmmn, {3});
  } else {
    code.add(Opcode::bri_mmmn_zi, {target & 0x1FFFFCU});
  }
}

void bad_pair(Choice& choice, Sequence& code) {
  const Instruction& i =
      any_of(choice, [](const Instruction& x) { return x.fast && x.operands.size() > 1 && x.words == 1; });
  isa::Words words = isa::encode(i, choice.operands_for(i));
  for (const isa::Operand& o : i.operands) {
    const bool several = o.cls == isa::OperandClass::ARPair || o.cls == isa::OperandClass::ARQuad ||
                         o.cls == isa::OperandClass::MRPair;
    if (several && o.slices[0].value_lsb == 0) words = isa::with_operand(o, words, choice.pick(16));
  }
  code.add_word(words[0]);
}

}  // namespace

std::array<std::uint32_t, words_at_end_of_code> make_end_of_code(Choice& choice) {
  std::array<std::uint32_t, words_at_end_of_code> words{};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Instruction& half =
        i == 1 ? any_of(choice,
                        [](const Instruction& x) { return is_plain_half(x) && x.lane == isa::Lane::aux; })
               : any_of(choice,
                        [](const Instruction& x) { return is_plain_half(x) && x.lane == isa::Lane::main; });
    words.at(i) = any_word(choice, half) | (choice.one_in(4) ? 0 : coissue_bit);
  }
  return words;
}

void add_fault(Choice& choice, Sequence& code, Mode mode, const isa::ArchInfo& map) {
  const bool worker = mode == Mode::worker;
  switch (choice.pick(worker ? 12 : 6)) {
    case 0:
      code.add(Opcode::trap_mmmn_zi, {choice.pick(16)});
      break;
    case 1:
      bad_csr(choice, code, mode);
      break;
    case 2:
      bad_branch(choice, code, map);
      break;
    case 3:
      code.add_word(random_word(choice, mode, 0, false));
      break;
    case 4: {  // of the other mode
      const Instruction& i =
          worker ? any_of(choice,
                          [](const Instruction& x) { return x.mode == Mode::supervisor && x.words == 1; })
                 : any_of(choice, [](const Instruction& x) { return x.mode == Mode::worker; });
      code.add_word(any_word(choice, i));
      break;
    }
    case 5:  // whatever is not modelled, if anything
      code.add_word(any_word(choice, any_of(choice, [](const Instruction& x) { return x.words == 1; })));
      break;
    case 6:
      bad_bundle(choice, code);
      break;
    case 7:
      overlap(choice, code);
      break;
    case 8:
    case 9:
    case 10:
      bad_repeat(choice, code);
      break;
    default:
      bad_pair(choice, code);
  }
}

}  // namespace ipusim::random
