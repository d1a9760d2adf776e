// SPDX-License-Identifier: Apache-2.0
#include "ipusim/toolchain/symbol_locator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "../elf_reading.hpp"

namespace ipusim::toolchain {
namespace {

// Addresses [begin, end).
struct Range {
  std::uint32_t begin, end;
  bool holds(std::uint32_t address) const { return address >= begin && address < end; }
};

struct Candidate {
  std::string name;
  std::uint32_t value, size;
  unsigned section;
  unsigned rank;  // of those at one address the highest is preferred
};

unsigned rank_of(const Elf::Elf_Sym& symbol) {
  constexpr unsigned weakest = 0, weak = 1, global = 2, typed = 4, sized = 8;
  const unsigned type = symbol.getType();
  const unsigned binding = symbol.getBinding() == llvm::ELF::STB_LOCAL  ? weakest
                           : symbol.getBinding() == llvm::ELF::STB_WEAK ? weak
                                                                        : global;
  return binding + (type == llvm::ELF::STT_FUNC || type == llvm::ELF::STT_OBJECT ? typed : 0U) +
         (symbol.st_size != 0 ? sized : 0U);
}

bool names_place(const Elf::Elf_Sym& symbol) {
  return symbol.st_shndx != llvm::ELF::SHN_UNDEF && symbol.st_shndx != llvm::ELF::SHN_ABS &&
         symbol.st_shndx != llvm::ELF::SHN_COMMON && symbol.getType() != llvm::ELF::STT_FILE &&
         symbol.getType() != llvm::ELF::STT_SECTION;
}

std::vector<Candidate> read_candidates(const Elf& elf, const std::string& name) {
  std::vector<Candidate> result;
  for (const auto& table : value_of(elf.sections(), name)) {
    if (table.sh_type != llvm::ELF::SHT_SYMTAB) continue;
    const auto strings = value_of(elf.getStringTableForSymtab(table), name);
    for (const auto& symbol : value_of(elf.symbols(&table), name)) {
      if (!names_place(symbol)) continue;
      auto text = symbol.getName(strings);
      if (!text) llvm::consumeError(text.takeError());
      if (!text || text->empty()) continue;
      result.push_back({text->str(), symbol.st_value, symbol.st_size, symbol.st_shndx, rank_of(symbol)});
    }
  }
  return result;
}

// Where a section stands in memory; nothing if it takes none.
std::vector<Range> section_ranges(const Elf& elf, const std::string& name) {
  std::vector<Range> result;
  for (const auto& section : value_of(elf.sections(), name)) {
    const bool loaded = (section.sh_flags & llvm::ELF::SHF_ALLOC) != 0;
    const std::uint32_t begin = section.sh_addr;
    const std::uint32_t size = section.sh_size;
    result.push_back({begin, loaded ? begin + size : begin});
  }
  return result;
}

// Labels end with the symbol with a size that they lie in.
void clip_labels(const std::vector<Candidate>& candidates, std::vector<std::uint32_t>& ends) {
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].size == 0) continue;
    for (std::size_t k = i + 1; k < candidates.size() && candidates[k].section == candidates[i].section &&
                                candidates[k].value < ends[i];
         ++k) {
      if (candidates[k].size == 0) ends[k] = std::min(ends[k], ends[i]);
    }
  }
}

}  // namespace

std::string SymbolPlace::format() const { return offset == 0 ? name : fmt::format("{}+{:#x}", name, offset); }

SymbolLocator::SymbolLocator(const Image& image)
    : memory_base_(isa::arch_info(image.arch).memory_base),
      memory_end_(isa::arch_info(image.arch).memory_end) {
  const Elf elf = open_elf(image.elf, image.name, llvm::ELF::ET_EXEC);
  std::vector<Candidate> candidates = read_candidates(elf, image.name);
  const std::vector<Range> sections = section_ranges(elf, image.name);
  // A label at the end of a section is no place in it.
  std::erase_if(candidates, [&](const Candidate& candidate) {
    return candidate.section >= sections.size() || !sections[candidate.section].holds(candidate.value);
  });
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.section, a.value, a.rank) < std::tie(b.section, b.value, b.rank);
  });
  std::vector<std::uint32_t> ends(candidates.size());
  // Backwards, so that the next symbol is known.
  for (std::size_t i = candidates.size(); i-- > 0;) {
    const Candidate& candidate = candidates[i];
    const std::uint32_t section_end = sections[candidate.section].end;
    const Candidate* next = i + 1 < candidates.size() ? &candidates[i + 1] : nullptr;
    if (candidate.size != 0) {
      ends[i] = candidate.value + std::min(candidate.size, section_end - candidate.value);
    } else if (next == nullptr || next->section != candidate.section) {
      ends[i] = section_end;
    } else {
      ends[i] = next->value != candidate.value || next->size != 0 ? next->value : ends[i + 1];
    }
  }
  clip_labels(candidates, ends);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    extents_.push_back({candidates[i].value, ends[i], std::move(candidates[i].name)});
  }
  std::stable_sort(extents_.begin(), extents_.end(),
                   [](const Extent& a, const Extent& b) { return a.begin < b.begin; });
}

std::optional<SymbolPlace> SymbolLocator::locate(ByteAddr address) const {
  const std::uint32_t at = address.value();
  if (at < memory_base_ || at >= memory_end_) return std::nullopt;
  auto found =
      std::upper_bound(extents_.begin(), extents_.end(), at,
                       [](std::uint32_t value, const Extent& extent) { return value < extent.begin; });
  while (found != extents_.begin()) {
    --found;
    if (at < found->end) return SymbolPlace{found->name, at - found->begin};
  }
  return std::nullopt;
}

}  // namespace ipusim::toolchain
