// SPDX-License-Identifier: Apache-2.0
#include "ipusim/toolchain/image.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "../elf_reading.hpp"
#include "../read_file.hpp"
#include "llvm/ADT/StringRef.h"

namespace ipusim::toolchain {
namespace {

std::vector<Segment> read_segments(const Elf& elf, const std::string& name, const isa::ArchInfo& arch) {
  std::vector<Segment> segments;
  for (const auto& header : value_of(elf.program_headers(), name)) {
    if (header.p_type != llvm::ELF::PT_LOAD || header.p_memsz == 0) continue;
    const std::uint64_t begin = header.p_paddr;
    if (begin < arch.memory_base || begin + header.p_memsz > arch.memory_end)
      throw ToolError(fmt::format("{}: segment {:#x}..{:#x} lies outside the tile memory {:#x}..{:#x} of {}",
                                  name, begin, begin + header.p_memsz, arch.memory_base, arch.memory_end,
                                  arch.name));
    if (header.p_filesz > header.p_memsz)
      throw ToolError(fmt::format("{}: segment at {:#x} is larger in the file than in memory", name, begin));
    const auto contents = value_of(elf.getSegmentContents(header), name);
    segments.push_back({ByteAddr{static_cast<std::uint32_t>(begin)},
                        {contents.begin(), contents.end()},
                        static_cast<std::uint32_t>(header.p_memsz - header.p_filesz)});
  }
  std::sort(segments.begin(), segments.end(),
            [](const Segment& a, const Segment& b) { return a.address < b.address; });
  for (std::size_t i = 1; i < segments.size(); ++i)
    if (segments[i - 1].address.value() + segments[i - 1].size() > segments[i].address.value())
      throw ToolError(fmt::format("{}: segments at {:#x} and {:#x} overlap", name,
                                  segments[i - 1].address.value(), segments[i].address.value()));
  return segments;
}

// The supervisor starts at the entry.
void check_entry(const Elf& elf, const std::string& name, const isa::ArchInfo& arch) {
  const std::uint32_t entry = elf.getHeader().e_entry;
  if (entry % 4 != 0) throw ToolError(fmt::format("{}: the entry {:#x} is no multiple of 4", name, entry));
  bool loaded = false;
  bool executable = false;
  for (const auto& header : value_of(elf.program_headers(), name)) {
    if (header.p_type != llvm::ELF::PT_LOAD || entry - header.p_paddr >= header.p_memsz) continue;
    loaded = true;
    executable = (header.p_flags & llvm::ELF::PF_X) != 0 && entry < arch.region1_base;
  }
  if (!loaded) throw ToolError(fmt::format("{}: the entry {:#x} lies in no loaded segment", name, entry));
  if (!executable) throw ToolError(fmt::format("{}: the entry {:#x} lies in no code", name, entry));
}

void read_symbols(const Elf& elf, const std::string& name, Image& image) {
  for (const auto& section : value_of(elf.sections(), name)) {
    if (section.sh_type != llvm::ELF::SHT_SYMTAB) continue;
    const auto strings = value_of(elf.getStringTableForSymtab(section), name);
    for (const auto& symbol : value_of(elf.symbols(&section), name)) {
      const bool is_local = symbol.getBinding() == llvm::ELF::STB_LOCAL;
      const bool is_label =
          symbol.getType() != llvm::ELF::STT_FILE && symbol.getType() != llvm::ELF::STT_SECTION;
      if (symbol.st_shndx == llvm::ELF::SHN_UNDEF || (is_local && !is_label)) continue;
      (is_local ? image.local_symbols : image.symbols)
          .push_back({value_of(symbol.getName(strings), name).str(), symbol.st_value, symbol.st_size,
                      symbol.st_shndx == llvm::ELF::SHN_ABS});
    }
  }
}

}  // namespace

const Symbol* Image::find_symbol(std::string_view wanted) const {
  const auto found = std::find_if(symbols.begin(), symbols.end(),
                                  [&](const Symbol& symbol) { return symbol.name == wanted; });
  return found == symbols.end() ? nullptr : &*found;
}

const Symbol& Image::symbol(std::string_view wanted) const {
  if (const Symbol* found = find_symbol(wanted)) return *found;
  const llvm::StringRef name_wanted(wanted.data(), wanted.size());
  const Symbol* nearest = nullptr;
  unsigned distance = 4;  // further away is no typing error
  for (const Symbol& candidate : symbols) {
    const unsigned d = name_wanted.edit_distance(candidate.name, true, distance);
    if (d < distance) {
      distance = d;
      nearest = &candidate;
    }
  }
  throw ToolError(fmt::format("{}: no global symbol '{}'{}", name, wanted,
                              nearest == nullptr ? "" : fmt::format("; did you mean '{}'?", nearest->name)));
}

Image parse_image(std::span<const std::uint8_t> bytes, const std::string& name) {
  const Elf elf = open_elf(bytes, name, llvm::ELF::ET_EXEC);
  Image image;
  image.name = name;
  image.arch = arch_of(elf);
  image.entry = ByteAddr{elf.getHeader().e_entry};
  image.segments = read_segments(elf, name, isa::arch_info(image.arch));
  read_symbols(elf, name, image);
  check_entry(elf, name, isa::arch_info(image.arch));
  image.elf.assign(bytes.begin(), bytes.end());
  return image;
}

Image load_image(const std::filesystem::path& file) {
  const auto bytes = read_file(file);
  return parse_image(bytes, file.string());
}

}  // namespace ipusim::toolchain
