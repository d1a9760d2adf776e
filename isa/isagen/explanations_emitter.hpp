// SPDX-License-Identifier: Apache-2.0
// isa_explanations.cpp: what instructions do, as tables for programs.
#pragma once

#include "emitter.hpp"

namespace ipusim::isagen {

class ExplanationsEmitter : public Emitter {
 public:
  std::string_view path() const override { return "isa_explanations.cpp"; }
  std::string emit(const Model& model) const override;
};

}  // namespace ipusim::isagen
