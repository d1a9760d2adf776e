// SPDX-License-Identifier: Apache-2.0
#include "ipusim/toolchain/linker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "archive.hpp"
#include "dropping.hpp"
#include "elf_writer.hpp"
#include "map_writer.hpp"
#include "relocation.hpp"

namespace ipusim::toolchain {
namespace {

class Link {
 public:
  Link(const std::vector<Object>& objects, const LinkOptions& options, const std::vector<Archive>& archives)
      : options_(options), arch_(isa::arch_info(options.arch)) {
    for (const Object& object : objects) read(object);
    for (const Object* member : needed_members(objects_, options, archives)) read(*member);
    drop_duplicate_groups(objects_);
    allocate_common();
    if (options.gc_sections) drop_unused_sections(objects_, options);
  }

  LinkedImage run() {
    layout_ = lay_out(objects_, arch_, errors_);
    if (!errors_.empty())
      throw ToolError(report());  // addresses mean nothing, and sections may be of any size
    define_symbols();
    for (OutputSection& section : layout_.sections) fill(section);
    const std::uint32_t entry = find_entry();
    if (!errors_.empty()) throw ToolError(report());
    const auto elf = write_executable(layout_, symbols_, entry, arch_.elf_flags, options_.strip);
    return {parse_image(elf, options_.name), write_map(options_.name, objects_, layout_, symbols_, entry)};
  }

 private:
  void read(const Object& object) {
    objects_.push_back(read_input(object, options_.wrapped));
    if (objects_.back().arch != options_.arch)
      errors_.push_back(fmt::format("{}: assembled for {}, the link is for {}", object.name,
                                    isa::arch_info(objects_.back().arch).name, arch_.name));
  }

  // Common symbols become zero-filled data, once per name, as large as the largest and aligned as all want
  // it; a strong definition comes first, a weak one gives way.
  void allocate_common() {
    std::map<std::string, std::pair<std::size_t, std::size_t>> largest;  // name -> object, symbol
    std::map<std::string, std::uint32_t> alignments;
    std::map<std::string, bool> defined;
    for (std::size_t o = 0; o < objects_.size(); ++o)
      for (std::size_t s = 0; s < objects_[o].symbols.size(); ++s) {
        const InputSymbol& symbol = objects_[o].symbols[s];
        const bool defines =
            symbol.kind == InputSymbol::Kind::in_section || symbol.kind == InputSymbol::Kind::absolute;
        if (defines && !symbol.local && !symbol.weak) defined[symbol.name] = true;
        if (symbol.kind != InputSymbol::Kind::common) continue;
        const auto [known, inserted] = largest.try_emplace(symbol.name, o, s);
        const InputSymbol& other = objects_[known->second.first].symbols[known->second.second];
        if (!inserted && symbol.size > other.size) known->second = {o, s};
        alignments[symbol.name] = std::max(alignments[symbol.name], symbol.value);
      }
    for (InputObject& object : objects_)
      for (InputSymbol& symbol : object.symbols) {
        if (symbol.kind != InputSymbol::Kind::common) continue;
        const auto [chosen_object, chosen_symbol] = largest.at(symbol.name);
        if (&objects_[chosen_object].symbols[chosen_symbol] != &symbol || defined.contains(symbol.name)) {
          symbol.kind = InputSymbol::Kind::undefined;
          continue;
        }
        InputSection section;
        section.name = ".bss";
        section.allocated = section.zero_filled = section.writable = true;
        section.alignment = std::max(alignments[symbol.name], 1U);
        section.size = symbol.size;
        object.sections.push_back(section);
        symbol.kind = InputSymbol::Kind::in_section;
        symbol.section = object.sections.size() - 1;
        symbol.value = 0;
      }
  }

