// SPDX-License-Identifier: Apache-2.0
// Enumerators and rows of isa/hazards.yaml, as isa/include/ipusim/isa/hazards.hpp includes them.
#pragma once

#include "emitter.hpp"

namespace ipusim::isagen {

class HazardsEmitter : public Emitter {
 public:
  std::string_view path() const override { return "include/ipusim/isa/hazards.inc"; }
  std::string emit(const Model& model) const override;
};

}  // namespace ipusim::isagen
