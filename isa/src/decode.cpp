// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ipusim/isa/isa.hpp"
#include "tables.hpp"

namespace ipusim::isa {
namespace {

constexpr unsigned bucket_shift = 24;
constexpr std::uint32_t bucket_mask = 0x7F;

Opcode find_in_group(const tables::DecodeGroup& group, std::uint32_t word) {
  const auto entries = tables::decode_entries.subspan(group.first_entry, group.entry_count);
  const std::uint32_t match = word & group.mask;
  const auto entry =
      std::lower_bound(entries.begin(), entries.end(), match,
                       [](const tables::DecodeEntry& e, std::uint32_t value) { return e.match < value; });
  return entry != entries.end() && entry->match == match ? entry->opcode : Opcode::invalid;
}

bool aligned(OperandClass cls, std::uint32_t number) {
  switch (cls) {
    case OperandClass::MRPair:
    case OperandClass::ARPair:
      return number % 2 == 0;
    case OperandClass::ARQuad:
      return number % 4 == 0;
    default:
      return true;
  }
}

}  // namespace

const Instruction& instruction(Opcode opcode) {
  return tables::instructions[static_cast<std::size_t>(opcode) - 1];
}

std::span<const Instruction> all_instructions() { return tables::instructions; }

Opcode decode(std::uint32_t word, Mode mode) {
  const tables::DecodeBucket& bucket = tables::decode_buckets[(word >> bucket_shift) & bucket_mask];
  for (const tables::DecodeGroup& group :
       tables::decode_groups.subspan(bucket.first_group, bucket.group_count)) {
    const Opcode opcode = find_in_group(group, word);
    if (opcode == Opcode::invalid) continue;
    // Two-word instructions have bit 31 set, which anyone but the supervisor reads as the co-issue bit.
    return instruction(opcode).words == 1 || mode == Mode::supervisor ? opcode : Opcode::invalid;
  }
  return Opcode::invalid;
}

bool registers_aligned(const Instruction& instruction, std::uint32_t word0, std::uint32_t word1) {
  return std::all_of(instruction.operands.begin(), instruction.operands.end(), [&](const Operand& operand) {
    return aligned(operand.cls, operand.field(word0, word1));
  });
}

}  // namespace ipusim::isa
