#include "ipusim/toolchain/listing.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <vector>

#include "../elf_reading.hpp"
#include "../read_file.hpp"
#include "../target/target_info.hpp"
#include "ipusim/toolchain/disassembler.hpp"
#include "ipusim/toolchain/source_locator.hpp"

namespace ipusim::toolchain {
namespace {

constexpr const char* format_name = "elf32-colossus";

class Listing {
 public:
  Listing(const std::filesystem::path& path, const ListingOptions& options)
      : name_(path.string()),
        options_(options),
        bytes_(read_file(path)),
        elf_(open(bytes_, name_)),
        disassembler_(arch_of(elf_), options.mode) {
    for (const auto& section : value_of(elf_.sections(), name_)) sections_.push_back(&section);
    collect();
    if (is_executable() && options_.lines) locator_.emplace(parse_image(bytes_, name_));
  }

  std::string text() {
    out_ = fmt::format("{}: file format {}, {}, {}\n", name_, format_name, isa::arch_info(arch_of(elf_)).name,
                       is_executable() ? fmt::format("executable, entry {:#010x}",
                                                     static_cast<std::uint32_t>(elf_.getHeader().e_entry))
                                       : "relocatable object");
    if (options_.headers) list_sections();
    if (options_.symbols) list_symbols();
    if (options_.relocations && !options_.code) list_relocations();
    if (options_.code)
      for (std::size_t i = 0; i < sections_.size(); ++i)
        if ((sections_[i]->sh_flags & llvm::ELF::SHF_EXECINSTR) != 0) list_code(i);
    return out_;
  }

 private:
  struct SymbolEntry {
    std::string name;
    std::uint32_t value, size;
    unsigned section;
    bool local, weak;
  };

  static Elf open(std::span<const std::uint8_t> bytes, const std::string& name) {
    const bool executable = bytes.size() > 16 && bytes[16] == llvm::ELF::ET_EXEC;
    return open_elf(bytes, name, executable ? llvm::ELF::ET_EXEC : llvm::ELF::ET_REL);
  }
  bool is_executable() const { return elf_.getHeader().e_type == llvm::ELF::ET_EXEC; }
  std::string section_name(std::size_t index) const {
    return index < sections_.size() ? value_of(elf_.getSectionName(*sections_[index]), name_).str() : "*ABS*";
  }

  void collect() {
    for (const auto* section : sections_) {
      if (section->sh_type == llvm::ELF::SHT_SYMTAB) {
        const auto strings = value_of(elf_.getStringTableForSymtab(*section), name_);
        for (const auto& symbol : value_of(elf_.symbols(section), name_)) {
          std::string name = value_of(symbol.getName(strings), name_).str();
          if (symbol.getType() == llvm::ELF::STT_SECTION) name = section_name(symbol.st_shndx);
          symbols_.push_back({name, symbol.st_value, symbol.st_size, symbol.st_shndx,
                              symbol.getBinding() == llvm::ELF::STB_LOCAL,
                              symbol.getBinding() == llvm::ELF::STB_WEAK});
        }
      }
    }
    for (const auto* section : sections_)
      if (section->sh_type == llvm::ELF::SHT_RELA)
        for (const auto& entry : value_of(elf_.relas(*section), name_)) {
          const std::size_t symbol = entry.getSymbol(false);
          const std::int32_t addend = entry.r_addend;
          const std::string target = symbol < symbols_.size() ? symbols_[symbol].name : "?";
          relocations_[section->sh_info].emplace(
              entry.r_offset, fmt::format("{} {}{}", llvm::Colossus::reloc_name(entry.getType(false)).str(),
                                          target, addend == 0 ? "" : fmt::format("{:+#x}", addend)));
        }
  }

