// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/checkpoint/state_history.hpp"

#include <algorithm>
#include <utility>

namespace ipusim::app {

bool StateHistory::wants(Cycle at) const {
  return at >= (entries_.empty() ? origin_ : entries_.back().at) + distance_;
}

void StateHistory::add(Cycle at, std::vector<std::byte> state) {
  bytes_ += state.size();
  entries_.push_back({at, std::move(state)});
  while (entries_.size() > limits_.count || bytes_ > limits_.bytes) thin();
}

// The last of a pair stays: nothing is kept of the beginning, which is a state of its own.
void StateHistory::thin() {
  std::vector<Entry> kept;
  for (std::size_t i = 1; i < entries_.size(); i += 2) kept.push_back(std::move(entries_[i]));
  entries_ = std::move(kept);
  bytes_ = 0;
  for (const Entry& entry : entries_) bytes_ += entry.state.size();
  distance_ *= 2;
}

const StateHistory::Entry* StateHistory::nearest(Cycle cycle) const {
  const auto later = std::upper_bound(entries_.begin(), entries_.end(), cycle,
                                      [](Cycle c, const Entry& entry) { return c < entry.at; });
  return later == entries_.begin() ? nullptr : &*(later - 1);
}

}  // namespace ipusim::app
