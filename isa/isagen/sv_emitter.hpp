// SPDX-License-Identifier: Apache-2.0
// SystemVerilog package ipu_isa_pkg. It keeps to what both Verilator and Yosys 0.23 read: functions assign to
// their name, no casts, no assignment patterns.
#pragma once

#include "emitter.hpp"

namespace ipusim::isagen {

class SvEmitter : public Emitter {
 public:
  std::string_view path() const override { return "ipu_isa_pkg.sv"; }
  std::string emit(const Model& model) const override;
};

}  // namespace ipusim::isagen
