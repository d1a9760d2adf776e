// SPDX-License-Identifier: Apache-2.0
#include "symbol_table.hpp"

#include <fmt/format.h>

namespace ipusim::toolchain {
namespace {

constexpr const char* linker_name = "the linker";

// nullopt: the symbol's section is not linked.
std::optional<ResolvedSymbol> resolve(const InputObject& object, std::size_t number,
                                      const InputSymbol& symbol, const Layout& layout) {
  ResolvedSymbol resolved{symbol.name, symbol.value, symbol.size, std::nullopt,
                          symbol.weak, symbol.local, object.name, symbol.type};
  if (symbol.kind == InputSymbol::Kind::absolute) return resolved;
  const auto place = layout.place(number, symbol.section);
  if (!place) return std::nullopt;
  resolved.output_section = place->output;
  resolved.value = layout.sections[place->output].address + place->offset + symbol.value;
  return resolved;
}

}  // namespace

void SymbolTable::define(const std::string& name, std::uint32_t value) {
  globals_[name] = {name, value, 0, std::nullopt, false, false, linker_name, 0};
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

void SymbolTable::alias(const std::string& name, const SymbolAlias& of, std::vector<std::string>& errors) {
  const ResolvedSymbol* target = find(of.symbol);
  if (target == nullptr) {
    errors.push_back(fmt::format("'{}' is to stand for '{}', which no object defines", name, of.symbol));
    return;
  }
  ResolvedSymbol resolved = *target;
  resolved.name = name;
  resolved.value += static_cast<std::uint32_t>(of.addend);
  resolved.weak = false;
  resolved.defined_in = linker_name;
  const auto [known, inserted] = globals_.try_emplace(name, resolved);
  if (!inserted)
    errors.push_back(fmt::format("duplicate symbol '{}': defined in {} and in {}", name, linker_name,
                                 known->second.defined_in));
}

SymbolValue SymbolTable::value(const std::vector<InputObject>& objects, std::size_t number, std::size_t index,
                               const Layout& layout) const {
  const InputObject& object = objects[number];
  const InputSymbol& symbol = object.symbols[index];
  if (index == 0) return {0, {}};  // the ELF null symbol: the addend is all
  if (symbol.local && symbol.kind != InputSymbol::Kind::undefined) {
    if (const auto resolved = resolve(object, number, symbol, layout)) return {resolved->value, {}};
    const InputSection& section = object.sections[symbol.section];
    return {std::nullopt, fmt::format("section {}, which {}", section.name, section.dropped), true};
  }
  if (const ResolvedSymbol* global = find(symbol.name)) return {global->value, {}};
  if (symbol.weak) return {0, {}};
  return {std::nullopt, fmt::format("undefined symbol '{}'", symbol.name)};
}

const ResolvedSymbol* SymbolTable::find(const std::string& name) const {
  const auto found = globals_.find(name);
  return found == globals_.end() ? nullptr : &found->second;
}

}  // namespace ipusim::toolchain
