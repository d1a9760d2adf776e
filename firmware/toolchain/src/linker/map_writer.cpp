// SPDX-License-Identifier: Apache-2.0
#include "map_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ipusim::toolchain {

std::string write_map(const std::string& name, const std::vector<InputObject>& objects, const Layout& layout,
                      const SymbolTable& symbols, std::uint32_t entry) {
  std::string text =
      fmt::format("{}, entry {:#010x}\n\naddress    size       align  section / input\n", name, entry);
  for (const OutputSection& section : layout.sections) {
    if (!section.allocated) continue;
    text += fmt::format("{:#010x} {:#010x} {:>5}  {}\n", section.address, section.size, section.alignment,
                        section.name);
    for (const Placement& input : section.inputs) {
      const InputSection& from = objects[input.object].sections[input.section];
      text += fmt::format("{:#010x} {:#010x} {:>5}    {} ({})\n", section.address + input.offset, from.size,
                          from.alignment, objects[input.object].name, from.name);
    }
  }
  std::vector<const ResolvedSymbol*> ordered;
  for (const auto& [unused, symbol] : symbols.globals()) ordered.push_back(&symbol);
  for (const ResolvedSymbol& symbol : symbols.locals()) ordered.push_back(&symbol);
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const ResolvedSymbol* a, const ResolvedSymbol* b) { return a->value < b->value; });
  text += "\nvalue      size       scope   symbol (defined in)\n";
  for (const ResolvedSymbol* symbol : ordered)
    text += fmt::format("{:#010x} {:#010x} {:<7} {} ({})\n", symbol->value, symbol->size,
                        symbol->local  ? "local"
                        : symbol->weak ? "weak"
                                       : "global",
                        symbol->name, symbol->defined_in);
  return text;
}

}  // namespace ipusim::toolchain
