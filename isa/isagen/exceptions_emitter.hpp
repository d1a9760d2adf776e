// SPDX-License-Identifier: Apache-2.0
// Enumerators and rows of isa/exceptions.yaml, as isa/include/ipusim/isa/exceptions.hpp includes them.
#pragma once

#include "emitter.hpp"

namespace ipusim::isagen {

class ExceptionsEmitter : public Emitter {
 public:
  std::string_view path() const override { return "include/ipusim/isa/exceptions.inc"; }
  std::string emit(const Model& model) const override;
};

}  // namespace ipusim::isagen
