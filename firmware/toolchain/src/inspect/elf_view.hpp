// SPDX-License-Identifier: Apache-2.0
// An object or executable as the listings see it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../elf_reading.hpp"

namespace ipusim::toolchain {

class ElfView {
 public:
  struct SymbolEntry {
    std::string name;  // of a section symbol: the section's
    std::uint32_t value, size;
    unsigned section;  // number, or SHN_*
    std::uint8_t binding, type, visibility;
  };
  struct RelocationEntry {
    unsigned type;
    std::size_t symbol;  // index into symbols()
    std::int32_t addend;
  };
  using Relocations = std::multimap<std::uint32_t, RelocationEntry>;  // by offset in the section

  // Throws ToolError naming the file.
  ElfView(std::vector<std::uint8_t> bytes, std::string name);

  const std::string& name() const { return name_; }
  const Elf& elf() const { return elf_; }
  const std::vector<std::uint8_t>& bytes() const { return bytes_; }
  isa::Arch arch() const { return arch_of(elf_); }
  bool is_executable() const { return elf_.getHeader().e_type == llvm::ELF::ET_EXEC; }
  const std::vector<const Elf::Elf_Shdr*>& sections() const { return sections_; }
  std::string section_name(std::size_t number) const;  // "*UND*", "*ABS*", "*COM*" for those numbers
  std::span<const std::uint8_t> contents(std::size_t section) const;  // empty if zero-filled
  const std::vector<SymbolEntry>& symbols() const { return symbols_; }
  const std::map<std::size_t, Relocations>& relocations() const { return relocations_; }

  // Labels of a section by address (offset, in an object): all of one address in the order of the table.
  const std::multimap<std::uint32_t, std::string>& labels(std::size_t section) const;
  // "f" or "f+0x8" after the nearest label at or before the address; nullopt if there is none.
  std::optional<std::string> label_near(std::size_t section, std::uint32_t address) const;
  // The same for an address of an executable, in whatever section it lies.
  std::optional<std::string> label_near(std::uint32_t address) const;
  // What a relocation adds up to, by name.
  std::string target_of(const RelocationEntry& relocation) const;

 private:
  void read_symbols(const Elf::Elf_Shdr& table);
  void read_relocations(const Elf::Elf_Shdr& table);

  std::string name_;
  std::vector<std::uint8_t> bytes_;
  Elf elf_;
  std::vector<const Elf::Elf_Shdr*> sections_;
  std::vector<SymbolEntry> symbols_;
  std::map<std::size_t, std::multimap<std::uint32_t, std::string>> labels_;
  std::map<std::size_t, Relocations> relocations_;
};

// "R_COLOSSUS_20"; a number for what the ABI does not have.
std::string relocation_name(unsigned type);

}  // namespace ipusim::toolchain
