// SPDX-License-Identifier: Apache-2.0
// Types and causes of exceptions in SystemVerilog: a part of ipu_tile_pkg, which includes it. It is no
// package of its own, because Yosys 0.23 knows no types of one package in another.
#pragma once

#include "emitter.hpp"

namespace ipusim::isagen {

class SvExceptionsEmitter : public Emitter {
 public:
  std::string_view path() const override { return "ipu_exceptions.svh"; }
  std::string emit(const Model& model) const override;
};

}  // namespace ipusim::isagen
