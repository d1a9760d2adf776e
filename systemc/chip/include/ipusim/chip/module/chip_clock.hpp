// SPDX-License-Identifier: Apache-2.0
// SystemC time <-> tile clock cycles, without drift: cycle c begins at floor(c / clock_hz) on SystemC's grid.
#pragma once

#include <cstdint>
#include <systemc>

#include "ipusim/base/types.hpp"

namespace ipusim::chip {

class ChipClock {
 public:
  // Throws std::invalid_argument if a cycle is shorter than the time resolution of the simulation.
  explicit ChipClock(std::uint64_t clock_hz);

  // When cycle `c` begins.
  sc_core::sc_time time_of(Cycle c) const;
  // The first cycle that begins at or after `t`: where something that happens at `t` takes effect.
  Cycle first_at_or_after(const sc_core::sc_time& t) const;
  // The cycle that is under way at `t`.
  Cycle under_way_at(const sc_core::sc_time& t) const;

 private:
  std::uint64_t clock_hz_;
  std::uint64_t ticks_per_second_;
};

}  // namespace ipusim::chip
