// SPDX-License-Identifier: Apache-2.0
#include "ipusim/toolchain/listing.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "../read_file.hpp"
#include "code_listing.hpp"
#include "elf_view.hpp"
#include "ipusim/toolchain/linker.hpp"
#include "tables.hpp"

namespace ipusim::toolchain {
namespace {

// Not the tables of the file format itself.
bool holds_contents(const Elf::Elf_Shdr& section) {
  switch (section.sh_type) {
    case llvm::ELF::SHT_NULL:
    case llvm::ELF::SHT_SYMTAB:
    case llvm::ELF::SHT_STRTAB:
    case llvm::ELF::SHT_RELA:
    case llvm::ELF::SHT_REL:
    case llvm::ELF::SHT_GROUP:
    case llvm::ELF::SHT_SYMTAB_SHNDX:
      return false;
    default:
      return true;
  }
}

std::vector<std::size_t> chosen_sections(const ElfView& file, const std::vector<std::string>& wanted) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 1; i < file.sections().size(); ++i)
    if (wanted.empty() ? holds_contents(*file.sections()[i])
                       : std::find(wanted.begin(), wanted.end(), file.section_name(i)) != wanted.end())
      chosen.push_back(i);
  if (chosen.empty() && !wanted.empty())
    throw ToolError(fmt::format("{}: has no section '{}'", file.name(), fmt::join(wanted, "', '")));
  return chosen;
}

std::string list_code(const ElfView& file, const std::vector<std::size_t>& sections,
                      const ListingOptions& options) {
  CodeListing listing(file, options);
  std::string text;
  for (const std::size_t number : sections) {
    const bool is_code = (file.sections()[number]->sh_flags & llvm::ELF::SHF_EXECINSTR) != 0;
    if (is_code || options.all_code) text += listing.section(number);
  }
  if (text.empty() && !options.function.empty())
    throw ToolError(fmt::format("{}: no code under the symbol '{}'", file.name(), options.function));
  return text;
}

std::string list_elf(std::vector<std::uint8_t> bytes, const std::string& name,
                     const ListingOptions& options) {
  const ElfView file(std::move(bytes), name);
  const std::vector<std::size_t> sections = chosen_sections(file, options.sections);
  std::string text = fmt::format(
      "{}: file format elf32-colossus, {}, {}\n", name, isa::arch_info(file.arch()).name,
      file.is_executable() ? fmt::format("executable, entry {:#010x}",
                                         static_cast<std::uint32_t>(file.elf().getHeader().e_entry))
                           : "relocatable object");
  const bool disassemble = options.code || options.all_code;
  if (options.file_header) text += file_header_table(file);
  if (options.program_headers && file.is_executable()) text += program_header_table(file);
  if (options.section_headers) text += section_header_table(file, sections);
  if (options.symbols) text += symbol_table(file);
  if (options.relocations && !disassemble) text += relocation_table(file, sections);
  if (options.contents)
    for (const std::size_t number : sections) text += contents_dump(file, number);
  if (disassemble) text += list_code(file, sections, options);
  return text;
}

}  // namespace

std::string list_file(const std::filesystem::path& file, const ListingOptions& options) {
  if (!is_archive(file)) return list_elf(read_file(file), file.string(), options);
  const Archive archive = read_archive(file);
  std::string text = fmt::format("In archive {}:\n", archive.name);
  for (const Object& member : archive.members) text += "\n" + list_elf(member.elf, member.name, options);
  return text;
}

}  // namespace ipusim::toolchain
