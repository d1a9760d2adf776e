// SPDX-License-Identifier: Apache-2.0
// What vertices cost that divide rows, or strips, among the workers and take each in the same time.
#pragma once

#include "worker_runs.hpp"

namespace ipusim::codelet_test {

// `set_up` ends with a branch, which skips an instruction (the counter) and everything else if there are no
// rows; then the exit.
inline Turns row_turns(std::uint32_t rows, std::uint64_t set_up, std::uint64_t row) {
  const auto runs = worker_runs(rows);
  Turns turns{};
  for (unsigned worker = 0; worker < workers; ++worker)
    turns[worker] = set_up + (runs[worker].count == 0 ? 0 : 1 + runs[worker].count * row) + 1;
  return turns;
}

}  // namespace ipusim::codelet_test
