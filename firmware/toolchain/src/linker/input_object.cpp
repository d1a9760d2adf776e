// SPDX-License-Identifier: Apache-2.0
#include "input_object.hpp"

#include "../elf_reading.hpp"
#include "../read_file.hpp"
#include "ipusim/toolchain/linker.hpp"

namespace ipusim::toolchain {
namespace {

using Header = Elf::Elf_Shdr;

// Kinds of sections no tile can make sense of are refused before anything depends on them.
void check_kind(const Header& header, const InputSection& section, const std::string& object) {
  using namespace llvm::ELF;
  const auto refuse = [&](const std::string& why) {
    throw ToolError(fmt::format("{}: section {}: {}", object, section.name, why));
  };
  if ((header.sh_flags & SHF_TLS) != 0) refuse("there is no thread-local storage on a tile");
  if ((header.sh_flags & SHF_COMPRESSED) != 0)
    refuse("is compressed; compile it without compressed debug sections");
  if ((header.sh_flags & SHF_ALLOC) == 0) return;
  if ((header.sh_flags & SHF_LINK_ORDER) != 0)
    refuse("its place depends on another section's, which is not supported");
  switch (header.sh_type) {
    case SHT_PROGBITS:
    case SHT_NOBITS:
    case SHT_NOTE:
      return;
    case SHT_INIT_ARRAY:
    case SHT_FINI_ARRAY:
    case SHT_PREINIT_ARRAY:
      return refuse("nothing on a tile calls constructors or destructors");
    default:
      return refuse(
          fmt::format("sections of type {:#x} cannot be loaded", static_cast<unsigned>(header.sh_type)));
  }
}

// Why the section stays out of every executable; empty if it does not.
std::string reason_to_drop(const Header& header, const InputSection& section) {
  if (header.sh_type == llvm::ELF::SHT_NULL || header.sh_type == llvm::ELF::SHT_GROUP)
    return "holds no contents";
  if (section.excluded) return "is marked as not for executables";
  // Nothing unwinds on a tile, and frame information would take its memory; .debug_frame is kept for
  // debuggers.
  if (section.name == ".eh_frame") return "is not linked: nothing on a tile unwinds the stack";
  if (!section.allocated && (!section.name.starts_with(".debug") || section.zero_filled))
    return "is not part of the program";
  return {};
}

InputSection read_section(const Elf& elf, const Header& header, const std::string& name) {
  InputSection section;
  section.name = value_of(elf.getSectionName(header), name).str();
  section.allocated = (header.sh_flags & llvm::ELF::SHF_ALLOC) != 0;
  section.writable = (header.sh_flags & llvm::ELF::SHF_WRITE) != 0;
  section.executable = (header.sh_flags & llvm::ELF::SHF_EXECINSTR) != 0;
  section.excluded = (header.sh_flags & llvm::ELF::SHF_EXCLUDE) != 0;
  section.retained = (header.sh_flags & llvm::ELF::SHF_GNU_RETAIN) != 0;
  section.zero_filled = header.sh_type == llvm::ELF::SHT_NOBITS;
  section.dropped = reason_to_drop(header, section);
  section.alignment = std::max<std::uint32_t>(header.sh_addralign, 1);
  section.size = header.sh_size;
  if (header.sh_type != llvm::ELF::SHT_NULL) check_kind(header, section, name);
  if ((section.alignment & (section.alignment - 1)) != 0)
    throw ToolError(fmt::format("{}: section {}: alignment {} is no power of two", name, section.name,
                                section.alignment));
  if (!section.zero_filled && header.sh_type != llvm::ELF::SHT_NULL) {
    const auto bytes = value_of(elf.getSectionContents(header), name);
    section.bytes.assign(bytes.begin(), bytes.end());
  }
  return section;
}

void check_kind(const Elf::Elf_Sym& entry, const std::string& symbol, const std::string& object) {
  using namespace llvm::ELF;
  const auto refuse = [&](const std::string& why) {
    throw ToolError(fmt::format("{}: symbol '{}': {}", object, symbol, why));
  };
  switch (entry.getBinding()) {
    case STB_LOCAL:
    case STB_GLOBAL:
    case STB_WEAK:
    case STB_GNU_UNIQUE:
      break;
    default:
      refuse(fmt::format("binding {} is unknown", static_cast<unsigned>(entry.getBinding())));
  }
  switch (entry.getType()) {
    case STT_NOTYPE:
    case STT_OBJECT:
    case STT_FUNC:
    case STT_SECTION:
    case STT_FILE:
    case STT_COMMON:
      break;
    case STT_TLS:
      return refuse("there is no thread-local storage on a tile");
    case STT_GNU_IFUNC:
      return refuse("indirect functions are resolved by a loader, and a tile has none");
    default:
      refuse(fmt::format("type {} is unknown", static_cast<unsigned>(entry.getType())));
  }
  if (entry.getBinding() != STB_LOCAL && symbol.find('@') != std::string::npos)
    refuse("versions of symbols are for shared objects, and a tile has none");
}

void read_symbols(const Elf& elf, const Header& table, InputObject& object) {
  const auto strings = value_of(elf.getStringTableForSymtab(table), object.name);
  for (const auto& entry : value_of(elf.symbols(&table), object.name)) {
    InputSymbol symbol;
    symbol.name = value_of(entry.getName(strings), object.name).str();
    symbol.type = entry.getType();
    check_kind(entry, symbol.name, object.name);
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
        if ((symbol.value & (symbol.value - 1)) != 0)
          throw ToolError(fmt::format("{}: common symbol '{}': alignment {} is no power of two", object.name,
                                      symbol.name, symbol.value));
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

void read_group(const Elf& elf, const Header& header, InputObject& object) {
  const auto words = value_of(elf.getSectionContentsAsArray<Elf::Elf_Word>(header), object.name);
  if (words.empty() || header.sh_info >= object.symbols.size())
    throw ToolError(fmt::format("{}: damaged section group", object.name));
  InputGroup group;
  const InputSymbol& symbol = object.symbols[header.sh_info];
  group.signature = symbol.name.empty() && symbol.kind == InputSymbol::Kind::in_section
                        ? object.sections[symbol.section].name
                        : symbol.name;
  group.comdat = (words.front() & llvm::ELF::GRP_COMDAT) != 0;
  for (const std::uint32_t member : words.drop_front()) {
    if (member == 0 || member >= object.sections.size())
      throw ToolError(fmt::format("{}: group '{}' has section {}, which does not exist", object.name,
                                  group.signature, member));
    group.sections.push_back(member);
  }
  object.groups.push_back(std::move(group));
}

void wrap_references(InputObject& object, const std::vector<std::string>& wrapped) {
  for (InputSymbol& symbol : object.symbols) {
    if (symbol.kind != InputSymbol::Kind::undefined) continue;
    for (const std::string& name : wrapped) {
      if (symbol.name == name)
        symbol.name = "__wrap_" + name;
      else if (symbol.name == "__real_" + name)
        symbol.name = name;
      else
        continue;
      break;
    }
  }
}

}  // namespace

InputObject read_input(const Object& object, const std::vector<std::string>& wrapped) {
  const Elf elf = open_elf(object.elf, object.name, llvm::ELF::ET_REL);
  InputObject input;
  input.name = object.name;
  input.arch = arch_of(elf);
  const auto headers = value_of(elf.sections(), input.name);
  for (const Header& header : headers) input.sections.push_back(read_section(elf, header, input.name));
  for (const Header& header : headers)
    if (header.sh_type == llvm::ELF::SHT_SYMTAB) {
      if (!input.symbols.empty()) throw ToolError(fmt::format("{}: more than one symbol table", input.name));
      read_symbols(elf, header, input);
    }
  for (const Header& header : headers) {
    if (header.sh_type == llvm::ELF::SHT_GROUP) read_group(elf, header, input);
    if (header.sh_type == llvm::ELF::SHT_RELA) read_relocations(elf, header, input);
    if (header.sh_type == llvm::ELF::SHT_REL)
      throw ToolError(
          fmt::format("{}: relocations without addends (REL) are not part of the IPU's ABI", input.name));
  }
  wrap_references(input, wrapped);
  return input;
}

Object read_object(const std::filesystem::path& file) {
  Object object{file.string(), read_file(file), {}};
  read_input(object);
  return object;
}

}  // namespace ipusim::toolchain
