// SPDX-License-Identifier: Apache-2.0
// How the codelets divide their items, and what that costs; worked out from docs/timing.md and the sources'
// comments.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "codelet_bench.hpp"

namespace ipusim::codelet_test {

inline constexpr unsigned workers = Context::workers;

// FP_CTL with the exceptions INV, DIV0 and OFLO enabled: what lies beyond the end of a buffer, or was left in
// an accumulator, must not raise one.
inline constexpr std::uint32_t every_exception = 7;

// The runs of WORKER_RUN (firmware/codelets/codelet.h).
struct Run {
  std::uint32_t first = 0, count = 0;
};
std::array<Run, workers> worker_runs(std::uint32_t items);

// Issue turns of each worker. Bundles and turns are the same unless an instruction takes several
// (isa/vertex.isa).
using Turns = std::array<std::uint64_t, workers>;

// How many turns an instruction takes, by its id in isa/vertex.isa.
std::uint64_t issue_turns(std::string_view id);

constexpr std::uint64_t made_even(std::uint64_t bundles) { return bundles + bundles % 2; }

// What ONLY_LAST_WORKER_WITH_REST and what follows it cost `worker`: `rest` turns follow it in the last one.
std::uint64_t rest_turns(std::uint32_t elements, std::uint32_t lanes, unsigned worker, std::uint64_t rest);

// The cycles of a worker vertex as CodeletBench::run counts them.
std::uint64_t worker_vertex_cycles(const Turns& turns);

// Runs a worker vertex and compares what it costs.
void run_worker_vertex(CodeletBench& bench, const std::vector<std::uint32_t>& state, const Turns& bundles,
                       const Turns& turns);
inline void run_worker_vertex(CodeletBench& bench, const std::vector<std::uint32_t>& state,
                              const Turns& bundles) {
  run_worker_vertex(bench, state, bundles, bundles);
}

}  // namespace ipusim::codelet_test
