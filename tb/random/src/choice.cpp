// SPDX-License-Identifier: Apache-2.0
#include "choice.hpp"

#include <algorithm>

namespace ipusim::random {

using isa::OperandClass;

std::uint32_t Choice::corner() {
  static constexpr std::uint32_t corners[] = {0,  1,  0xFFFFFFFF, 0x80000000, 0x7FFFFFFF, 0x80000001,
                                              31, 32, 33,         0xFFFF,     0x10000,    0xFFFF8000};
  return of(corners);
}

std::uint32_t Choice::register_for(const isa::Operand& operand) {
  const bool written = operand.direction != isa::Direction::in;
  // Registers that hold nothing are drawn seldom: they make for dull values.
  const bool any = one_in(10);
  switch (operand.cls) {
    case OperandClass::MR:
      return written ? written_m() : pick(any ? 16 : 12);
    case OperandClass::MRPair:
      return any ? 12 + 2 * pick(2) : 2 * pick(3);
    case OperandClass::ARPair:
      return 2 * pick(any ? 8 : 4);
    case OperandClass::ARQuad:
      return 4 * pick(any ? 4 : 2);
    default:
      return pick(any ? 16 : 8);
  }
}

namespace {

// The flags an engine takes: see docs/arithmetic.md. Others fault, which is drawn seldom.
std::uint32_t engine_flags(Choice& choice, std::string_view mnemonic) {
  const bool f32 = mnemonic.starts_with("f32");
  if (mnemonic.find("amp") != std::string_view::npos) return choice.pick(3) << 3U | choice.pick(f32 ? 8 : 4);
  if (mnemonic.find("int") != std::string_view::npos) return choice.pick(5);
  if (mnemonic.find("slic") != std::string_view::npos) return choice.pick(f32 ? 16 : 8);
  return choice.pick(2);
}

}  // namespace

std::uint32_t Choice::immediate_for(const isa::Instruction& instruction, const isa::Operand& operand) {
  if (instruction.id.ends_with("_ef") && !one_in(100)) return engine_flags(*this, instruction.mnemonic);
  const std::uint32_t mask = (1U << operand.width) - 1U;
  std::uint32_t field = bits() & mask;
  if (one_in(4)) {
    const std::uint32_t corners[] = {0, 1, mask, mask >> 1U, (mask >> 1U) + 1, 31, 32, 33, mask - 1};
    field = of(corners) & mask;
  }
  switch (operand.cls) {
    case OperandClass::high_immediate:
      return field << 20U;
    case OperandClass::rel19s2:  // call has a bit more, which is not used
      return (field << 2U) & 0x1FFFFCU;
    case OperandClass::run:
      return field << 2U;
    case OperandClass::signed_immediate: {
      const std::uint32_t sign = 1U << (operand.width - 1U);
      return (field ^ sign) - sign;
    }
    default:
      return field;
  }
}

std::uint32_t Choice::operand_for(const isa::Instruction& instruction, const isa::Operand& operand) {
  return is_register(operand.cls) ? register_for(operand) : immediate_for(instruction, operand);
}

std::vector<std::uint32_t> Choice::operands_for(const isa::Instruction& instruction) {
  std::vector<std::uint32_t> values;
  for (const isa::Operand& operand : instruction.operands)
    values.push_back(operand_for(instruction, operand));
  return values;
}

std::uint32_t access_bytes(const isa::Instruction& instruction) {
  const std::string_view m = instruction.mnemonic;
  std::uint32_t bits = 0;
  for (std::size_t i = m.find_first_of("0123456789"); i < m.size() && m[i] >= '0' && m[i] <= '9'; ++i) {
    bits = 10 * bits + static_cast<std::uint32_t>(m[i] - '0');
  }
  return std::max(bits / 8, 1U);
}

std::uint32_t written_a(std::uint32_t word) {
  const isa::Opcode opcode = isa::decode(word, isa::Mode::worker);
  if (opcode == isa::Opcode::invalid) return 0;
  std::uint32_t mask = 0;
  for (const isa::Operand& operand : isa::instruction(opcode).operands) {
    if (operand.direction == isa::Direction::in) continue;
    const unsigned count = operand.cls == OperandClass::AR       ? 1
                           : operand.cls == OperandClass::ARPair ? 2
                           : operand.cls == OperandClass::ARQuad ? 4
                                                                 : 0;
    mask |= ((1U << count) - 1U) << operand.value(word);
  }
  return mask;
}

Pool::Pool(isa::Lane lane, bool supervisor, const Weights& weights, isa::Arch arch) {
  const isa::Mode other = supervisor ? isa::Mode::worker : isa::Mode::supervisor;
  for (const isa::Instruction& i : isa::all_instructions()) {
    const Family family = family_of(i);
    const bool several = family == Family::pace && (i.load || i.store);
    if (!usable(i, arch) || i.lane != lane || i.mode == other || i.control || i.system || several ||
        family == Family::exchange || family == Family::supervisor) {
      continue;
    }
    by_family_[static_cast<std::size_t>(family)].push_back(&i);
  }
  for (std::size_t f = 0; f < family_count; ++f) {
    weight_[f] = by_family_[f].empty() ? 0 : weights.of[f];
    total_ += weight_[f];
  }
  if (total_ != 0) return;
  // Some program there must be: what every lane has.
  const Family fallback = lane == isa::Lane::main ? Family::integer : Family::bits;
  weight_[static_cast<std::size_t>(fallback)] = total_ = 1;
}

const isa::Instruction& Pool::draw(Choice& choice) const {
  std::uint32_t left = choice.pick(total_);
  std::size_t family = 0;
  while (left >= weight_[family]) left -= weight_[family++];
  return *choice.of(std::span<const isa::Instruction* const>{by_family_[family]});
}

}  // namespace ipusim::random
