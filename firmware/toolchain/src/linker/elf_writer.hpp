// SPDX-License-Identifier: Apache-2.0
// The executable as an ELF file.
#pragma once

#include <cstdint>
#include <vector>

#include "symbol_table.hpp"

namespace ipusim::toolchain {

// One loadable segment per loaded section that is not empty, debug sections and the symbol table behind them,
// as far as `strip` leaves them.
std::vector<std::uint8_t> write_executable(const Layout& layout, const SymbolTable& symbols,
                                           std::uint32_t entry, std::uint32_t flags,
                                           LinkOptions::Strip strip);

}  // namespace ipusim::toolchain
