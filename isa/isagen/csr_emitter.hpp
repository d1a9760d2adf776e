// SPDX-License-Identifier: Apache-2.0
// Constants of isa/csr.yaml, as isa/include/ipusim/isa/csr.hpp includes them.
#pragma once

#include "emitter.hpp"

namespace ipusim::isagen {

class CsrEmitter : public Emitter {
 public:
  std::string_view path() const override { return "include/ipusim/isa/csr.inc"; }
  std::string emit(const Model& model) const override;
};

}  // namespace ipusim::isagen
