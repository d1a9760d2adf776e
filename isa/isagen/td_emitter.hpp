// SPDX-License-Identifier: Apache-2.0
// LLVM TableGen records of the instructions, for the assembler and disassembler.
#pragma once

#include "emitter.hpp"

namespace ipusim::isagen {

class TdEmitter : public Emitter {
 public:
  std::string_view path() const override { return "IpuInstrInfo.td"; }
  std::string emit(const Model& model) const override;
};

}  // namespace ipusim::isagen
