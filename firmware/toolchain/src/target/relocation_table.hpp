// SPDX-License-Identifier: Apache-2.0
// Relocations of the published ELF ABI, all absolute and little-endian: the one table that the assembler, the
// linker and the listings read.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace llvm::Colossus {

namespace Reloc {
enum Type : unsigned {
  none = 0,
  abs8 = 1,
  abs16 = 2,
  abs20 = 3,
  abs32 = 4,
  abs64 = 5,
  relative16_s2 = 6,
  abs18_s2 = 7,
  abs19_s2 = 8,
  run = 9,
  abs16_s3 = 14,
  abs16_s4 = 15,
  abs16_s5 = 16,
  abs21 = 17
};
}

// Stored is (symbol + addend - memory base if from_base) >> shift, in the low `bits` bits of the place; what
// is shifted out must be 0.
struct RelocRule {
  Reloc::Type type;
  StringRef name;
  unsigned bytes;  // of the place; 0 for R_COLOSSUS_NONE
  unsigned bits;
  unsigned shift;
  bool from_base;
  bool split;  // RUN: [11:0] -> [11:0], [15:12] -> [19:16]
};
// nullptr if the ABI has no such relocation.
const RelocRule* find_reloc(unsigned type);
const RelocRule* find_reloc(StringRef name);

}  // namespace llvm::Colossus
