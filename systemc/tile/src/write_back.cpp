// SPDX-License-Identifier: Apache-2.0
#include "write_back.hpp"

namespace ipusim::tile {

void write_registers(TileCore& core, ContextState& context, const Effects& effects) {
  for (unsigned i = 0; i < effects.register_count; ++i) {
    const RegisterWrite& w = effects.registers[i];
    if (w.file == RegisterWrite::File::m)
      context.m[w.index] = w.value;
    else if (w.file == RegisterWrite::File::a)
      context.a[w.index] = w.value;
    else if (w.index >= isa::upper_csr_base)
      context.upper[w.index - isa::upper_csr_base] = w.value;
    else if (w.index == isa::csr::dbg_data)
      core.debug_data = w.value;
  }
}

}  // namespace ipusim::tile
