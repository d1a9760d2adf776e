// SPDX-License-Identifier: Apache-2.0
// What happens in a run, as it is told to whoever observes it: progress, traces, benches. Events of one chip
// come in the order of their cycles as far as it has been simulated, never in that of threads, and change
// nothing.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "ipusim/base/types.hpp"
#include "ipusim/chip/chip_report.hpp"

namespace ipusim::chip {

struct SyncHappened {
  unsigned zone;
  Cycle last_arrival;
  TileIndex last_tile;
  Cycle happens;  // last arrival or grant
  Cycle release;
  // Of the chip since the sync before: words that left tiles, and that were written into tiles.
  std::uint64_t words_sent;
  std::uint64_t words_received;
};

struct HazardFound {
  TileHazard hazard;
};

struct ExceptionRaised {
  TileException exception;
};

// The chip stands: nothing can move, or the limit was reached.
struct Rested {
  Cycle at;
  ChipState state;
};

using RunEvent = std::variant<SyncHappened, HazardFound, ExceptionRaised, Rested>;

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void on_event(const RunEvent& event) = 0;
};

}  // namespace ipusim::chip
