// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/run/standing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "ipusim/config/tile_selection.hpp"
#include "ipusim/isa/sync_zones.hpp"

namespace ipusim::app {
namespace {

using Kind = chip::TileStanding::Kind;

constexpr unsigned status_active = 1;  // of CTXT_STS
constexpr unsigned sync_bytes = 4;

bool any_worker_active(const tile::TileModel& model) {
  for (unsigned n = 0; n < Context::workers; ++n) {
    if (model.context_status(Context::worker(n)) == status_active) return true;
  }
  return false;
}

template <class Value>
void widen(std::optional<std::pair<Value, Value>>& range, Value value) {
  range = range ? std::pair{std::min(range->first, value), std::max(range->second, value)}
                : std::pair{value, value};
}

template <class Value>
std::string range_text(const std::pair<Value, Value>& range, const auto& number_of) {
  return range.first == range.second
             ? fmt::format("{}", number_of(range.first))
             : fmt::format("{} to {}", number_of(range.first), number_of(range.second));
}

std::uint64_t plain(std::uint64_t number) { return number; }
std::uint64_t cycle_number(Cycle cycle) { return cycle.value(); }

std::string doing_of(Kind kind, unsigned zone) {
  switch (kind) {
    case Kind::never_started:
      return "was never started: give it an image and a start address";
    case Kind::excepted:
      return "has excepted";
    case Kind::without_supervisor:
      return "has stopped";
    case Kind::lacks_words:
      return "waits in sync 0 for words that nobody sends to it";
    case Kind::needs_words:
      return "waits for what its source will send";
    case Kind::in_sync:
      return fmt::format("waits in sync {}", zone);
    case Kind::runs:
      return "goes on";
  }
  return {};
}

// "worker 2", "workers 0-2, 5" of one tile.
std::string worker_numbers(const std::array<bool, Context::workers>& which) {
  config::TileSelection numbers;
  for (std::uint32_t n = 0; n < which.size(); ++n) {
    if (which[n]) numbers.push_back(TileIndex{n});
  }
  return fmt::format("worker{} {}", numbers.size() == 1 ? "" : "s", config::to_string(numbers));
}

}  // namespace

StandingGroup& StandingReport::group_of(StandingGroup like) {
  const CodePlace* code = like.code ? &*like.code : nullptr;
  const std::string key =
      fmt::format("{} {} {}", like.workers, like.doing, code == nullptr ? "" : to_string(*code));
  const auto [at, is_new] = number_.emplace(key, groups_.size());
  if (is_new) groups_.push_back(std::move(like));
  return groups_[at->second];
}

void StandingReport::add_supervisor(TileIndex tile, const chip::TileStanding& standing,
                                    const tile::TileModel& model) {
  const Context supervisor = Context::supervisor();
  StandingGroup like;
  like.doing = doing_of(standing.kind, standing.zone);
  const ByteAddr pc = model.pc(supervisor);
  const ByteAddr before{pc.value() - sync_bytes};
  bool in_sync = standing.kind == Kind::in_sync || standing.kind == Kind::lacks_words;
  if (standing.kind == Kind::in_sync) like.sync = standing.zone;
  if (standing.kind == Kind::lacks_words) like.sync = isa::sync_zone::receive;
  if (standing.kind == Kind::runs && any_worker_active(model) && locator_.is_worker_sync(model, before)) {
    in_sync = true;
    like.sync = isa::sync_zone::local;
    like.doing = fmt::format("waits in sync {} for its workers", isa::sync_zone::local);
  }
  if (standing.kind != Kind::never_started)
    like.code = locator_.locate(tile, supervisor, model, in_sync ? before : pc);
  StandingGroup& group = group_of(std::move(like));
  group.tiles.push_back(tile);
  ++group.contexts;
  if (standing.kind == Kind::in_sync || standing.kind == Kind::excepted) widen(group.since, standing.since);
  if (standing.kind == Kind::lacks_words) widen(group.words_missing, std::uint64_t{standing.words_missing});
  if (standing.acknowledged != 0) widen(group.acknowledged, standing.acknowledged);
}

void StandingReport::add_worker(TileIndex tile, Context worker, const tile::TileModel& model) {
  StandingGroup like;
  like.workers = true;
  like.doing = "goes on";
  like.code = locator_.locate(tile, worker, model, model.pc(worker));
  StandingGroup& group = group_of(std::move(like));
  if (group.tiles.empty() || group.tiles.back() != tile) group.tiles.push_back(tile);
  ++group.contexts;
  group.which.at(worker.worker_number()) = true;
}

void StandingReport::add(TileIndex tile, const chip::TileStanding& standing, const tile::TileModel& model) {
  add_supervisor(tile, standing, model);
  for (unsigned n = 0; n < Context::workers; ++n) {
    const Context worker = Context::worker(n);
    if (model.context_status(worker) == status_active) add_worker(tile, worker, model);
  }
  locator_.forget(tile);
}

std::vector<StandingGroup> StandingReport::take() {
  std::vector<StandingGroup> groups = std::exchange(groups_, {});
  number_.clear();
  std::ranges::stable_sort(groups, {}, &StandingGroup::contexts);
  return groups;
}

std::string to_string(const StandingGroup& group, const config::TileNames& names) {
  const bool one = group.tiles.size() == 1;
  const std::string tiles =
      one ? "tile " + names.name(group.tiles.front())
          : fmt::format("{} tiles ({})", group.tiles.size(), config::to_string(group.tiles, names));
  std::string text = tiles + ": ";
  if (!group.workers) {
    text += "the supervisor " + group.doing;
  } else {
    const bool single = group.contexts == 1;
    text += one ? worker_numbers(group.which) : fmt::format("{} workers", group.contexts);
    text += single ? " goes on" : " go on";
  }
  if (group.words_missing) text += fmt::format(" ({} words)", range_text(*group.words_missing, plain));
  if (group.since) text += fmt::format(" since cycle {}", range_text(*group.since, cycle_number));
  if (group.acknowledged)
    text += fmt::format(" ({} syncs acknowledged in advance)", range_text(*group.acknowledged, plain));
  if (group.code) text += " at " + to_string(*group.code);
  return text;
}

}  // namespace ipusim::app
