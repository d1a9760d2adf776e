// SPDX-License-Identifier: Apache-2.0
// A whole tile on which single accumulating instructions are executed by a worker, from a given state.
#pragma once

#include <optional>

#include "engine_model.hpp"
#include "tile_bench.hpp"

namespace ipusim::tile::test {

// The kind of tile that the engine's tests run on besides single instructions, if any; each test program has
// one of these. `engine_episodes`: how many of `full` random streams are enough.
std::optional<TileKind> engine_tile_kind();
int engine_episodes(int full);

class EngineTile {
 public:
  using Registers = std::array<std::uint32_t, 16>;

  explicit EngineTile(const TileKind& kind);

  // Accumulators and coefficients of the next instruction are these, not those the last one left.
  void forget() { started_ = false; }
  // Executes the instruction with these $a0..$a7 and this FP_CTL, TAS and random state. The stop is a sync,
  // or the exception it raised.
  StopReport issue(std::uint32_t word, const Registers& a, const EngineState& before);
  // Compares registers, accumulators, TAS and random state.
  void compare(const Registers& a, const EngineState& expected);
  std::uint32_t csr(std::string_view name) const;

 private:
  void start(const EngineState& state);
  void write(ByteAddr at, std::span<const std::uint32_t> words);

  std::unique_ptr<TileModel> tile_;
  ScriptedPort port_;
  Recorder recorder_;
  bool started_ = false;
};

}  // namespace ipusim::tile::test
