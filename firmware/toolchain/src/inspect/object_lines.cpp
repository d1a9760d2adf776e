// SPDX-License-Identifier: Apache-2.0
#include "object_lines.hpp"

#include "../linker/relocation.hpp"

namespace ipusim::toolchain {
namespace {

constexpr std::uint32_t base_alignment = 16;

// The file with the relocations of its debug sections carried out. What cannot be is left as it is: it
// locates nothing.
std::vector<std::uint8_t> relocated(const ElfView& file, const std::vector<std::uint32_t>& bases) {
  std::vector<std::uint8_t> bytes = file.bytes();
  for (const auto& [number, entries] : file.relocations()) {
    if (number >= file.sections().size() || !file.section_name(number).starts_with(".debug")) continue;
    const auto contents = file.contents(number);
    if (contents.empty()) continue;
    const std::span<std::uint8_t> place(bytes.data() + (contents.data() - file.bytes().data()),
                                        contents.size());
    for (const auto& [offset, entry] : entries) {
      if (entry.symbol >= file.symbols().size()) continue;
      const ElfView::SymbolEntry& symbol = file.symbols()[entry.symbol];
      const std::uint32_t base = symbol.section < bases.size() ? bases[symbol.section] : 0;
      relocate(entry.type, std::int64_t{base} + symbol.value + entry.addend, 0, place, offset);
    }
  }
  return bytes;
}

}  // namespace

FileLines::FileLines(const ElfView& file) : bases_(file.sections().size()) {
  std::uint32_t next = base_alignment;
  for (std::size_t i = 0; !file.is_executable() && i < bases_.size(); ++i) {
    const auto& section = *file.sections()[i];
    if ((section.sh_flags & llvm::ELF::SHF_ALLOC) == 0) continue;
    bases_[i] = next;
    next = (next + section.sh_size + 2 * base_alignment - 1) / base_alignment * base_alignment;
  }
  Image image{};
  image.name = file.name();
  image.elf = file.is_executable() ? file.bytes() : relocated(file, bases_);
  locator_.emplace(image);
}

std::optional<SourceLocation> FileLines::locate(std::size_t section, std::uint32_t address) const {
  return locator_->locate(ByteAddr{bases_[section] + address});
}

}  // namespace ipusim::toolchain
