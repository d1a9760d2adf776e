// SPDX-License-Identifier: Apache-2.0
// Single accumulating instructions on a bare tile state: on the machine that collects effects and on the
// direct one, side by side, on a whole tile if the test program has a kind of it, and on the model of the
// documents.
#pragma once

#include <gtest/gtest.h>

#include "assembler.hpp"
#include "direct.hpp"
#include "engine_model.hpp"
#include "engine_tile.hpp"

namespace ipusim::tile::test {

class EngineBench {
 public:
  EngineBench();

  std::array<std::uint32_t, 16>& a() { return registers_; }
  EngineModel& model() { return model_; }
  void set_weight(unsigned unit, unsigned column, std::uint64_t value);
  // E and C, or FP_CTL, TAS and the random state, as the model has them.
  void load_state_from_model();

  // Executes the instruction on all of them and compares registers, accumulators, TAS, random state, flags
  // and faults. Returns whether it was executed (false: invalid operation, nothing changed; or an enabled
  // flag).
  bool issue(Opcode opcode, std::initializer_list<std::uint32_t> operands);

 private:
  enum class Outcome { done, invalid, floating_point };
  Outcome collected(const Bundle& bundle, std::uint8_t& flags);
  void compare(const ContextState& context, const char* machine);

  TileCore core_;
  CodeCache code_;
  DirectMachine direct_;
  void issue_on_tile(std::uint32_t word, Outcome expected, const std::array<std::uint32_t, 16>& before,
                     const EngineState& before_model);

  EngineModel model_;
  std::optional<EngineTile> tile_;
  std::array<std::uint32_t, 16> registers_{};
};

}  // namespace ipusim::tile::test
