#include "ipusim/chip/sync/sync_unit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ipusim::chip {

namespace {
constexpr unsigned master_bit = 8;
constexpr unsigned first_external = 4;
}  // namespace

SyncUnit::SyncUnit(const config::SyncConfig& config, std::size_t tiles) : config_(config), tiles_(tiles) {}

std::optional<std::string> SyncUnit::arrive(TileIndex index, unsigned operand, Cycle at) {
  const unsigned zone = operand >= master_bit + first_external ? operand - master_bit : operand;
  Tile& tile = tiles_[index.value()];
  tile.zone = zone;
  tile.arrival = at;
  if (zone == sync_zone::ans) return std::nullopt;
  if (zone < sync_zone::internal || zone > sync_zone::gs2_host) {
    tile.out = true;
    return fmt::format("sync {}: there is no such zone; use 0..7, or 12..15 for the master forms", operand);
  }
  if (zone == sync_zone::gs1 || zone == sync_zone::gs2) {
    tile.out = true;
    return fmt::format("sync {}: this zone joins several chips, and this system has one; use 3, 5 or 7",
                       operand);
  }
  if (at < tile.last_release) {
    tile.out = true;
    return explain_misuse(index);
  }
  return std::nullopt;
}

std::string SyncUnit::explain_misuse(TileIndex index) const {
  const Tile& tile = tiles_[index.value()];
  return fmt::format(
      "sync {} at cycle {}, before a sync it had acknowledged in advance was over; wait for that with sync 1",
      tile.zone, tile.arrival - told_since_);
}

void SyncUnit::pre_acknowledge(TileIndex index, Cycle at, std::uint32_t count) {
  tiles_[index.value()].acknowledged.push_back({at, count});
}

void SyncUnit::bar(TileIndex index, Cycle from) {
  Tile& tile = tiles_[index.value()];
  tile.barred_from = std::min(tile.barred_from, from);
}

void SyncUnit::unbar(TileIndex index) { tiles_[index.value()].barred_from = Cycle::never(); }

const SyncUnit::Mark* SyncUnit::mark_of(unsigned zone) const {
  if (zone == sync_zone::gs1_host) return &marks_[0];
  if (zone == sync_zone::gs2_host) return &marks_[1];
  return nullptr;
}
SyncUnit::Mark* SyncUnit::mark_of(unsigned zone) {
  return const_cast<Mark*>(std::as_const(*this).mark_of(zone));
}

void SyncUnit::set_host_mark(unsigned zone, std::uint32_t count, Cycle at) {
  if (Mark* mark = mark_of(zone)) *mark = {count, at, {}};
}

std::uint32_t SyncUnit::host_mark(unsigned zone) const { return host_mark(zone, Cycle::never()); }

std::uint32_t SyncUnit::host_mark(unsigned zone, Cycle at) const {
  const Mark* mark = mark_of(zone);
  if (mark == nullptr) return 0;
  const auto still_to_come =
      std::count_if(mark->taken.begin(), mark->taken.end(), [&](Cycle c) { return c > at; });
  return mark->count + static_cast<std::uint32_t>(still_to_come);
}

// How the tile takes part in the sync that comes next, if it does yet.
std::optional<SyncUnit::Arrival> SyncUnit::arrival_of(const Tile& tile) {
  std::optional<Arrival> arrival;
  if (!tile.acknowledged.empty()) {
    arrival = {tile.acknowledged.front().at, 0};
  } else if (tile.zone > sync_zone::ans && !tile.out) {
    arrival = {tile.arrival, tile.zone};
  }
  if (arrival && arrival->at >= tile.barred_from) return std::nullopt;
  return arrival;
}

// The zone in which every tile has arrived or acknowledged in advance, if there is one.
std::optional<unsigned> SyncUnit::complete_zone() const {
  unsigned zone = 0;
  for (const Tile& tile : tiles_) {
    const auto arrival = arrival_of(tile);
    if (!arrival) return std::nullopt;
    if (arrival->zone == 0) continue;
    if (zone != 0 && arrival->zone != zone) return std::nullopt;
    zone = arrival->zone;
  }
  return zone == 0 ? std::nullopt : std::optional{zone};
}

