// SPDX-License-Identifier: Apache-2.0
#include "elf_view.hpp"

#include "../target/relocation_table.hpp"

namespace ipusim::toolchain {
namespace {

Elf open_any(std::span<const std::uint8_t> bytes, const std::string& name) {
  const bool executable = bytes.size() > 16 && bytes[16] == llvm::ELF::ET_EXEC;
  return open_elf(bytes, name, executable ? llvm::ELF::ET_EXEC : llvm::ELF::ET_REL);
}

bool is_label(const ElfView::SymbolEntry& symbol) {
  return !symbol.name.empty() && symbol.type != llvm::ELF::STT_SECTION && symbol.type != llvm::ELF::STT_FILE;
}

std::string plus(const std::string& name, std::uint32_t distance) {
  return distance == 0 ? name : fmt::format("{}+{:#x}", name, distance);
}

}  // namespace

std::string relocation_name(unsigned type) {
  const llvm::Colossus::RelocRule* rule = llvm::Colossus::find_reloc(type);
  return rule == nullptr ? fmt::format("relocation {}", type) : rule->name.str();
}

ElfView::ElfView(std::vector<std::uint8_t> bytes, std::string name)
    : name_(std::move(name)), bytes_(std::move(bytes)), elf_(open_any(bytes_, name_)) {
  for (const auto& section : value_of(elf_.sections(), name_)) sections_.push_back(&section);
  for (const auto* section : sections_)
    if (section->sh_type == llvm::ELF::SHT_SYMTAB) read_symbols(*section);
  for (const auto* section : sections_)
    if (section->sh_type == llvm::ELF::SHT_RELA) read_relocations(*section);
}

void ElfView::read_symbols(const Elf::Elf_Shdr& table) {
  const auto strings = value_of(elf_.getStringTableForSymtab(table), name_);
  for (const auto& symbol : value_of(elf_.symbols(&table), name_)) {
    std::string name = value_of(symbol.getName(strings), name_).str();
    if (symbol.getType() == llvm::ELF::STT_SECTION) name = section_name(symbol.st_shndx);
    symbols_.push_back({name, symbol.st_value, symbol.st_size, symbol.st_shndx, symbol.getBinding(),
                        symbol.getType(), symbol.getVisibility()});
    if (is_label(symbols_.back())) labels_[symbol.st_shndx].emplace(symbol.st_value, name);
  }
}

void ElfView::read_relocations(const Elf::Elf_Shdr& table) {
  for (const auto& entry : value_of(elf_.relas(table), name_))
    relocations_[table.sh_info].emplace(
        entry.r_offset, RelocationEntry{entry.getType(false), entry.getSymbol(false), entry.r_addend});
}

std::string ElfView::section_name(std::size_t number) const {
  if (number == llvm::ELF::SHN_UNDEF) return "*UND*";
  if (number == llvm::ELF::SHN_COMMON) return "*COM*";
  return number < sections_.size() ? value_of(elf_.getSectionName(*sections_[number]), name_).str() : "*ABS*";
}

std::span<const std::uint8_t> ElfView::contents(std::size_t section) const {
  if (sections_[section]->sh_type == llvm::ELF::SHT_NOBITS) return {};
  const auto contents = value_of(elf_.getSectionContents(*sections_[section]), name_);
  return {contents.data(), contents.size()};
}

const std::multimap<std::uint32_t, std::string>& ElfView::labels(std::size_t section) const {
  static const std::multimap<std::uint32_t, std::string> none;
  const auto found = labels_.find(section);
  return found == labels_.end() ? none : found->second;
}

std::optional<std::string> ElfView::label_near(std::size_t section, std::uint32_t address) const {
  const auto& known = labels(section);
  auto label = known.upper_bound(address);
  if (label == known.begin()) return std::nullopt;
  label = known.lower_bound(std::prev(label)->first);
  return plus(label->second, address - label->first);
}

std::optional<std::string> ElfView::label_near(std::uint32_t address) const {
  for (std::size_t i = 1; i < sections_.size(); ++i) {
    const auto& section = *sections_[i];
    if ((section.sh_flags & llvm::ELF::SHF_ALLOC) != 0 && address - section.sh_addr < section.sh_size)
      return label_near(i, address);
  }
  return std::nullopt;
}

std::string ElfView::target_of(const RelocationEntry& relocation) const {
  if (relocation.symbol == 0) return fmt::format("*ABS*{:+#x}", relocation.addend);
  if (relocation.symbol >= symbols_.size()) return "?";
  const SymbolEntry& symbol = symbols_[relocation.symbol];
  return relocation.addend == 0 ? symbol.name : fmt::format("{}{:+#x}", symbol.name, relocation.addend);
}

}  // namespace ipusim::toolchain
