// SPDX-License-Identifier: Apache-2.0
// A relocatable object, read and checked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ipusim/isa/isa.hpp"
#include "ipusim/toolchain/assembler.hpp"

namespace ipusim::toolchain {

struct InputRelocation {
  std::uint32_t offset;
  unsigned type;
  std::size_t symbol;  // index into InputObject::symbols
  std::int64_t addend;
};

struct InputSection {
  std::string name;
  bool allocated = false;
  bool zero_filled = false;  // no bytes in the file
  bool writable = false, executable = false;
  bool excluded = false;  // SHF_EXCLUDE: not for the executable
  bool retained = false;  // SHF_GNU_RETAIN: kept by --gc-sections
  std::uint32_t alignment = 1;
  std::uint32_t size = 0;
  std::vector<std::uint8_t> bytes;  // empty if zero_filled
  std::vector<InputRelocation> relocations;
  std::string dropped;  // why it is not linked, for messages; empty if it is
};

struct InputSymbol {
  enum class Kind : unsigned char { undefined, absolute, common, in_section };
  std::string name;  // empty for section symbols
  Kind kind = Kind::undefined;
  bool local = false, weak = false;
  std::uint8_t type = 0;    // STT_* of ELF
  std::size_t section = 0;  // index into InputObject::sections
  std::uint32_t value = 0;  // alignment of a common symbol
  std::uint32_t size = 0;
};

// Sections that are linked together; of a COMDAT group one copy per signature among all objects.
struct InputGroup {
  std::string signature;
  bool comdat = false;
  std::vector<std::size_t> sections;  // indices into InputObject::sections
};

struct InputObject {
  std::string name;
  isa::Arch arch = isa::Arch::ipu2;
  std::vector<InputSection> sections;  // by ELF section number
  std::vector<InputSymbol> symbols;    // by ELF symbol number
  std::vector<InputGroup> groups;
};

// wrapped: as LinkOptions has it. Throws ToolError naming the object.
InputObject read_input(const Object& object, const std::vector<std::string>& wrapped = {});

}  // namespace ipusim::toolchain
