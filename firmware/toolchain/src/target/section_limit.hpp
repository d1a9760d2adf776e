// SPDX-License-Identifier: Apache-2.0
// How large a section of an object may be.
#pragma once

#include <cstdint>
#include <string>

#include "ipusim/isa/isa.hpp"
#include "llvm/MC/MCSectionELF.h"

namespace llvm::Colossus {

// Loaded sections: the whole memory of a tile. Others, like debug information: what no real source needs.
std::uint64_t section_limit(const MCSectionELF& section, ipusim::isa::Arch arch);
// What to say when it is exceeded.
std::string section_overflow(const MCSectionELF& section, ipusim::isa::Arch arch);

}  // namespace llvm::Colossus