  void define_symbols() {
    symbols_.define("__memory_base", arch_.memory_base);
    symbols_.define("__region1_base", arch_.region1_base);
    symbols_.define("__memory_end", arch_.memory_end);
    for (const auto& [name, value] : options_.defines) symbols_.define(name, value);
    for (const OutputSection& section : layout_.sections) {
      const bool identifier = !section.name.empty() &&
                              std::isdigit(static_cast<unsigned char>(section.name[0])) == 0 &&
                              std::all_of(section.name.begin(), section.name.end(),
                                          [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
      if (!identifier || !section.allocated) continue;
      symbols_.define("__start_" + section.name, section.address);
      symbols_.define("__stop_" + section.name, section.address + static_cast<std::uint32_t>(section.size));
    }
    for (std::size_t i = 0; i < objects_.size(); ++i) symbols_.add(objects_, i, layout_, errors_);
    for (const auto& [name, alias] : options_.aliases) symbols_.alias(name, alias, errors_);
  }

  void fill(OutputSection& section) {
    if (section.zero_filled) return;
    section.bytes.resize(section.size);
    for (const Placement& input : section.inputs) {
      const InputObject& object = objects_[input.object];
      const InputSection& from = object.sections[input.section];
      std::copy(from.bytes.begin(), from.bytes.end(),
                section.bytes.begin() + static_cast<std::ptrdiff_t>(input.offset));
      if (from.zero_filled) continue;
      const std::span<std::uint8_t> bytes(section.bytes.data() + input.offset, from.size);
      for (const InputRelocation& relocation : from.relocations) apply(relocation, input, bytes);
    }
  }

  void apply(const InputRelocation& relocation, const Placement& input, std::span<std::uint8_t> bytes) {
    const InputObject& object = objects_[input.object];
    const std::string& section = object.sections[input.section].name;
    const InputSymbol& symbol = object.symbols[relocation.symbol];
    const SymbolValue target = symbols_.value(objects_, input.object, relocation.symbol, layout_);
    std::int64_t value = 0;
    if (target.value) {
      value = *target.value + relocation.addend;
    } else if (target.dropped && !object.sections[input.section].allocated) {
      value = tombstone(section);
    } else {
      errors_.push_back(
          fmt::format("{}: {}, needed in {} at {:#x}", object.name, target.why, section, relocation.offset));
      return;
    }
    const auto complaint = relocate(relocation.type, value, arch_.memory_base, bytes, relocation.offset);
    if (complaint)
      errors_.push_back(fmt::format("{}: {} at {:#x}: {}{}", object.name, section, relocation.offset,
                                    *complaint,
                                    symbol.name.empty() ? "" : fmt::format(" (symbol '{}')", symbol.name)));
  }

  // What debug information says of code that is not linked. In lists of ranges 0 would end the list.
  static std::int64_t tombstone(const std::string& section) {
    return section == ".debug_ranges" || section == ".debug_loc" ? 1 : 0;
  }

  std::uint32_t find_entry() {
    const ResolvedSymbol* entry = symbols_.find(options_.entry);
    if (entry == nullptr) {
      errors_.push_back(fmt::format("no object defines the entry '{}' as a global symbol", options_.entry));
      return 0;
    }
    if (entry->value % 4 != 0 || entry->value < arch_.memory_base || entry->value >= arch_.region1_base)
      errors_.push_back(
          fmt::format("the entry '{}' ({:#x}) is no code address", options_.entry, entry->value));
    return entry->value;
  }

  std::string report() const {
    std::string text = fmt::format("{}: link failed", options_.name);
    for (const std::string& error : errors_) text += "\n  " + error;
    return text;
  }

  const LinkOptions& options_;
  const isa::ArchInfo& arch_;
  std::vector<InputObject> objects_;
  Layout layout_;
  SymbolTable symbols_;
  std::vector<std::string> errors_;
};

}  // namespace

LinkedImage link(const std::vector<Object>& objects, const LinkOptions& options,
                 const std::vector<Archive>& archives) {
  return Link(objects, options, archives).run();
}

std::vector<std::string> defined_symbols(const Object& object) {
  std::vector<std::string> names;
  for (const InputSymbol& symbol : read_input(object).symbols)
    if (!symbol.local && symbol.kind != InputSymbol::Kind::undefined) names.push_back(symbol.name);
  return names;
}

}  // namespace ipusim::toolchain
