#include "symbol_table.hpp"

#include <fmt/format.h>

namespace ipusim::toolchain {
namespace {

constexpr const char* linker_name = "the linker";

// nullopt: the symbol's section is not kept.
std::optional<ResolvedSymbol> resolve(const InputObject& object, std::size_t number,
                                      const InputSymbol& symbol, const Layout& layout) {
  ResolvedSymbol resolved{symbol.name, symbol.value, symbol.size, std::nullopt,
                          symbol.weak, symbol.local, object.name};
  if (symbol.kind == InputSymbol::Kind::absolute) return resolved;
  const auto place = layout.place(number, symbol.section);
  if (!place) {
    // A label in an empty section lies where the section would: at the start of the section of its name.
    for (std::size_t i = 0; i < layout.sections.size(); ++i)
      if (layout.sections[i].name == object.sections[symbol.section].name) {
        resolved.output_section = i;
        resolved.value = layout.sections[i].address;
        return resolved;
      }
    return std::nullopt;
  }
  resolved.output_section = place->output;
  resolved.value = layout.sections[place->output].address + place->offset + symbol.value;
  return resolved;
}

}  // namespace

void SymbolTable::define(const std::string& name, std::uint32_t value) {
  globals_[name] = {name, value, 0, std::nullopt, false, false, linker_name};
}

void SymbolTable::add(const std::vector<InputObject>& objects, std::size_t number, const Layout& layout,
                      std::vector<std::string>& errors) {
  const InputObject& object = objects[number];
  for (const InputSymbol& symbol : object.symbols) {
    if (symbol.kind == InputSymbol::Kind::undefined || symbol.name.empty()) continue;
    const auto resolved = resolve(object, number, symbol, layout);
    if (!resolved) continue;
    if (symbol.local) {
      locals_.push_back(*resolved);
      continue;
    }
    const auto [known, inserted] = globals_.try_emplace(symbol.name, *resolved);
    if (inserted || symbol.weak) continue;
    if (known->second.weak)
      known->second = *resolved;
    else
      errors.push_back(fmt::format("duplicate symbol '{}': defined in {} and in {}", symbol.name,
                                   known->second.defined_in, object.name));
  }
}

std::optional<std::uint32_t> SymbolTable::value(const std::vector<InputObject>& objects, std::size_t number,
                                                std::size_t index, const Layout& layout) const {
  const InputSymbol& symbol = objects[number].symbols[index];
  if (index == 0) return 0;  // the ELF null symbol: the addend is all
  if (symbol.local && symbol.kind != InputSymbol::Kind::undefined) {
    const auto resolved = resolve(objects[number], number, symbol, layout);
    return resolved ? std::optional(resolved->value) : std::nullopt;
  }
  if (const ResolvedSymbol* global = find(symbol.name)) return global->value;
  return symbol.weak ? std::optional(0U) : std::nullopt;
}

const ResolvedSymbol* SymbolTable::find(const std::string& name) const {
  const auto found = globals_.find(name);
  return found == globals_.end() ? nullptr : &found->second;
}

}  // namespace ipusim::toolchain
