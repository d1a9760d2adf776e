// SPDX-License-Identifier: Apache-2.0
// A tile's timed row: the instructions between the opening sync and the return.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ipusim/exchange_planner/timeline.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::exchange_planner {

// Operands as raw field values, in the order of isa/exchange.isa; as many as the instruction has.
struct RowInstruction {
  isa::Opcode opcode = isa::Opcode::invalid;
  std::array<std::uint32_t, 6> operands{};
  friend bool operator==(const RowInstruction&, const RowInstruction&) = default;
};

// Writes a timeline down. The row must start on an 8-byte boundary: every sendpicp then stands on one too.
// `null_source` is what the mux has selected when the row starts.
std::vector<RowInstruction> build_row(const Timeline& timeline, std::uint16_t null_source);

// A row as instruction words; sendpicp has two.
std::vector<std::uint32_t> row_words(std::span<const RowInstruction> row);
// And back.
std::vector<RowInstruction> row_instructions(std::span<const std::uint32_t> words);

}  // namespace ipusim::exchange_planner
