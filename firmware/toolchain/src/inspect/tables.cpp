// SPDX-License-Identifier: Apache-2.0
#include "tables.hpp"

#include <bit>
#include <cctype>

namespace ipusim::toolchain {
namespace {

using namespace llvm::ELF;

std::string flags_of(const Elf::Elf_Shdr& section, bool relocated) {
  const std::uint32_t flags = section.sh_flags;
  std::string text = section.sh_type == SHT_NOBITS ? "" : "CONTENTS, ";
  if ((flags & SHF_ALLOC) != 0) text += section.sh_type == SHT_NOBITS ? "ALLOC, " : "ALLOC, LOAD, ";
  if (relocated) text += "RELOC, ";
  if ((flags & SHF_WRITE) == 0) text += "READONLY, ";
  if ((flags & SHF_EXECINSTR) != 0)
    text += "CODE, ";
  else if ((flags & SHF_ALLOC) != 0)
    text += "DATA, ";
  if ((flags & SHF_GROUP) != 0) text += "GROUP, ";
  if ((flags & SHF_EXCLUDE) != 0) text += "EXCLUDE, ";
  text.resize(text.size() >= 2 ? text.size() - 2 : 0);
  return text;
}

// The seven columns of objdump -t: scope, weak, constructor, warning, indirect, debugging, kind.
std::string symbol_flags(const ElfView::SymbolEntry& symbol) {
  std::string flags(7, ' ');
  if (symbol.binding == STB_LOCAL) flags[0] = 'l';
  if (symbol.binding == STB_GLOBAL && symbol.section != SHN_UNDEF) flags[0] = 'g';
  if (symbol.binding == STB_GNU_UNIQUE) flags[0] = 'u';
  if (symbol.binding == STB_WEAK) flags[1] = 'w';
  if (symbol.type == STT_SECTION || symbol.type == STT_FILE) flags[5] = 'd';
  if (symbol.type == STT_FUNC) flags[6] = 'F';
  if (symbol.type == STT_FILE) flags[6] = 'f';
  if (symbol.type == STT_OBJECT || symbol.type == STT_COMMON) flags[6] = 'O';
  return flags;
}

std::string visibility_of(const ElfView::SymbolEntry& symbol) {
  constexpr const char* names[] = {"", ".internal ", ".hidden ", ".protected "};
  return names[symbol.visibility & 3U];
}

unsigned log2_of(std::uint32_t alignment) {
  return alignment == 0 ? 0 : static_cast<unsigned>(std::countr_zero(alignment));
}

}  // namespace

std::string file_header_table(const ElfView& file) {
  const auto& header = file.elf().getHeader();
  return fmt::format("architecture: {}, flags {:#x}\nstart address {:#010x}\n",
                     isa::arch_info(file.arch()).name, static_cast<std::uint32_t>(header.e_flags),
                     static_cast<std::uint32_t>(header.e_entry));
}

std::string program_header_table(const ElfView& file) {
  std::string text = "\nProgram Header:\n";
  for (const auto& header : value_of(file.elf().program_headers(), file.name())) {
    const std::uint32_t flags = header.p_flags;
    text += fmt::format(
        "{:>8} off    {:#010x} vaddr {:#010x} paddr {:#010x} align 2**{}\n"
        "         filesz {:#010x} memsz {:#010x} flags {}{}{}\n",
        header.p_type == PT_LOAD ? "LOAD" : fmt::format("{:#x}", static_cast<std::uint32_t>(header.p_type)),
        static_cast<std::uint32_t>(header.p_offset), static_cast<std::uint32_t>(header.p_vaddr),
        static_cast<std::uint32_t>(header.p_paddr), log2_of(header.p_align),
        static_cast<std::uint32_t>(header.p_filesz), static_cast<std::uint32_t>(header.p_memsz),
        (flags & PF_R) != 0 ? 'r' : '-', (flags & PF_W) != 0 ? 'w' : '-', (flags & PF_X) != 0 ? 'x' : '-');
  }
  return text;
}

std::string section_header_table(const ElfView& file, const std::vector<std::size_t>& sections) {
  std::string text = "\nSections:\nIdx Name          Size      VMA       LMA       File off  Algn\n";
  std::size_t index = 0;
  for (const std::size_t number : sections) {
    const auto& section = *file.sections()[number];
    const auto address = static_cast<std::uint32_t>(section.sh_addr);
    text += fmt::format("{:>3} {:<13} {:08x}  {:08x}  {:08x}  {:08x}  2**{}\n                  {}\n", index++,
                        file.section_name(number), static_cast<std::uint32_t>(section.sh_size), address,
                        address, static_cast<std::uint32_t>(section.sh_offset), log2_of(section.sh_addralign),
                        flags_of(section, file.relocations().contains(number)));
  }
  return text;
}

std::string symbol_table(const ElfView& file) {
  std::string text = "\nSYMBOL TABLE:\n";
  for (std::size_t i = 1; i < file.symbols().size(); ++i) {
    const ElfView::SymbolEntry& symbol = file.symbols()[i];
    // A common symbol's value is its alignment; objdump shows its size there, too.
    const bool common = symbol.section == SHN_COMMON;
    text += fmt::format("{:08x} {} {}\t{:08x} {}{}\n", common ? symbol.size : symbol.value,
                        symbol_flags(symbol), file.section_name(symbol.section),
                        common ? symbol.value : symbol.size, visibility_of(symbol), symbol.name);
  }
  return text;
}

std::string relocation_table(const ElfView& file, const std::vector<std::size_t>& sections) {
  std::string text;
  for (const std::size_t number : sections) {
    const auto entries = file.relocations().find(number);
    if (entries == file.relocations().end()) continue;
    text += fmt::format("\nRELOCATION RECORDS FOR [{}]:\n", file.section_name(number));
    for (const auto& [offset, entry] : entries->second)
      text += fmt::format("{:08x}: {} {}\n", offset, relocation_name(entry.type), file.target_of(entry));
  }
  return text;
}

std::string contents_dump(const ElfView& file, std::size_t number) {
  constexpr std::size_t per_line = 16;
  const auto bytes = file.contents(number);
  if (bytes.empty()) return {};
  std::string text = fmt::format("\nContents of section {}:\n", file.section_name(number));
  const std::uint32_t base = file.sections()[number]->sh_addr;
  for (std::size_t at = 0; at < bytes.size(); at += per_line) {
    std::string hex;
    std::string characters;
    for (std::size_t i = at; i < at + per_line; ++i) {
      if (i < bytes.size()) {
        hex += fmt::format("{:02x}", bytes[i]);
        characters += std::isprint(bytes[i]) != 0 ? static_cast<char>(bytes[i]) : '.';
      } else {
        hex += "  ";
      }
      if (i % 4 == 3) hex += ' ';
    }
    text += fmt::format(" {:04x} {} {}\n", base + at, hex, characters);
  }
  return text;
}

}  // namespace ipusim::toolchain