  void list_sections() {
    out_ += "\n idx name                 address    size       align  flags\n";
    for (std::size_t i = 1; i < sections_.size(); ++i) {
      const auto& section = *sections_[i];
      const std::uint32_t flags = section.sh_flags;
      out_ += fmt::format("{:>4} {:<20} {:#010x} {:#010x} {:>5}  {}{}{}{}\n", i, section_name(i),
                          static_cast<std::uint32_t>(section.sh_addr),
                          static_cast<std::uint32_t>(section.sh_size),
                          static_cast<std::uint32_t>(section.sh_addralign),
                          (flags & llvm::ELF::SHF_ALLOC) != 0 ? "alloc " : "",
                          (flags & llvm::ELF::SHF_WRITE) != 0 ? "write " : "",
                          (flags & llvm::ELF::SHF_EXECINSTR) != 0 ? "code " : "",
                          section.sh_type == llvm::ELF::SHT_NOBITS ? "zero-filled" : "");
    }
  }

  void list_symbols() {
    out_ += "\nvalue      size       scope  section              symbol\n";
    for (const SymbolEntry& symbol : symbols_) {
      if (symbol.name.empty()) continue;
      out_ += fmt::format("{:#010x} {:#010x} {:<6} {:<20} {}\n", symbol.value, symbol.size,
                          symbol.local  ? "local"
                          : symbol.weak ? "weak"
                                        : "global",
                          symbol.section == llvm::ELF::SHN_UNDEF ? "*UND*" : section_name(symbol.section),
                          symbol.name);
    }
  }

  void list_relocations() {
    for (const auto& [section, entries] : relocations_) {
      out_ += fmt::format("\nRelocations of {}:\n", section_name(section));
      for (const auto& [offset, text] : entries) out_ += fmt::format("{:08x}: {}\n", offset, text);
    }
  }

  void list_code(std::size_t index) {
    const auto contents = value_of(elf_.getSectionContents(*sections_[index]), name_);
    const std::span<const std::uint8_t> code(contents.data(), contents.size());
    const std::uint32_t base = sections_[index]->sh_addr;
    std::multimap<std::uint32_t, std::string> labels;
    for (const SymbolEntry& symbol : symbols_)
      if (symbol.section == index && !symbol.name.empty() && symbol.name != section_name(index))
        labels.emplace(symbol.value, symbol.name);
    out_ += fmt::format("\nDisassembly of section {}:\n", section_name(index));
    std::optional<SourceLocation> last;
    for (std::uint32_t at = 0; at < code.size();) {
      const std::uint32_t address = base + at;
      for (auto [label, end] = labels.equal_range(address); label != end; ++label)
        out_ += fmt::format("\n{:08x} <{}>:\n", address, label->second);
      if (locator_) print_line(address, last);
      const Disassembly one = disassembler_.disassemble(code.subspan(at), address);
      std::string bytes;
      for (unsigned i = 0; i < one.bytes; ++i) bytes += fmt::format("{:02x} ", code[at + i]);
      out_ += fmt::format("{:8x}: {:<25} {}\n", address, bytes, one.text);
      print_relocations(index, at, one.bytes);
      at += one.bytes;
    }
  }

  void print_line(std::uint32_t address, std::optional<SourceLocation>& last) {
    const auto location = locator_->locate(ByteAddr{address});
    if (!location || (last && last->file == location->file && last->line == location->line)) return;
    out_ += fmt::format("; {}\n", location->format());
    last = location;
  }

  void print_relocations(std::size_t index, std::uint32_t at, unsigned bytes) {
    const auto entries = relocations_.find(static_cast<std::uint32_t>(index));
    if (!options_.relocations || entries == relocations_.end()) return;
    for (auto entry = entries->second.lower_bound(at);
         entry != entries->second.end() && entry->first < at + bytes; ++entry)
      out_ += fmt::format("{:20x}: {}\n", entry->first, entry->second);
  }

  std::string name_;
  const ListingOptions& options_;
  std::vector<std::uint8_t> bytes_;
  Elf elf_;
  Disassembler disassembler_;
  std::optional<SourceLocator> locator_;
  std::vector<const Elf::Elf_Shdr*> sections_;
  std::vector<SymbolEntry> symbols_;
  std::map<std::uint32_t, std::multimap<std::uint32_t, std::string>>
      relocations_;  // section -> offset -> text
  std::string out_;
};

}  // namespace

std::string list_file(const std::filesystem::path& file, const ListingOptions& options) {
  return Listing(file, options).text();
}

}  // namespace ipusim::toolchain
