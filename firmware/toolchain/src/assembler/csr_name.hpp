// SPDX-License-Identifier: Apache-2.0
// Names of control and status registers in operands: $PC, $FP_CTL, $CWEI_3_1, ...
#pragma once

#include <cstdint>
#include <optional>

#include "ipusim/isa/isa.hpp"
#include "llvm/ADT/StringRef.h"

namespace llvm::Colossus {

// Three sets of numbers that overlap: `get`/`put`, `uget`/`uput`, and `ld64putcs`/`ld128putcs`.
enum class CsrSpace : std::uint8_t { lower, upper, coefficients };

struct CsrName {
  std::int64_t number;
  CsrSpace space;
  ipusim::isa::Mode mode;
  std::uint8_t arch_mask;
};

// `name` with its '$', as `mode` knows it or else as the other mode does; nullopt if neither does.
std::optional<CsrName> find_csr_name(StringRef name, ipusim::isa::Mode mode);

}  // namespace llvm::Colossus
