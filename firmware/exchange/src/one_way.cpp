// SPDX-License-Identifier: Apache-2.0
#include "one_way.hpp"

#include "ipusim/exchange_planner/timeline.hpp"

namespace ipusim::exchange_planner {

OneWay::OneWay(const Traffic& traffic, const LatencyTable& latency, std::int32_t least)
    : traffic_(traffic), latency_(latency) {
  if (traffic.one_way) memories_.assign(traffic.tile_count(), Timetable(least));
}

// When the first word, or item, is written.
std::int32_t OneWay::write_event(const Transfer& transfer, std::int32_t event, std::uint32_t to) const {
  return selection_event(transfer, event, to, latency_) + write_delay(transfer, to, latency_);
}

std::int32_t OneWay::next_fit(const Transfer& transfer, std::int32_t event) const {
  if (memories_.empty()) return event;
  const auto events = static_cast<std::int32_t>(transfer.events());
  for (std::int32_t before = -1; before != event;) {
    before = event;
    event = memories_[transfer.from].next_fit(event, events);
    for (const std::uint32_t to : traffic_.receivers_of(transfer)) {
      const std::int32_t written = write_event(transfer, event, to);
      event += memories_[to].next_fit(written, events) - written;
    }
  }
  return event;
}

void OneWay::reserve(const Transfer& transfer, std::int32_t event) {
  if (memories_.empty()) return;
  const auto events = static_cast<std::int32_t>(transfer.events());
  memories_[transfer.from].reserve(event, events);
  for (const std::uint32_t to : traffic_.receivers_of(transfer))
    memories_[to].reserve(write_event(transfer, event, to), events);
}

}  // namespace ipusim::exchange_planner
