// SPDX-License-Identifier: Apache-2.0
// The instruction set as data. The types are written here; every row comes from isa/*.isa, isa/csr.yaml,
// isa/arch.yaml and isa/timing.yaml through isagen at build time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ipusim/isa/operand.hpp"

namespace ipusim::isa {

// One enumerator per line of the instruction files, named by its id, in file order; `invalid` is 0.
enum class Opcode : std::uint16_t {
  invalid = 0,
#include "ipusim/isa/opcodes.inc"
};

struct Instruction {
  Opcode opcode;
  std::string_view id;        // e.g. "add_mmmn_si"
  std::string_view mnemonic;  // e.g. "add"
  std::string_view assembly;  // e.g. "add $op0, $op1, $op2"
  std::uint32_t match;        // (word & mask) == match; the co-issue bit is never in the mask of a
  std::uint32_t mask;         // co-issuable instruction
  std::uint8_t words;         // 1, or 2 for sendpicp
  Lane lane;
  Mode mode;
  bool coissue, control, system, load, store;
  bool timed;    // takes events of the exchange, one a cycle; its first operand is their count less one
  bool outward;  // acts on time, the repeat state, other contexts or the chip: no debugger may inject it
  std::uint8_t arch_mask;  // Arch bits
  bool fast, rtl;  // executed by the fast tile, the RTL tile; a tile that does not raises "unimplemented"
  std::uint8_t thread_cycles;  // worker issues it takes; 1 for nearly all
  std::span<const Operand> operands;
};

// Row of an opcode; opcode must not be `invalid`.
const Instruction& instruction(Opcode opcode);
std::span<const Instruction> all_instructions();

// The instruction a word encodes, whatever mode or architecture; `invalid` if none. Bit 31 is ignored for
// co-issuable instructions. `sendpicp` has bit 31 as part of its encoding and is found only with
// Mode::supervisor; with Mode::worker or Mode::both such a word is looked up with bit 31 as co-issue bit.
Opcode decode(std::uint32_t word, Mode mode);

// Whether the register operands of the word respect pair and quad alignment ($m12:13, $m14:15 included).
bool registers_aligned(const Instruction& instruction, std::uint32_t word0, std::uint32_t word1 = 0);

enum class CsrAccess : std::uint8_t { read_write, read_only, write_only };
struct Csr {
  std::string_view name;
  std::uint16_t index;  // upper-space CSRs: 0x100 + number used by uget/uput
  Mode mode;            // who can reach it
  CsrAccess access;
  std::uint32_t mask;  // bits that exist
  std::uint32_t reset;
  std::uint8_t arch_mask;
  bool fast, rtl;  // held by the fast tile, the RTL tile; elsewhere access raises "unimplemented"
};
// The CSR of this number as a worker or the supervisor sees it; nullptr if there is none.
const Csr* find_csr(Mode mode, unsigned index);
const Csr* find_csr(Mode mode, std::string_view name);
std::span<const Csr> all_csrs();

// Memory map and sizes of an architecture (isa/arch.yaml). Byte addresses.
struct ArchInfo {
  std::string_view name;
  Arch arch;
  std::uint32_t memory_base;   // = region 0
  std::uint32_t region1_base;  // interleaved; code cannot be fetched from here
  std::uint32_t memory_end;    // first address past memory
  std::uint32_t element_bytes;
  std::uint32_t repeat_count_mask;
  std::uint32_t elf_flags;
};
const ArchInfo& arch_info(Arch arch);

// address_bits: width of a tile's byte addresses, in which sums of pointers wrap. tile_window_bits: in the
// host's window on tile memories that of a place begins at place << tile_window_bits, and its addresses fit
// below.
#include "ipusim/isa/arch.inc"
inline constexpr std::uint32_t address_mask = (1U << address_bits) - 1U;
std::optional<Arch> parse_arch(std::string_view name);

// Cycle costs and delays (isa/timing.yaml): `inline constexpr unsigned` per key, in namespace timing.
namespace timing {
#include "ipusim/isa/timing.inc"
}

}  // namespace ipusim::isa
