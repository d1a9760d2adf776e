// SPDX-License-Identifier: Apache-2.0
// Body of enum class Opcode.
#pragma once

#include "emitter.hpp"

namespace ipusim::isagen {

class OpcodesEmitter : public Emitter {
 public:
  std::string_view path() const override { return "include/ipusim/isa/opcodes.inc"; }
  std::string emit(const Model& model) const override;
};

}  // namespace ipusim::isagen
