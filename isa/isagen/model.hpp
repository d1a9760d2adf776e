// The instruction set as read from isa/*.isa and isa/*.yaml, before anything is generated from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/isa/operand.hpp"

namespace ipusim::isagen {

// Where a row was written; every message about it names the place.
struct SourceLine {
  std::string file;
  int line = 0;
};

struct OperandSpec {
  std::string name;        // op0, op1, ...
  std::string class_name;  // as written: MR, imm12zi, Rel19S2, ...
  isa::OperandClass cls = isa::OperandClass::MR;
  isa::Direction direction = isa::Direction::in;
  isa::PostModify post = isa::PostModify::none;
  unsigned width = 0;                 // bits of the field, zero bits left out of the word included
  std::vector<isa::BitSlice> slices;  // from the left of the word to the right
};

struct InstructionSpec {
  SourceLine where;
  std::string id;
  std::string mnemonic;
  std::string assembly;
  std::vector<std::string> patterns;  // one per word, 32 characters each, bit 31 first
  std::uint32_t match = 0;            // of the first word; a second word is never decoded
  std::uint32_t mask = 0;
  isa::Lane lane = isa::Lane::main;
  isa::Mode mode = isa::Mode::both;
  bool coissue = false;
  bool control = false;
  bool system = false;
  bool load = false;
  bool store = false;
  std::uint8_t arch_mask = 0;
  unsigned thread_cycles = 1;
  bool fast = false;  // executed by the fast tile
  bool rtl = false;   // executed by the RTL tile
  std::vector<OperandSpec> operands;
  std::optional<unsigned> directed_tests;  // hand-written cases it is part of, if that is known
};

enum class CsrAccess : std::uint8_t { read_write, read_only, write_only };

struct CsrSpec {
  SourceLine where;
  std::string name;
  unsigned index = 0;
  isa::Mode mode = isa::Mode::both;
  CsrAccess access = CsrAccess::read_write;
  std::uint32_t mask = 0;
  std::uint32_t reset = 0;
  std::uint8_t arch_mask = 0;
  bool fast = true;  // held by the fast tile
  bool rtl = true;   // held by the RTL tile
  std::string doc;
  std::string source;
};

struct ArchSpec {
  SourceLine where;
  std::string name;
  std::uint32_t memory_base = 0;
  std::uint32_t region1_base = 0;
  std::uint32_t memory_end = 0;
  std::uint32_t element_bytes = 0;
  std::uint32_t repeat_count_mask = 0;
  std::uint32_t elf_flags = 0;
};

struct TimingSpec {
  SourceLine where;
  std::string name;
  unsigned value = 0;
  std::string source;
};

struct Model {
  std::vector<InstructionSpec> instructions;  // file order; the opcode is the index plus one
  std::vector<CsrSpec> csrs;
  std::vector<ArchSpec> architectures;
  std::vector<TimingSpec> timing;
};

}  // namespace ipusim::isagen
