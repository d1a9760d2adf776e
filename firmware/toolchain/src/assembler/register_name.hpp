// SPDX-License-Identifier: Apache-2.0
// Register spellings: $m3, $sp, $a4:5, $ap2, $aq1, ...
#pragma once

#include <optional>

#include "llvm/ADT/StringRef.h"

namespace llvm::Colossus {

// `name` with its '$'. 0 if it names no register.
unsigned find_register(StringRef name);

// $<file>low:high. nullopt: that is no group. rounded: take the group that holds `low`, whatever its
// alignment.
std::optional<unsigned> find_group(unsigned low_register, unsigned high, bool rounded);

}  // namespace llvm::Colossus