Cycle SyncUnit::last_arrival() const {
  Cycle last{0};
  for (const Tile& tile : tiles_) {
    if (const auto arrival = arrival_of(tile)) last = std::max(last, arrival->at);
  }
  return last;
}

std::optional<unsigned> SyncUnit::host_zone() const {
  const auto zone = complete_zone();
  const Mark* mark = zone ? mark_of(*zone) : nullptr;
  return mark != nullptr && mark->count == 0 ? zone : std::nullopt;
}

// A tile in `sync 1` that has nothing outstanding goes on by itself.
std::optional<SyncUnit::Event> SyncUnit::empty_ans() {
  for (std::uint32_t i = 0; i < tiles_.size(); ++i) {
    Tile& tile = tiles_[i];
    if (tile.zone != sync_zone::ans || !tile.acknowledged.empty() || tile.arrival >= tile.barred_from) {
      continue;
    }
    tile.zone = 0;
    const TileIndex index{i};
    const Cycle release = std::max(tile.last_release, tile.arrival + config_.ans_latency_cycles);
    return Event{sync_zone::ans, tile.arrival, index, tile.arrival, release, {index}, {}, {}};
  }
  return std::nullopt;
}

void SyncUnit::use_acknowledgement(Event& event, std::uint32_t index) {
  Tile& tile = tiles_[index];
  if (--tile.acknowledged.front().count == 0) tile.acknowledged.pop_front();
  tile.last_release = event.release;
  event.acknowledged.push_back(TileIndex{index});
  if (tile.zone > sync_zone::ans && tile.arrival < event.release && !tile.out) {
    tile.out = true;
    event.misused.push_back(TileIndex{index});
  }
  const bool in_time = tile.arrival + config_.ans_latency_cycles <= event.release;
  if (tile.zone == sync_zone::ans && tile.acknowledged.empty() && in_time) {
    tile.zone = 0;
    event.released.push_back(TileIndex{index});
  }
}

SyncUnit::Event SyncUnit::happen(unsigned zone) {
  Event event{zone, Cycle{0}, TileIndex{0}, Cycle{0}, Cycle{0}, {}, {}, {}};
  for (std::uint32_t i = 0; i < tiles_.size(); ++i) {
    const Cycle at = arrival_of(tiles_[i])->at;
    if (i == 0 || at > event.last_arrival) {
      event.last_arrival = at;
      event.last_tile = TileIndex{i};
    }
  }
  event.begin = event.last_arrival;
  if (Mark* mark = mark_of(zone)) {
    event.begin = std::max(event.begin, mark->since);
    --mark->count;
    mark->taken.push_back(event.begin);
  }
  event.release = event.begin + (zone == sync_zone::internal ? config_.internal_latency_cycles
                                                             : config_.external_latency_cycles);
  for (std::uint32_t i = 0; i < tiles_.size(); ++i) {
    Tile& tile = tiles_[i];
    if (!tile.acknowledged.empty()) {
      use_acknowledgement(event, i);
      continue;
    }
    tile.zone = 0;
    event.released.push_back(TileIndex{i});
  }
  return event;
}

std::optional<SyncUnit::Event> SyncUnit::next_event() {
  if (auto event = empty_ans()) return event;
  const auto zone = complete_zone();
  if (!zone) return std::nullopt;
  const Mark* mark = mark_of(*zone);
  if (mark != nullptr && mark->count == 0) return std::nullopt;
  return happen(*zone);
}

std::string SyncUnit::describe(TileIndex index) const {
  const Tile& tile = tiles_[index.value()];
  std::uint32_t outstanding = 0;
  for (const Acknowledgement& a : tile.acknowledged) outstanding += a.count;
  const std::string ahead =
      outstanding == 0 ? "" : fmt::format(" ({} syncs acknowledged in advance)", outstanding);
  if (tile.zone == 0) return "does not wait in a sync" + ahead;
  std::string cure;
  if (outstanding != 0 && tile.zone != sync_zone::ans) cure = "; it must wait for them with sync 1 first";
  return fmt::format("waits in sync {} since cycle {}{}{}", tile.zone, tile.arrival - told_since_, ahead,
                     cure);
}

}  // namespace ipusim::chip
