// SPDX-License-Identifier: Apache-2.0
// What a chip tells about its run.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "tile_slot.hpp"

namespace ipusim::chip {

std::string to_string(ChipState state) {
  switch (state) {
    case ChipState::not_started:
      return "not started";
    case ChipState::waits_for_host:
      return "waits for the host";
    case ChipState::waits_for_chips:
      return "waits for other chips";
    case ChipState::stopped:
      return "stopped";
    case ChipState::deadlock:
      return "deadlock";
    case ChipState::cycle_limit:
      return "cycle limit reached";
    case ChipState::finished:
      return "finished";
  }
  return "unknown";
}

std::string Chip::describe(TileIndex index) const {
  using Standing = TileSlot::Standing;
  const TileSlot& slot = *slots_.at(index.value());
  switch (slot.standing) {
    case Standing::never_started:
      return "was never started: give it an image and a start address";
    case Standing::ended:
      return slot.exception ? fmt::format("excepted in cycle {}", slot.arrived_at - told_since_)
                            : "has no running supervisor";
    case Standing::lacks_words:
      return fmt::format("waits in sync 0 for {} words that nobody sends to it", slot.words_missing);
    case Standing::needs_words:
      return fmt::format("waits since cycle {} for what its source will send",
                         slot.model().now() - told_since_);
    case Standing::in_sync:
      return sync_.describe(index);
    case Standing::running:
    case Standing::at_limit:
      return fmt::format("runs, cycle {}", slot.model().now() - told_since_);
  }
  return {};
}

Cycle Chip::rest_cycle() const {
  Cycle end = start_;
  for (const auto& slot : slots_) end = std::max(end, slot->rest_cycle());
  return end;
}

ChipReport Chip::report() const {
  ChipReport report;
  report.state = state_;
  report.start = start_;
  report.end = start_;
  report.supersteps = supersteps_;
  report.exchange = fabric_.statistics();
  report.cycles = report.cycles_to_last_sync = critical_path_;
  const TileSlot* last = nullptr;
  for (const auto& slot : slots_) {
    const Cycle end = slot->rest_cycle();
    report.tile_cycles.push_back(slot->cycles_until(end));
    report.tile_exchange.push_back(fabric_.statistics(slot->index()));
    report.hazards.insert(report.hazards.end(), slot->hazards().begin(), slot->hazards().end());
    report.hazards_left_out += slot->hazards_left_out();
    if (slot->exception) report.exceptions.push_back({slot->index(), *slot->exception});
    if (end > report.end) {
      report.end = end;
      last = slot.get();
    }
  }
  if (last != nullptr && report.end > path_end_) {
    const auto exchange = last->exchange_until(report.end);
    report.cycles = report.cycles + path_to(report.end, exchange.begin, exchange.end);
  }
  report.end = std::max(report.end, path_end_);
  auto problems = problems_;
  std::sort(problems.begin(), problems.end(), [](const auto& a, const auto& b) {
    return std::tie(a.cycle, a.tile) < std::tie(b.cycle, b.tile);
  });
  for (const Problem& p : problems) {
    report.problems.push_back(fmt::format("tile {}: {}", p.tile.value(), p.text));
    (p.is_mismatch ? report.mismatched : report.misused_sync).push_back(p.tile);
  }
  if (state_ == ChipState::deadlock) {
    for (const auto& slot : slots_) {
      report.problems.push_back(fmt::format("tile {} (place {}): {}", slot->index().value(),
                                            system_.places[slot->index().value()].value(),
                                            describe(slot->index())));
    }
  }
  std::sort(report.exceptions.begin(), report.exceptions.end(), [](const auto& a, const auto& b) {
    return std::tie(a.report.cycle, a.tile) < std::tie(b.report.cycle, b.tile);
  });
  std::stable_sort(report.hazards.begin(), report.hazards.end(), [](const auto& a, const auto& b) {
    return std::tie(a.hazard.cycle, a.tile) < std::tie(b.hazard.cycle, b.tile);
  });
  return report;
}

}  // namespace ipusim::chip
