// SPDX-License-Identifier: Apache-2.0
// What a chip tells about its run.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "ipusim/config/tile_selection.hpp"
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

std::string describe(const TileStanding& standing, Cycle origin) {
  using Kind = TileStanding::Kind;
  const std::string ahead = standing.acknowledged == 0
                                ? ""
                                : fmt::format(" ({} syncs acknowledged in advance)", standing.acknowledged);
  switch (standing.kind) {
    case Kind::never_started:
      return "was never started: give it an image and a start address";
    case Kind::excepted:
      return fmt::format("excepted in cycle {}", standing.since - origin);
    case Kind::without_supervisor:
      return "has no running supervisor";
    case Kind::lacks_words:
      return fmt::format("waits in sync 0 for {} words that nobody sends to it", standing.words_missing);
    case Kind::needs_words:
      return fmt::format("waits since cycle {} for what its source will send{}", standing.since - origin,
                         ahead);
    case Kind::in_sync:
      return fmt::format("waits in sync {} since cycle {}{}{}", standing.zone, standing.since - origin, ahead,
                         standing.too_early ? "; it must wait for them with sync 1 first" : "");
    case Kind::runs:
      return fmt::format("runs, cycle {}{}", standing.since - origin, ahead);
  }
  return {};
}

TileStanding Chip::standing(TileIndex index) const {
  using Standing = TileSlot::Standing;
  using Kind = TileStanding::Kind;
  const TileSlot& slot = *slots_.at(index.value());
  TileStanding standing = sync_.standing(index);
  switch (slot.standing) {
    case Standing::never_started:
      standing.kind = Kind::never_started;
      break;
    case Standing::ended:
      standing.kind = slot.exception ? Kind::excepted : Kind::without_supervisor;
      standing.since = slot.arrived_at;
      break;
    case Standing::lacks_words:
      standing.kind = Kind::lacks_words;
      standing.words_missing = slot.words_missing;
      break;
    case Standing::in_sync:
      standing.kind = Kind::in_sync;
      break;
    case Standing::needs_words:
    case Standing::running:
    case Standing::at_limit:
      standing.kind = slot.standing == Standing::needs_words ? Kind::needs_words : Kind::runs;
      standing.since = slot.model().now();
      break;
  }
  return standing;
}

std::string Chip::describe(TileIndex index) const { return chip::describe(standing(index), told_since_); }

// Tiles that wait alike, whenever they began, in one sentence; in the order of their first.
std::vector<std::string> Chip::describe_deadlock() const {
  struct Group {
    TileStanding first;  // who began first
    Cycle last;
    std::vector<TileIndex> tiles;
  };
  std::vector<Group> groups;
  std::map<std::string, std::size_t> number;
  for (const auto& slot : slots_) {
    const TileStanding own = standing(slot->index());
    TileStanding alike = own;
    alike.since = Cycle{0};
    const auto [at, is_new] = number.emplace(chip::describe(alike, Cycle{0}), groups.size());
    if (is_new) groups.push_back({own, own.since, {}});
    Group& group = groups[at->second];
    group.first.since = std::min(group.first.since, own.since);
    group.last = std::max(group.last, own.since);
    group.tiles.push_back(slot->index());
  }
  std::vector<std::string> sentences;
  for (const auto& [first, last, tiles] : groups) {
    const std::string clause = chip::describe(first, told_since_);
    if (tiles.size() == 1) {
      const TileId place = system_.places[tiles[0].value()];
      sentences.push_back(fmt::format("tile {} (place {}): {}", tiles[0].value(), place.value(), clause));
      continue;
    }
    sentences.push_back(
        fmt::format("{} tiles ({}): each {}", tiles.size(), config::to_string(tiles), clause));
    if (last != first.since)
      sentences.back() += fmt::format(" (the last of them: cycle {})", last - told_since_);
  }
  return sentences;
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
    for (std::string& sentence : describe_deadlock()) report.problems.push_back(std::move(sentence));
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
