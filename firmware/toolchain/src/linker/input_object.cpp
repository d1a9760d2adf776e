#include "input_object.hpp"

#include "../elf_reading.hpp"
#include "../read_file.hpp"
#include "ipusim/toolchain/linker.hpp"

namespace ipusim::toolchain {
namespace {

using Header = Elf::Elf_Shdr;

InputSection read_section(const Elf& elf, const Header& header, const std::string& name) {
  InputSection section;
  section.name = value_of(elf.getSectionName(header), name).str();
  section.allocated = (header.sh_flags & llvm::ELF::SHF_ALLOC) != 0;
  section.writable = (header.sh_flags & llvm::ELF::SHF_WRITE) != 0;
  section.executable = (header.sh_flags & llvm::ELF::SHF_EXECINSTR) != 0;
  section.zero_filled = header.sh_type == llvm::ELF::SHT_NOBITS;
  section.alignment = std::max<std::uint32_t>(header.sh_addralign, 1);
  section.size = header.sh_size;
  if ((section.alignment & (section.alignment - 1)) != 0)
    throw ToolError(fmt::format("{}: section {}: alignment {} is no power of two", name, section.name,
                                section.alignment));
  if (!section.zero_filled && header.sh_type != llvm::ELF::SHT_NULL) {
    const auto bytes = value_of(elf.getSectionContents(header), name);
    section.bytes.assign(bytes.begin(), bytes.end());
  }
  return section;
}

void read_symbols(const Elf& elf, const Header& table, InputObject& object) {
  const auto strings = value_of(elf.getStringTableForSymtab(table), object.name);
  for (const auto& entry : value_of(elf.symbols(&table), object.name)) {
    InputSymbol symbol;
    symbol.name = value_of(entry.getName(strings), object.name).str();
    symbol.local = entry.getBinding() == llvm::ELF::STB_LOCAL;
    symbol.weak = entry.getBinding() == llvm::ELF::STB_WEAK;
    symbol.value = entry.st_value;
    symbol.size = entry.st_size;
    using enum InputSymbol::Kind;
    switch (entry.st_shndx) {
      case llvm::ELF::SHN_UNDEF:
        symbol.kind = undefined;
        break;
      case llvm::ELF::SHN_ABS:
        symbol.kind = absolute;
        break;
      case llvm::ELF::SHN_COMMON:
        symbol.kind = common;
        break;
      default:
        symbol.kind = in_section;
        symbol.section = entry.st_shndx;
        if (symbol.section >= object.sections.size())
          throw ToolError(fmt::format("{}: symbol '{}' lies in section {}, which does not exist", object.name,
                                      symbol.name, symbol.section));
    }
    object.symbols.push_back(std::move(symbol));
  }
}

void read_relocations(const Elf& elf, const Header& table, InputObject& object) {
  if (table.sh_info >= object.sections.size())
    throw ToolError(fmt::format("{}: relocations for section {}, which does not exist", object.name,
                                static_cast<unsigned>(table.sh_info)));
  InputSection& section = object.sections[table.sh_info];
  for (const auto& entry : value_of(elf.relas(table), object.name)) {
    const std::size_t symbol = entry.getSymbol(false);
    if (symbol >= object.symbols.size() || entry.r_offset >= section.bytes.size())
      throw ToolError(fmt::format("{}: section {}: relocation at {:#x} points outside the file's tables",
                                  object.name, section.name, static_cast<unsigned>(entry.r_offset)));
    section.relocations.push_back({entry.r_offset, entry.getType(false), symbol, entry.r_addend});
  }
}

}  // namespace

InputObject read_input(const Object& object) {
  const Elf elf = open_elf(object.elf, object.name, llvm::ELF::ET_REL);
  InputObject input;
  input.name = object.name;
  input.arch = arch_of(elf);
  const auto headers = value_of(elf.sections(), input.name);
  for (const Header& header : headers) input.sections.push_back(read_section(elf, header, input.name));
  for (const Header& header : headers)
    if (header.sh_type == llvm::ELF::SHT_SYMTAB) read_symbols(elf, header, input);
  for (const Header& header : headers) {
    if (header.sh_type == llvm::ELF::SHT_RELA) read_relocations(elf, header, input);
    if (header.sh_type == llvm::ELF::SHT_REL)
      throw ToolError(
          fmt::format("{}: relocations without addends (REL) are not part of the IPU's ABI", input.name));
  }
  return input;
}

Object read_object(const std::filesystem::path& file) {
  Object object{file.string(), read_file(file), {}};
  read_input(object);
  return object;
}

}  // namespace ipusim::toolchain
