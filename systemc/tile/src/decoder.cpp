// SPDX-License-Identifier: Apache-2.0
#include "decoder.hpp"

namespace ipusim::tile {
namespace {

using isa::Opcode;
using isa::OperandClass;

constexpr std::uint32_t coissue_bit = 0x80000000U;

unsigned register_count(OperandClass cls) {
  switch (cls) {
    case OperandClass::MRPair:
    case OperandClass::ARPair:
      return 2;
    case OperandClass::ARQuad:
      return 4;
    default:
      return 1;
  }
}
bool is_m(OperandClass cls) { return cls == OperandClass::MR || cls == OperandClass::MRPair; }
bool is_register(OperandClass cls) { return cls <= OperandClass::Broadcast; }

// Bit n set for every register of file M (or A) that an operand of one of the directions names.
std::uint32_t register_mask(const Op& op, bool m_file, bool written) {
  std::uint32_t mask = 0;
  for (std::size_t i = 0; i < op.info->operands.size(); ++i) {
    const isa::Operand& operand = op.info->operands[i];
    if (!is_register(operand.cls) || is_m(operand.cls) != m_file) continue;
    if (operand.direction != isa::Direction::inout && (operand.direction == isa::Direction::out) != written) {
      continue;
    }
    mask |= ((1U << register_count(operand.cls)) - 1U) << op.operand[i];
  }
  return mask;
}

// One word's standing: whether it is an instruction of this architecture and mode.
struct Decoded {
  const isa::Instruction* info = nullptr;  // null: illegal_instruction
  bool wrong_mode = false;
};

Decoded look_up(std::uint32_t word, std::uint32_t next, isa::Mode mode, isa::Arch arch) {
  const Opcode opcode = isa::decode(word, mode);
  if (opcode == Opcode::invalid) return {};
  const isa::Instruction& info = isa::instruction(opcode);
  if ((info.arch_mask & static_cast<unsigned>(arch)) == 0 || !isa::registers_aligned(info, word, next))
    return {};
  return {&info, info.mode != isa::Mode::both && info.mode != mode};
}

Op make_op(const isa::Instruction& info, std::uint32_t word, std::uint32_t next) {
  Op op;
  op.info = &info;
  op.opcode = info.opcode;
  op.handler = HandlerTable::instance().find(info.opcode);
  op.direct = HandlerTable::instance().find_direct(info.opcode);
  op.accumulates = HandlerTable::instance().accumulates(info.opcode);
  for (std::size_t i = 0; i < info.operands.size(); ++i) op.operand[i] = info.operands[i].value(word, next);
  if (!info.operands.empty() && info.operands[0].direction == isa::Direction::out &&
      !is_m(info.operands[0].cls)) {
    op.results = static_cast<std::uint8_t>(register_count(info.operands[0].cls));
  }
  return op;
}

// Only instructions of one turn: the fast path counts turns by six cycles.
DirectForm direct_form(const Bundle& b, bool pair) {
  if (!b.modelled || b.main.direct == nullptr || b.main.info->thread_cycles != 1) return DirectForm::none;
  if (!pair) return b.main.info->lane == isa::Lane::main ? DirectForm::main : DirectForm::aux;
  return b.aux.direct == nullptr || b.aux.info->thread_cycles != 1 ? DirectForm::none : DirectForm::pair;
}

void decode_pair(Bundle& b, isa::Arch arch) {
  const Decoded main = look_up(b.words[0], 0, isa::Mode::worker, arch);
  const Decoded aux = look_up(b.words[1], 0, isa::Mode::worker, arch);
  b.bytes = 8;
  if (main.info == nullptr || aux.info == nullptr) {
    b.illegal = fault_of(ExceptionCause::illegal_instruction);
    return;
  }
  if (main.wrong_mode || aux.wrong_mode) {
    b.illegal = fault_of(ExceptionCause::illegal_in_mode);
    return;
  }
  const bool lanes = main.info->lane == isa::Lane::main && aux.info->lane == isa::Lane::aux;
  if (!lanes || !main.info->coissue || !aux.info->coissue || (b.words[1] & coissue_bit) == 0) {
    b.illegal = fault_of(ExceptionCause::illegal_bundle);
    return;
  }
  b.main = make_op(*main.info, b.words[0], 0);
  b.aux = make_op(*aux.info, b.words[1], 0);
  for (const bool m_file : {false, true}) {
    if ((register_mask(b.main, m_file, true) & register_mask(b.aux, m_file, true)) != 0) {
      b.illegal = fault_of(ExceptionCause::overlapping_destinations);
      return;
    }
  }
  b.allowed_in_repeat = !main.info->control && !main.info->system && !aux.info->control && !aux.info->system;
  b.modelled = main.info->fast && aux.info->fast;
  b.direct = direct_form(b, true);
}

void decode_single(Bundle& b, bool worker, isa::Arch arch) {
  const isa::Mode mode = worker ? isa::Mode::worker : isa::Mode::supervisor;
  const Decoded found = look_up(b.words[0], b.words[1], mode, arch);
  const bool two_words = found.info != nullptr && found.info->words == 2;
  if (found.info == nullptr || ((b.words[0] & coissue_bit) != 0 && !two_words)) {
    b.illegal = fault_of(ExceptionCause::illegal_instruction);
    return;
  }
  if (found.wrong_mode) {
    b.illegal = fault_of(ExceptionCause::illegal_in_mode);
    return;
  }
  b.bytes = two_words ? 8 : 4;
  b.main = make_op(*found.info, b.words[0], b.words[1]);
  b.modelled = found.info->fast;
  if (worker) b.direct = direct_form(b, false);
  b.m_read = static_cast<std::uint16_t>(register_mask(b.main, true, false));
  b.m_written = static_cast<std::uint16_t>(register_mask(b.main, true, true));
  b.is_run = found.info->opcode == Opcode::run_mmmn_zi;
  b.timed_exchange = found.info->timed;
}

}  // namespace

bool straddles_rows(std::uint32_t first, std::uint32_t pc, bool worker) {
  return worker && (first & coissue_bit) != 0 && pc % 8 != 0;
}

Bundle decode_bundle(std::uint32_t first, std::optional<std::uint32_t> second, std::uint32_t pc, bool worker,
                     isa::Arch arch) {
  Bundle b;
  b.words = {first, second.value_or(0)};
  const bool pair = worker && (first & coissue_bit) != 0;
  const bool sendpicp = !worker && isa::decode(first, isa::Mode::supervisor) == Opcode::sendpicp;
  if (sendpicp && pc % 8 != 0) {
    b.illegal = fault_of(ExceptionCause::misaligned_pc);
  } else if (pair && !second) {
    b.illegal = fault_of(ExceptionCause::invalid_pc);
  } else if (pair) {
    decode_pair(b, arch);
    b.allowed_in_repeat = b.allowed_in_repeat && pc % 8 == 0;
  } else {
    decode_single(b, worker, arch);
  }
  if (b.bytes == 4) b.words[1] = 0;
  return b;
}

}  // namespace ipusim::tile
