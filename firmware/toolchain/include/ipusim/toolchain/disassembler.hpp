// SPDX-License-Identifier: Apache-2.0
// The disassembler: words -> text the assembler takes (branch targets aside, which print as byte addresses).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "ipusim/isa/isa.hpp"

namespace ipusim::toolchain {

struct Disassembly {
  std::string text;    // "{ld32 $m0, $m1, $m15, 0; fnop}" for a bundle; ".long 0x..." if it is no instruction
  unsigned bytes = 4;  // consumed: 4, or 8 for a bundle and for two-word instructions
  bool valid = false;
  std::optional<std::uint32_t> target = {};  // byte address a branch or call leads to
  std::string csr = {};  // name of the CSR it reads or writes, "worker $WSR, supervisor $SSR" if modes differ
};

class Disassembler {
 public:
  // Mode::both takes what either mode has.
  explicit Disassembler(isa::Arch arch, isa::Mode mode = isa::Mode::both);
  ~Disassembler();
  // Takes the instruction or bundle at the start of `code`, at least one word long.
  Disassembly disassemble(std::span<const std::uint8_t> code, std::uint32_t address) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ipusim::toolchain
