// SPDX-License-Identifier: Apache-2.0
// The instruction set as read from isa/*.isa and isa/*.yaml, before anything is generated from it.
#pragma once

#include <cstdint>
#include <map>
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

struct NamedText {
  std::string name;
  std::string text;
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
  bool timed = false;    // takes events of the exchange
  bool outward = false;  // acts on more than its context and memory; timed ones do
  std::uint8_t arch_mask = 0;
  unsigned thread_cycles = 1;
  bool fast = false;  // executed by the fast tile
  bool rtl = false;   // executed by the RTL tile
  std::vector<OperandSpec> operands;
  std::optional<unsigned> directed_tests;  // hand-written cases it is part of, if that is known
};

enum class CsrAccess : std::uint8_t { read_write, read_only, write_only };

struct FieldSpec {
  std::string name;
  unsigned high = 0;
  unsigned low = 0;
};

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
  std::vector<FieldSpec> fields;  // stated in doc
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

// What all architectures have in common.
struct CommonSpec {
  SourceLine where;
  unsigned address_bits = 0;
  unsigned window_bits = 0;
};

struct TimingSpec {
  SourceLine where;
  std::string name;
  unsigned value = 0;
  std::string source;
};

enum class SyncScope : std::uint8_t { tile, chip, system };

// A zone of the sync instruction.
struct ZoneSpec {
  SourceLine where;
  std::string name;
  unsigned operand = 0;
  std::optional<unsigned> master;  // operand of the master form
  SyncScope scope = SyncScope::tile;
  bool host = false;
  bool released_by_chip = false;
  std::string meaning;
  std::string source;
};

// What the status registers show of an exception.
struct ExceptionTypeSpec {
  SourceLine where;
  std::string name;
  unsigned number = 0;
  bool is_break = false;
  std::string text;
  std::string source;
};

// Why a bundle excepts.
struct CauseSpec {
  SourceLine where;
  std::string name;
  unsigned number = 0;
  std::string type;     // name of its type
  std::string or_type;  // of the other one that an operand may pick; empty for nearly all
  bool any = false;     // follows from an instruction's class or may hit every instruction
  bool address = false;
  std::string text;
};

struct HazardSpec {
  SourceLine where;
  std::string name;
  unsigned number = 0;
  bool found_by_chip = false;
  unsigned code = 0;  // ERERR
  std::string policy;
  std::string meaning;
  std::string source;
};

// ---- What instructions do (isa/semantics)

// One access to memory.
struct AccessSpec {
  bool store = false;
  unsigned bytes = 0;
};

// What some part of a tile's state holds before or after an example.
struct StateValueSpec {
  std::string place;                 // m3, a2:3, AACC5, CWEI_0_1, a CSR, an address in hexadecimal, pc, ...
  std::string text;                  // the value as written
  std::vector<std::uint32_t> words;  // and as 32-bit words, the lowest first
};

struct ExampleSpec {
  SourceLine where;
  std::string mnemonic;  // of the first instruction of the code
  std::vector<StateValueSpec> before;
  std::string code;  // instructions separated by ';'
  std::vector<StateValueSpec> after;
  std::string fault;  // the cause, if it excepts
};

// What one instruction does, or several that have it in common.
struct SemanticsSpec {
  SourceLine where;
  std::vector<std::string> mnemonics;
  std::string summary;
  std::string operation;
  std::vector<NamedText> operands;  // op0, op1, ...: name in the operation, role
  std::string timing;               // beyond turns; keys of timing.yaml are filled in
  std::vector<NamedText> flags;     // INV, DIV0, OFLO: when
  std::vector<std::string> reads;   // CSRs and CSR.FIELDs, AACC, CWEI, PRNG
  std::vector<std::string> writes;
  std::vector<NamedText> faults;                            // those that no class of the instruction tells
  std::map<std::string, std::vector<AccessSpec>> accesses;  // by mnemonic
  std::vector<std::string> notes;
  std::vector<ExampleSpec> examples;
};

struct SectionSpec {
  SourceLine where;
  std::string title;
  std::string text;
  std::vector<SemanticsSpec> entries;
};

struct AliasSpec {
  SourceLine where;
  std::string name;
  std::string text;
  std::string code;  // an example
  std::string same;  // what it is short for
};

struct SemanticsModel {
  std::vector<NamedText> notation;
  std::vector<AliasSpec> aliases;
  std::vector<SectionSpec> sections;
};

struct Model {
  std::vector<InstructionSpec> instructions;  // file order; the opcode is the index plus one
  std::vector<CsrSpec> csrs;
  CommonSpec common;
  std::vector<ArchSpec> architectures;
  std::vector<TimingSpec> timing;
  std::vector<ZoneSpec> zones;
  std::vector<ExceptionTypeSpec> exception_types;
  std::vector<CauseSpec> causes;
  std::vector<HazardSpec> hazards;
  SemanticsModel semantics;
};

}  // namespace ipusim::isagen
