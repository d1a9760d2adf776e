// SPDX-License-Identifier: Apache-2.0
#include "execution.hpp"

namespace ipusim::tile {

HandlerTable::HandlerTable() {
  add_alu_handlers(*this);
  add_control_handlers(*this);
  add_memory_handlers(*this);
  add_pace_handlers(*this);
  add_float_handlers(*this);
  add_half_handlers(*this);
  add_conversion_handlers(*this);
  add_random_handlers(*this);
  add_quarter_handlers(*this);
  add_function_handlers(*this);
  add_accumulator_handlers(*this);
  add_engine_handlers(*this);
  add_csr_handlers(*this);
  add_exchange_handlers(*this);
}

const HandlerTable& HandlerTable::instance() {
  static const HandlerTable table;
  return table;
}

}  // namespace ipusim::tile
