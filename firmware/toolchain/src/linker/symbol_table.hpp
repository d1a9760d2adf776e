// SPDX-License-Identifier: Apache-2.0
// Global symbols of a link and what every object's symbols stand for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/toolchain/linker.hpp"
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
  std::uint8_t type = 0;   // STT_* of ELF
};

// What a symbol of an object stands for.
struct SymbolValue {
  std::optional<std::uint32_t> value;  // none: the reason is in `why`
  std::string why;
  bool dropped = false;  // for lack of its section, not of a definition
};

class SymbolTable {
 public:
  // The linker's own symbol. Errors if an object defines it too come later, from add().
  void define(const std::string& name, std::uint32_t value);
  // Definitions of an object; errors: a second strong definition, naming both places.
  void add(const std::vector<InputObject>& objects, std::size_t object, const Layout& layout,
           std::vector<std::string>& errors);

  // A name for the value of another symbol plus a number of bytes, when all objects have been added.
  void alias(const std::string& name, const SymbolAlias& of, std::vector<std::string>& errors);

  // Symbol `index` of an object; undefined weak ones are 0.
  SymbolValue value(const std::vector<InputObject>& objects, std::size_t object, std::size_t index,
                    const Layout& layout) const;
  const ResolvedSymbol* find(const std::string& name) const;
  const std::map<std::string, ResolvedSymbol>& globals() const { return globals_; }
  const std::vector<ResolvedSymbol>& locals() const { return locals_; }

 private:
  std::map<std::string, ResolvedSymbol> globals_;
  std::vector<ResolvedSymbol> locals_;
};

}  // namespace ipusim::toolchain
