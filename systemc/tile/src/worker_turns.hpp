// SPDX-License-Identifier: Apache-2.0
// The loop of the fast path: bundles of workers, one after the other in the order of their turns.
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "code_cache.hpp"
#include "direct.hpp"
#include "ipusim/tile/activity.hpp"

namespace ipusim::tile {

// Executes the bundles of these workers, the first to issue first, up to the first turn that lies at `limit`
// or needs more than DirectMachine does. Returns that turn, or `limit` if it is earlier. With `counts`,
// counts them in `activity`.
template <bool counts>
Cycle take_turns(std::span<ContextState* const> workers, Cycle limit, const CodeCache& code,
                 DirectMachine& machine, Activity* activity) {
  std::array<Context, Context::workers> who{};
  std::array<Cycle, Context::workers> begin{};
  if constexpr (counts) {
    for (std::size_t i = 0; i < workers.size(); ++i) {
      begin[i] = workers[i]->next_issue;
      who[i] = Context::worker(static_cast<unsigned>(begin[i].value() % isa::timing::slots));
    }
  }
  Cycle stop = limit;
  for (bool going = true; going;) {
    for (std::size_t i = 0; i < workers.size(); ++i) {
      ContextState& worker = *workers[i];
      const Cycle t = worker.next_issue;
      const Bundle* bundle = t < limit && !code.pending() ? code.find_decoded(worker.pc) : nullptr;
      if (bundle == nullptr || !machine.run(worker, *bundle, t)) {
        stop = std::min(t, limit);
        going = false;
        break;
      }
      if constexpr (counts) activity->count(who[i], bundle->main.opcode, bundle->aux.opcode);
      worker.next_issue = t + isa::timing::slots;
    }
  }
  if constexpr (counts) {
    for (std::size_t i = 0; i < workers.size(); ++i)
      activity->count_bundles(who[i], (workers[i]->next_issue - begin[i]) / isa::timing::slots);
  }
  return stop;
}

}  // namespace ipusim::tile
