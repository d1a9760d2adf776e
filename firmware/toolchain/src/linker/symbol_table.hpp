// Global symbols of a link and what every object's symbols stand for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "layout.hpp"

namespace ipusim::toolchain {

struct ResolvedSymbol {
  std::string name;
  std::uint32_t value = 0;
  std::uint32_t size = 0;
  std::optional<std::size_t> output_section;  // none: absolute
  bool weak = false;
  bool local = false;
  std::string defined_in;  // object's name, for messages and the map
};

class SymbolTable {
 public:
  // The linker's own symbol. Errors if an object defines it too come later, from add().
  void define(const std::string& name, std::uint32_t value);
  // Definitions of an object; errors: a second strong definition, naming both places.
  void add(const std::vector<InputObject>& objects, std::size_t object, const Layout& layout,
           std::vector<std::string>& errors);

  // Value of symbol `index` of an object; nullopt if it is undefined (weak ones are 0).
  std::optional<std::uint32_t> value(const std::vector<InputObject>& objects, std::size_t object,
                                     std::size_t index, const Layout& layout) const;
  const ResolvedSymbol* find(const std::string& name) const;
  const std::map<std::string, ResolvedSymbol>& globals() const { return globals_; }
  const std::vector<ResolvedSymbol>& locals() const { return locals_; }

 private:
  std::map<std::string, ResolvedSymbol> globals_;
  std::vector<ResolvedSymbol> locals_;
};

}  // namespace ipusim::toolchain
