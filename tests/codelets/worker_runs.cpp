// SPDX-License-Identifier: Apache-2.0
#include "worker_runs.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "ipusim/isa/isa.hpp"

namespace ipusim::codelet_test {

std::array<Run, workers> worker_runs(std::uint32_t items) {
  std::array<Run, workers> runs;
  std::uint32_t first = 0;
  for (unsigned worker = 0; worker < workers; ++worker) {
    runs[worker] = {first, items / workers + (worker < items % workers ? 1 : 0)};
    first += runs[worker].count;
  }
  return runs;
}

std::uint64_t issue_turns(std::string_view id) {
  const auto all = isa::all_instructions();
  const auto found = std::ranges::find(all, id, &isa::Instruction::id);
  if (found == all.end()) throw std::out_of_range(std::string{id});
  return found->thread_cycles;
}

std::uint64_t rest_turns(std::uint32_t elements, std::uint32_t lanes, unsigned worker, std::uint64_t rest) {
  if (elements % lanes == 0) return 2;
  return worker == workers - 1 ? 4 + rest : 4;
}

std::uint64_t worker_vertex_cycles(const Turns& turns) {
  using namespace isa::timing;
  std::uint64_t first_exit = UINT64_MAX, last_exit = 0;
  for (unsigned worker = 0; worker < workers; ++worker) {
    const std::uint64_t exit = launch + worker + slots * (turns[worker] - 1);
    first_exit = std::min(first_exit, exit);
    last_exit = std::max(last_exit, exit);
  }
  const std::uint64_t sync_issue = first_exit + exit_return;  // in the first slot that a worker gives back
  return std::max(last_exit, sync_issue) + sync_local;
}

void run_worker_vertex(CodeletBench& bench, const std::vector<std::uint32_t>& state, const Turns& bundles,
                       const Turns& turns) {
  EXPECT_EQ(bench.run(state), worker_vertex_cycles(turns));
  for (unsigned worker = 0; worker < workers; ++worker) EXPECT_EQ(bench.bundles(worker), bundles[worker]);
}

}  // namespace ipusim::codelet_test
