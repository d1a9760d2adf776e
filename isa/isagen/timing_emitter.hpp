// SPDX-License-Identifier: Apache-2.0
// Constants of isa/timing.yaml for namespace ipusim::isa::timing.
#pragma once

#include "emitter.hpp"

namespace ipusim::isagen {

class TimingEmitter : public Emitter {
 public:
  std::string_view path() const override { return "include/ipusim/isa/timing.inc"; }
  std::string emit(const Model& model) const override;
};

}  // namespace ipusim::isagen
