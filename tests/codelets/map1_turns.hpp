// SPDX-License-Identifier: Apache-2.0
// What vertices of firmware/codelets/map1.h cost.
#pragma once

#include "worker_runs.hpp"

namespace ipusim::codelet_test {

// How many turns an item's first operation, those in the middle and the last take, and how many bundles are
// in the middle and in the vertex's set-up.
struct Map1 {
  std::uint64_t first, middle, last, middle_bundles, set_up;
};

// In order: set-up, made even, and the branch; then the loop's set-up, the first item's load and operations,
// the repeat and its passes, the last operation and the last store; then the elements that remain: mask,
// load, masking, operations, mask, store; then the exit.
inline Turns map1_turns(std::uint32_t elements, std::uint32_t item, const Map1& f) {
  const std::uint64_t set_up = made_even(2 + 3 + 1 + 10 + 3 + f.set_up) + 1;
  const std::uint64_t all = f.first + f.middle + f.last;
  const auto runs = worker_runs(elements / item);
  Turns turns{};
  for (unsigned worker = 0; worker < workers; ++worker) {
    const std::uint64_t items = runs[worker].count;
    const std::uint64_t loop = items == 0 ? 0 : 1 + 1 + 1 + items * all + 1;
    turns[worker] = set_up + loop + rest_turns(elements, item, worker, 4 + all + 7) + 1;
  }
  return turns;
}

}  // namespace ipusim::codelet_test
