// SPDX-License-Identifier: Apache-2.0
#include "elf_writer.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "../target/target_info.hpp"
#include "llvm/Object/ELFTypes.h"

namespace ipusim::toolchain {
namespace {

using namespace llvm::ELF;
using Types = llvm::object::ELF32LE;

// Names one after the other, each ended by a zero.
class StringTable {
 public:
  std::uint32_t add(const std::string& name) {
    const auto at = static_cast<std::uint32_t>(text_.size());
    text_ += name;
    text_ += '\0';
    return at;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_ = std::string(1, '\0');
};

class ElfFile {
 public:
  template <typename Record>
  void put(std::size_t at, const Record& record) {
    std::memcpy(bytes_.data() + at, &record, sizeof record);
  }
  std::size_t append(const void* data, std::size_t size, std::size_t alignment) {
    bytes_.resize((bytes_.size() + alignment - 1) / alignment * alignment);
    const std::size_t at = bytes_.size();
    bytes_.resize(at + size);
    if (size != 0) std::memcpy(bytes_.data() + at, data, size);
    return at;
  }
  std::size_t reserve(std::size_t size) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + size);
    return at;
  }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

Types::Shdr section_header(const OutputSection& section, std::uint32_t name, std::size_t offset) {
  Types::Shdr header{};
  header.sh_name = name;
  header.sh_type = section.zero_filled ? SHT_NOBITS : SHT_PROGBITS;
  header.sh_flags = (section.allocated ? SHF_ALLOC : 0U) | (section.writable ? SHF_WRITE : 0U) |
                    (section.executable ? SHF_EXECINSTR : 0U);
  header.sh_addr = section.address;
  header.sh_offset = static_cast<std::uint32_t>(offset);
  header.sh_size = static_cast<std::uint32_t>(section.size);
  header.sh_addralign = section.alignment;
  return header;
}

Types::Phdr program_header(const OutputSection& section, std::size_t offset) {
  Types::Phdr header{};
  header.p_type = PT_LOAD;
  header.p_offset = static_cast<std::uint32_t>(offset);
  header.p_vaddr = section.address;
  header.p_paddr = section.address;
  header.p_memsz = static_cast<std::uint32_t>(section.size);
  header.p_filesz = section.zero_filled ? 0 : static_cast<std::uint32_t>(section.size);
  header.p_flags = PF_R | (section.writable ? PF_W : 0U) | (section.executable ? PF_X : 0U);
  header.p_align = 4;
  return header;
}

Types::Sym symbol_record(const ResolvedSymbol& symbol, std::uint32_t name) {
  Types::Sym record{};
  record.st_name = name;
  record.st_value = symbol.value;
  record.st_size = symbol.size;
  record.setBindingAndType(symbol.local ? STB_LOCAL : symbol.weak ? STB_WEAK : STB_GLOBAL, symbol.type);
  // Section 0 is the null section.
  record.st_shndx =
      static_cast<std::uint16_t>(symbol.output_section ? *symbol.output_section + 1 : std::size_t{SHN_ABS});
  return record;
}

Types::Shdr table_header(std::uint32_t name, std::uint32_t type, std::size_t offset, std::size_t size) {
  Types::Shdr header{};
  header.sh_name = name;
  header.sh_type = type;
  header.sh_offset = static_cast<std::uint32_t>(offset);
  header.sh_size = static_cast<std::uint32_t>(size);
  header.sh_addralign = 1;
  return header;
}

Types::Ehdr file_header(std::uint32_t entry, std::uint32_t flags) {
  Types::Ehdr header{};
  std::memcpy(header.e_ident, ElfMagic, 4);
  header.e_ident[EI_CLASS] = ELFCLASS32;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_ident[EI_OSABI] = llvm::Colossus::elf_osabi;
  header.e_type = ET_EXEC;
  header.e_machine = llvm::Colossus::elf_machine;
  header.e_version = EV_CURRENT;
  header.e_entry = entry;
  header.e_flags = flags;
  header.e_ehsize = sizeof(Types::Ehdr);
  header.e_phentsize = sizeof(Types::Phdr);
  header.e_shentsize = sizeof(Types::Shdr);
  return header;
}

bool is_segment(const OutputSection& section) { return section.allocated && section.size != 0; }

// The symbol table and its strings.
void add_symbols(ElfFile& file, std::vector<Types::Shdr>& headers, StringTable& section_names,
                 const SymbolTable& symbols) {
  StringTable names;
  std::vector<Types::Sym> table(1);  // the null symbol
  const std::size_t sections = headers.size() - 1;
  for (const ResolvedSymbol& symbol : symbols.locals())
    if (symbol.output_section.value_or(0) < sections)  // not of debug information that is stripped
      table.push_back(symbol_record(symbol, names.add(symbol.name)));
  const auto first_global = static_cast<std::uint32_t>(table.size());
  for (const auto& [name, symbol] : symbols.globals())
    table.push_back(symbol_record(symbol, names.add(name)));
  const std::size_t table_bytes = table.size() * sizeof(Types::Sym);
  Types::Shdr symtab = table_header(section_names.add(".symtab"), SHT_SYMTAB,
                                    file.append(table.data(), table_bytes, 4), table_bytes);
  symtab.sh_link = static_cast<std::uint32_t>(headers.size() + 1);  // the string table follows
  symtab.sh_info = first_global;
  symtab.sh_entsize = sizeof(Types::Sym);
  symtab.sh_addralign = 4;
  headers.push_back(symtab);
  const std::string& strings = names.text();
  headers.push_back(table_header(section_names.add(".strtab"), SHT_STRTAB,
                                 file.append(strings.data(), strings.size(), 1), strings.size()));
}

}  // namespace

std::vector<std::uint8_t> write_executable(const Layout& layout, const SymbolTable& symbols,
                                           std::uint32_t entry, std::uint32_t flags,
                                           LinkOptions::Strip strip) {
  using Strip = LinkOptions::Strip;
  ElfFile file;
  const auto loaded =
      static_cast<std::size_t>(std::count_if(layout.sections.begin(), layout.sections.end(), is_segment));
  file.reserve(sizeof(Types::Ehdr));
  std::size_t next_program_header = file.reserve(loaded * sizeof(Types::Phdr));
  Types::Ehdr header = file_header(entry, flags);
  header.e_phoff = static_cast<std::uint32_t>(next_program_header);
  header.e_phnum = static_cast<std::uint16_t>(loaded);

  StringTable section_names;
  std::vector<Types::Shdr> headers(1);  // the null section
  for (const OutputSection& section : layout.sections) {
    if (!section.allocated && strip != Strip::nothing) continue;  // behind the loaded ones: numbers stay
    const std::size_t at = file.append(section.bytes.data(), section.bytes.size(), 4);
    headers.push_back(section_header(section, section_names.add(section.name), at));
    if (!is_segment(section)) continue;
    file.put(next_program_header, program_header(section, at));
    next_program_header += sizeof(Types::Phdr);
  }

  if (strip != Strip::all) add_symbols(file, headers, section_names, symbols);
  const std::uint32_t own_name = section_names.add(".shstrtab");
  const std::string& names = section_names.text();
  headers.push_back(
      table_header(own_name, SHT_STRTAB, file.append(names.data(), names.size(), 1), names.size()));

  header.e_shoff =
      static_cast<std::uint32_t>(file.append(headers.data(), headers.size() * sizeof(Types::Shdr), 4));
  header.e_shnum = static_cast<std::uint16_t>(headers.size());
  header.e_shstrndx = static_cast<std::uint16_t>(headers.size() - 1);
  file.put(0, header);
  return file.take();
}

}  // namespace ipusim::toolchain
