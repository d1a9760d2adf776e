// SPDX-License-Identifier: Apache-2.0
// What the fields of the exchange instructions and registers hold, from the instruction set's tables.
#pragma once

#include <cstdint>

#include "ipusim/isa/isa.hpp"

namespace ipusim::exchange_planner::limits {

// How many values operand `index` of an instruction can take; of a count field, the most events it spans.
inline std::uint32_t values(isa::Opcode opcode, unsigned index) {
  return 1U << isa::instruction(opcode).operands[index].width;
}

inline std::uint32_t item_addresses() { return values(isa::Opcode::send, 1); }
inline std::uint32_t receive_count() { return isa::find_csr(isa::Mode::supervisor, "INCOMING_DCOUNT")->mask; }

}  // namespace ipusim::exchange_planner::limits
