// SPDX-License-Identifier: Apache-2.0
// Operands and rows of isa/sync_zones.yaml, as isa/include/ipusim/isa/sync_zones.hpp includes them.
#pragma once

#include "emitter.hpp"

namespace ipusim::isagen {

class ZonesEmitter : public Emitter {
 public:
  std::string_view path() const override { return "include/ipusim/isa/sync_zones.inc"; }
  std::string emit(const Model& model) const override;
};

}  // namespace ipusim::isagen
