// SPDX-License-Identifier: Apache-2.0
// States of a run at some of its cycles, in memory, so that what must go back need not go back to the start.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ipusim/base/types.hpp"

namespace ipusim::app {

// Bounded, and spread evenly over the run so far: when there are too many states every second one goes, and
// from then on they are taken twice as far apart.
class StateHistory {
 public:
  struct Limits {
    std::size_t count;       // of states
    std::size_t bytes;       // of all of them
    std::uint64_t distance;  // cycles between two of them at first
  };
  struct Entry {
    Cycle at;
    std::vector<std::byte> state;
  };

  // origin: the run's beginning, of which no state is kept.
  StateHistory(const Limits& limits, Cycle origin)
      : limits_(limits), origin_(origin), distance_(limits.distance) {}

  // Whether a state at this cycle is far enough behind the last one.
  bool wants(Cycle at) const;
  // A state that is wanted.
  void add(Cycle at, std::vector<std::byte> state);
  // The last state not behind the cycle; nullptr if there is none.
  const Entry* nearest(Cycle cycle) const;

  const std::vector<Entry>& entries() const { return entries_; }  // by rising cycle

 private:
  void thin();

  Limits limits_;
  Cycle origin_;
  std::uint64_t distance_;
  std::vector<Entry> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace ipusim::app
