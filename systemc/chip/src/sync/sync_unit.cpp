// SPDX-License-Identifier: Apache-2.0
#include "ipusim/chip/sync/sync_unit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "ipusim/isa/sync_zones.hpp"

namespace ipusim::chip {

namespace {

using config::SyncScope;
using config::SyncZone;

std::string list_of(const config::SyncConfig& config) {
  std::vector<std::string> zones;
  for (const SyncZone& zone : config.zones) zones.push_back(fmt::format("{} ({})", zone.number, zone.name));
  return fmt::format("{}", fmt::join(zones, ", "));
}

}  // namespace

SyncUnit::SyncUnit(const config::SyncConfig& config, std::size_t tiles) : config_(config), tiles_(tiles) {}

std::optional<std::string> SyncUnit::arrive(TileIndex index, unsigned operand, Cycle at) {
  Tile& tile = tiles_[index.value()];
  const isa::SyncZone* named = isa::find_sync_zone(operand);
  tile.zone = named != nullptr ? named->operand : operand;
  tile.waits_in = config_.of_operand(operand);
  tile.arrival = at;
  if (tile.waits_in == nullptr) {
    tile.out = true;
    return fmt::format("sync {}: there is no such zone; this part has {}", operand, list_of(config_));
  }
  if (tile.waits_in->scope == SyncScope::tile) {
    alone_.insert(index.value());
    return std::nullopt;
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
  Tile& tile = tiles_[index.value()];
  while (!tile.recent_releases.empty() && tile.recent_releases.front() <= at)
    tile.recent_releases.pop_front();
  tile.acknowledged.push_back({at, count});
  if (tile.excess) return;
  std::uint64_t outstanding = tile.recent_releases.size();
  for (const Acknowledgement& a : tile.acknowledged) outstanding += a.count;
  if (outstanding > max_acknowledged)
    tile.excess = {at, static_cast<std::uint32_t>(outstanding - max_acknowledged)};
}

std::vector<SyncUnit::Overfull> SyncUnit::take_overfull() {
  std::vector<Overfull> found;
  for (std::uint32_t i = 0; i < tiles_.size(); ++i) {
    Tile& tile = tiles_[i];
    if (!tile.excess || tile.out) continue;
    tile.out = true;
    found.push_back({TileIndex{i}, tile.excess->at});
  }
  return found;
}

std::string SyncUnit::explain_overfull(const Overfull& sans) const {
  return fmt::format(
      "sans at cycle {}: more than {} syncs acknowledged in advance are outstanding, as many as ANS_DCOUNT "
      "counts; "
      "wait for some with sync 1",
      sans.at - told_since_, max_acknowledged);
}

// A sync that happens before the doubtful `sans` makes room for it; one that happens later leaves no doubt.
void SyncUnit::settle_excess(Tile& tile, Event& event, std::uint32_t index) {
  if (!tile.excess || tile.out) return;
  const Cycle at = tile.excess->at;
  if (event.when.release <= at) {
    if (--tile.excess->count != 0) return;
    tile.excess.reset();
    std::uint64_t outstanding = 0;
    for (const Acknowledgement& a : tile.acknowledged) {
      outstanding += a.count;
      if (a.at <= at || outstanding <= max_acknowledged) continue;
      tile.excess = {a.at, static_cast<std::uint32_t>(outstanding - max_acknowledged)};
      break;
    }
    return;
  }
  tile.out = true;
  event.overfull.push_back({TileIndex{index}, tile.excess->at});
}

void SyncUnit::bar(TileIndex index, Cycle from) {
  Tile& tile = tiles_[index.value()];
  tile.barred_from = std::min(tile.barred_from, from);
}

void SyncUnit::unbar(TileIndex index) { tiles_[index.value()].barred_from = Cycle::never(); }

// How the tile takes part in the sync that comes next, if it does yet.
std::optional<SyncUnit::Arrival> SyncUnit::arrival_of(const Tile& tile) {
  std::optional<Arrival> arrival;
  if (!tile.acknowledged.empty()) {
    arrival = {tile.acknowledged.front().at, nullptr};
  } else if (tile.waits_in != nullptr && tile.waits_in->scope != SyncScope::tile && !tile.out) {
    arrival = {tile.arrival, tile.waits_in};
  }
  if (arrival && arrival->at >= tile.barred_from) return std::nullopt;
  return arrival;
}

std::optional<SyncUnit::Complete> SyncUnit::complete() const {
  Complete sync{nullptr, Cycle{0}, TileIndex{0}};
  for (std::uint32_t i = 0; i < tiles_.size(); ++i) {
    const auto arrival = arrival_of(tiles_[i]);
    if (!arrival) return std::nullopt;
    if (arrival->zone != nullptr) {
      if (sync.zone != nullptr && arrival->zone != sync.zone) return std::nullopt;
      sync.zone = arrival->zone;
    }
    if (i == 0 || arrival->at > sync.last_arrival) {
      sync.last_arrival = arrival->at;
      sync.last_tile = TileIndex{i};
    }
  }
  return sync.zone == nullptr ? std::nullopt : std::optional{sync};
}

bool SyncUnit::waits_alone(const Tile& tile) const {
  return tile.waits_in != nullptr && tile.waits_in->scope == SyncScope::tile && tile.acknowledged.empty() &&
         tile.arrival < tile.barred_from;
}

std::optional<SyncUnit::Event> SyncUnit::next_alone() {
  for (const std::uint32_t i : alone_) {
    Tile& tile = tiles_[i];
    if (!waits_alone(tile)) continue;
    const Cycle release = std::max(tile.last_release, tile.arrival + tile.waits_in->latency_cycles);
    Event event{
        {tile.waits_in, tile.arrival, TileIndex{i}}, {tile.arrival, release}, {TileIndex{i}}, {}, {}, {}};
    tile.zone = 0;
    tile.waits_in = nullptr;
    alone_.erase(i);
    return event;
  }
  return std::nullopt;
}

void SyncUnit::use_acknowledgement(Event& event, std::uint32_t index) {
  Tile& tile = tiles_[index];
  if (--tile.acknowledged.front().count == 0) tile.acknowledged.pop_front();
  tile.last_release = event.when.release;
  event.acknowledged.push_back(TileIndex{index});
  settle_excess(tile, event, index);
  // A tile that stands in a sync issues no other `sans` before it is released.
  if (tile.waits_in == nullptr) tile.recent_releases.push_back(event.when.release);
  if (tile.waits_in == nullptr) return;
  if (tile.waits_in->scope != SyncScope::tile) {
    if (tile.arrival >= event.when.release || tile.out) return;
    tile.out = true;
    event.misused.push_back(TileIndex{index});
    return;
  }
  const bool in_time = tile.arrival + tile.waits_in->latency_cycles <= event.when.release;
  if (!tile.acknowledged.empty() || !in_time) return;
  tile.zone = 0;
  tile.waits_in = nullptr;
  alone_.erase(index);
  event.released.push_back(TileIndex{index});
}

SyncUnit::Event SyncUnit::happen(const Complete& sync, Release when) {
  Event event{sync, when, {}, {}, {}, {}};
  for (std::uint32_t i = 0; i < tiles_.size(); ++i) {
    Tile& tile = tiles_[i];
    if (!tile.acknowledged.empty()) {
      use_acknowledgement(event, i);
      continue;
    }
    tile.zone = 0;
    tile.waits_in = nullptr;
    event.released.push_back(TileIndex{i});
  }
  return event;
}

TileStanding SyncUnit::standing(TileIndex index) const {
  const Tile& tile = tiles_[index.value()];
  TileStanding standing;
  for (const Acknowledgement& a : tile.acknowledged) standing.acknowledged += a.count;
  standing.kind = tile.zone == 0 ? TileStanding::Kind::runs : TileStanding::Kind::in_sync;
  standing.zone = tile.zone;
  standing.since = tile.arrival;
  const bool alone = tile.waits_in != nullptr && tile.waits_in->scope == SyncScope::tile;
  standing.too_early = tile.zone != 0 && !alone && standing.acknowledged != 0;
  return standing;
}

void SyncUnit::save(StateWriter& to) const {
  to.section("syncs", 2, [&](StateWriter& a) {
    for (const Tile& tile : tiles_) a(tile);
  });
}

void SyncUnit::load(StateReader& from) {
  from.section("syncs", 2, [&](StateReader& a) {
    alone_.clear();
    for (std::uint32_t i = 0; i < tiles_.size(); ++i) {
      Tile& tile = tiles_[i];
      a(tile);
      tile.waits_in = tile.zone == 0 ? nullptr : config_.find(tile.zone);
      if (tile.waits_in != nullptr && tile.waits_in->scope == SyncScope::tile) alone_.insert(i);
    }
  });
}

}  // namespace ipusim::chip
