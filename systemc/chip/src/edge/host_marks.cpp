// SPDX-License-Identifier: Apache-2.0
#include "ipusim/chip/edge/host_marks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace ipusim::chip {

HostMarks::HostMarks(const config::SyncConfig& zones) : zones_(zones) {
  for (const config::SyncZone& zone : zones_.zones) {
    if (zone.host) marks_.emplace(zone.number, Mark{});
  }
}

void HostMarks::grant(unsigned zone, std::uint32_t count, Cycle at) {
  if (at < horizon_) {
    throw std::invalid_argument(fmt::format(
        "a host mark of cycle {} comes too late: the chip was told that there is none before cycle {}",
        at.value(), horizon_.value()));
  }
  const auto mark = marks_.find(zone);
  if (mark == marks_.end()) {
    throw std::invalid_argument(fmt::format("the host takes no part in sync zone {}", zone));
  }
  mark->second = {count, at, {}};
}

std::uint32_t HostMarks::left(unsigned zone) const { return left(zone, Cycle::never()); }

std::uint32_t HostMarks::left(unsigned zone, Cycle at) const {
  const auto mark = marks_.find(zone);
  if (mark == marks_.end()) return 0;
  const auto still_to_come =
      std::ranges::count_if(mark->second.taken, [&](Cycle taken) { return taken > at; });
  return mark->second.count + static_cast<std::uint32_t>(still_to_come);
}

void HostMarks::set_horizon(Cycle at) { horizon_ = std::max(horizon_, at); }

std::optional<unsigned> HostMarks::waits_for_mark() const {
  if (!arrival_ || !zones_.at(arrival_->zone).host || left(arrival_->zone) != 0) return std::nullopt;
  return arrival_->zone;
}

void HostMarks::arrived(unsigned zone, Cycle at) { arrival_ = {zone, at}; }

std::optional<Release> HostMarks::released(unsigned zone) {
  const config::SyncZone& row = zones_.at(zone);
  Cycle happens = arrival_.value().at;
  if (row.host) {
    Mark& mark = marks_.at(zone);
    if (mark.count == 0) return std::nullopt;
    happens = std::max(happens, mark.since);
    --mark.count;
    mark.taken.push_back(happens);
    syncs_.push_back({zone, happens});
  }
  arrival_.reset();
  return Release{happens, happens + row.latency_cycles};
}

Cycle HostMarks::silent_until() const {
  if (!arrival_) return Cycle{0};
  return std::max(arrival_->at, horizon_) + zones_.at(arrival_->zone).latency_cycles;
}

template <class Archive, class Self>
void HostMarks::visit_state(Archive& archive, Self& self) {
  archive.section("host marks", 1,
                  [&](Archive& a) { a(self.marks_, self.arrival_, self.horizon_, self.syncs_); });
}

void HostMarks::save(StateWriter& to) const { visit_state(to, *this); }
void HostMarks::load(StateReader& from) { visit_state(from, *this); }

}  // namespace ipusim::chip
