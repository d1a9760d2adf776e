// SPDX-License-Identifier: Apache-2.0
// Constants of isa/arch.yaml that all architectures share, as isa/include/ipusim/isa/isa.hpp includes them.
#pragma once

#include "emitter.hpp"

namespace ipusim::isagen {

class ArchEmitter : public Emitter {
 public:
  std::string_view path() const override { return "include/ipusim/isa/arch.inc"; }
  std::string emit(const Model& model) const override;
};

}  // namespace ipusim::isagen
