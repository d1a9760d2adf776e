// SPDX-License-Identifier: Apache-2.0
// A debugger that does random things to a tile: asks contexts to stop, marks a row of memory, and after an
// exception looks in, injects words and lets the tile go on.
#pragma once

#include <cstdint>

#include "choice.hpp"
#include "ipusim/random/scenario.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::random {

class Debugger {
 public:
  // The same seed does the same to the same scenario.
  Debugger(std::uint64_t seed, const Scenario& scenario);

  std::uint8_t exchange_errors() const { return exchange_errors_; }
  // Before the tile starts.
  void prepare(tile::TileModel& tile);
  // After an exception; false: the tile is left as it stands.
  bool revive(tile::TileModel& tile, const tile::ExceptionReport& exception);

 private:
  tile::ContextMask contexts() { return static_cast<tile::ContextMask>(choice_.bits() & 0x7FU); }
  void ask_for_break(tile::TileModel& tile, Cycle earliest, std::uint32_t within);
  void mark_row(tile::TileModel& tile);
  void look_in(tile::TileModel& tile);
  std::uint32_t word();

  Choice choice_;
  const Scenario& scenario_;
  std::uint8_t exchange_errors_;
  unsigned revivals_ = 0;
};

}  // namespace ipusim::random
