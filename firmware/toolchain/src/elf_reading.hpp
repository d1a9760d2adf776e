// SPDX-License-Identifier: Apache-2.0
// Reading ELF through LLVM, with errors as ToolError and the checks every Colossus file must pass.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <span>
#include <string>

#include "ipusim/isa/isa.hpp"
#include "ipusim/toolchain/error.hpp"
#include "llvm/Object/ELF.h"

namespace ipusim::toolchain {

using Elf = llvm::object::ELFFile<llvm::object::ELF32LE>;

// The value, or a ToolError naming the file.
template <typename Value>
Value value_of(llvm::Expected<Value> expected, const std::string& name) {
  if (expected) return std::move(*expected);
  throw ToolError(fmt::format("{}: {}", name, llvm::toString(expected.takeError())));
}

// Throws ToolError: not ELF, truncated, not 32-bit little-endian, another machine, unknown architecture
// flags, another type than `type` (llvm::ELF::ET_REL or ET_EXEC).
Elf open_elf(std::span<const std::uint8_t> bytes, const std::string& name, unsigned type);
isa::Arch arch_of(const Elf& elf);

}  // namespace ipusim::toolchain
