// SPDX-License-Identifier: Apache-2.0
// The tables that isagen generates, as the library sees them.
#pragma once

#include <cstdint>
#include <span>

#include "ipusim/isa/isa.hpp"

namespace ipusim::isa::tables {

struct DecodeEntry {
  std::uint32_t match;
  Opcode opcode;
};
// Entries of one bucket that have the same mask, sorted by match.
struct DecodeGroup {
  std::uint32_t mask;
  std::uint16_t first_entry;
  std::uint16_t entry_count;
};
// Groups of the instructions whose bits 30..24 can be the bucket's number.
struct DecodeBucket {
  std::uint16_t first_group;
  std::uint16_t group_count;
};

extern const std::span<const Instruction> instructions;  // opcode 1 first
extern const std::span<const DecodeEntry> decode_entries;
extern const std::span<const DecodeGroup> decode_groups;
extern const std::span<const DecodeBucket> decode_buckets;
extern const std::span<const Csr> csrs;
extern const std::span<const ArchInfo> architectures;

}  // namespace ipusim::isa::tables
