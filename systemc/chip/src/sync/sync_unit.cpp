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
    return fmt::format("sync {}: there is no such zone; use 0..7, or 12..15 for the master forms", operand);
  }
  if (zone == sync_zone::gs1 || zone == sync_zone::gs2) {
    return fmt::format("sync {}: this zone joins several chips, and this system has one; use 3, 5 or 7",
                       operand);
  }
  if (tile.acknowledged != 0) {
    return fmt::format("sync {} with {} syncs still acknowledged in advance; wait for them with sync 1",
                       operand, tile.acknowledged);
  }
  return std::nullopt;
}

void SyncUnit::pre_acknowledge(TileIndex index, Cycle at, std::uint32_t count) {
  Tile& tile = tiles_[index.value()];
  tile.acknowledged += count;
  tile.acknowledged_at = at;
}

const SyncUnit::Mark* SyncUnit::mark_of(unsigned zone) const {
  if (zone == sync_zone::gs1_host) return &marks_[0];
  if (zone == sync_zone::gs2_host) return &marks_[1];
  return nullptr;
}
SyncUnit::Mark* SyncUnit::mark_of(unsigned zone) {
  return const_cast<Mark*>(std::as_const(*this).mark_of(zone));
}

void SyncUnit::set_host_mark(unsigned zone, std::uint32_t count, Cycle at) {
  if (Mark* mark = mark_of(zone)) *mark = {count, at};
}

std::uint32_t SyncUnit::host_mark(unsigned zone) const {
  const Mark* mark = mark_of(zone);
  return mark == nullptr ? 0 : mark->count;
}

// The zone in which every tile has arrived or acknowledged in advance, if there is one.
std::optional<unsigned> SyncUnit::complete_zone() const {
  unsigned zone = 0;
  for (const Tile& tile : tiles_) {
    if (tile.zone > sync_zone::ans) {
      if (zone != 0 && tile.zone != zone) return std::nullopt;
      zone = tile.zone;
    } else if (tile.acknowledged == 0) {
      return std::nullopt;
    }
  }
  return zone == 0 ? std::nullopt : std::optional{zone};
}

bool SyncUnit::waits_for_host() const {
  const auto zone = complete_zone();
  const Mark* mark = zone ? mark_of(*zone) : nullptr;
  return mark != nullptr && mark->count == 0;
}

// A tile in `sync 1` that has nothing outstanding goes on by itself.
std::optional<SyncUnit::Event> SyncUnit::empty_ans() {
  for (std::uint32_t i = 0; i < tiles_.size(); ++i) {
    Tile& tile = tiles_[i];
    if (tile.zone != sync_zone::ans || tile.acknowledged != 0) continue;
    tile.zone = 0;
    const TileIndex index{i};
    return Event{sync_zone::ans, tile.arrival, index, tile.arrival + config_.ans_latency_cycles, {index}};
  }
  return std::nullopt;
}

SyncUnit::Event SyncUnit::happen(unsigned zone) {
  Event event{zone, Cycle{0}, TileIndex{0}, Cycle{0}, {}};
  bool first = true;
  for (std::uint32_t i = 0; i < tiles_.size(); ++i) {
    const Tile& tile = tiles_[i];
    const Cycle arrival = tile.zone == zone ? tile.arrival : tile.acknowledged_at;
    if (first || arrival > event.last_arrival) {
      event.last_arrival = arrival;
      event.last_tile = TileIndex{i};
      first = false;
    }
  }
  Cycle begin = event.last_arrival;
  if (Mark* mark = mark_of(zone)) {
    begin = std::max(begin, mark->since);
    --mark->count;
  }
  event.release = begin + (zone == sync_zone::internal ? config_.internal_latency_cycles
                                                       : config_.external_latency_cycles);
  for (std::uint32_t i = 0; i < tiles_.size(); ++i) {
    Tile& tile = tiles_[i];
    if (tile.zone != zone) {
      --tile.acknowledged;
      if (tile.zone != sync_zone::ans || tile.acknowledged != 0) continue;
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
  const std::string ahead =
      tile.acknowledged == 0 ? "" : fmt::format(" ({} syncs acknowledged in advance)", tile.acknowledged);
  if (tile.zone == 0) return "does not wait in a sync" + ahead;
  return fmt::format("waits in sync {} since cycle {}{}", tile.zone, tile.arrival.value(), ahead);
}

}  // namespace ipusim::chip
