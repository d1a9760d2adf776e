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
  // The run's critical path from the release of the sync before to this one's.
  CycleSplit path;
  bool is_superstep;  // of the chip alone
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

// A tile's supervisor issued a sync of the chip, or waits for those it acknowledged in advance.
struct TileArrived {
  TileIndex tile;
  Cycle at;
  CycleSplit cycles;         // where the tile's time went, from its start to `at`
  ExchangeStatistics words;  // of the tile up to `at`; words_unselected as far as receivers have told
  ByteAddr sync_pc;          // of the sync
  ByteAddr return_address;   // the supervisor's $m10, by convention where the function at hand returns to
};

// It goes on in cycle `at`.
struct TileReleased {
  TileIndex tile;
  Cycle at;
  bool is_alone;  // from a wait for what it acknowledged in advance; otherwise by the SyncHappened told last
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void on_event(const RunEvent& event) = 0;
  // The tiles that have an entry start in cycle `at`.
  virtual void on_start(Cycle) {}
  // One per tile and sync, tile by tile before and after the event that the sync happened.
  virtual void on_arrival(const TileArrived&) {}
  virtual void on_release(const TileReleased&) {}
};

}  // namespace ipusim::chip
