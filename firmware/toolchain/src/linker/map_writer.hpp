// SPDX-License-Identifier: Apache-2.0
// The link map.
#pragma once

#include <string>

#include "symbol_table.hpp"

namespace ipusim::toolchain {

// Sections with what each object put there, then symbols by value.
std::string write_map(const std::string& name, const std::vector<InputObject>& objects, const Layout& layout,
                      const SymbolTable& symbols, std::uint32_t entry);

}  // namespace ipusim::toolchain
