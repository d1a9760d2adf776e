#include "ipusim/chip/chip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "tile_slot.hpp"

namespace ipusim::chip {

using tile::StopReason;

namespace {

config::HazardPolicy policy_of(const config::HazardConfig& config, tile::HazardKind kind) {
  switch (kind) {
    case tile::HazardKind::clash_with_access:
    case tile::HazardKind::clash_with_fetch:
      return config.clash;
    case tile::HazardKind::live_workers:
      return config.live_workers;
    case tile::HazardKind::receive_address:
      return config.receive_address;
    case tile::HazardKind::wrong_direction:
      return config.wrong_direction;
    case tile::HazardKind::receive_incomplete:
      return config.receive_incomplete;
  }
  throw std::logic_error("hazard kind without a policy");
}

// The kinds a tile shall stop for: bit n for HazardKind n.
std::uint8_t exchange_errors(const config::HazardConfig& config) {
  unsigned mask = 0;
  for (const auto kind : {tile::HazardKind::clash_with_access, tile::HazardKind::clash_with_fetch,
                          tile::HazardKind::live_workers, tile::HazardKind::receive_address}) {
    if (policy_of(config, kind) == config::HazardPolicy::exception) mask |= 1U << static_cast<unsigned>(kind);
  }
  return static_cast<std::uint8_t>(mask);
}

Cycle later(Cycle at, std::uint64_t cycles) { return at == Cycle::never() ? at : at + cycles; }

}  // namespace

Chip::Chip(const config::SystemConfig& system, const std::vector<std::string>& kinds,
           const TileFactories& factories)
    : system_(system),
      sync_(system.sync, system.places.size()),
      fabric_(
          system.places, config::make_latency_function(system.exchange), system.exchange.null_source,
          [this](TileIndex tile, const tile::Hazard& hazard) { slots_[tile.value()]->on_hazard(hazard); },
          [this](TileIndex tile, Cycle at, std::uint32_t count) { on_acknowledge(tile, at, count); }),
      hazard_counts_(system.places.size(), 0) {
  if (kinds.size() != system.places.size()) throw std::invalid_argument("one tile kind per place is needed");
  for (std::uint32_t i = 0; i < kinds.size(); ++i) {
    const auto factory = factories.find(kinds[i]);
    if (factory == factories.end()) {
      throw std::invalid_argument(fmt::format("tile {}: this build has no tile of kind '{}'", i, kinds[i]));
    }
    index_of_place_.emplace(system.places[i], TileIndex{i});
    slots_.push_back(std::make_unique<Slot>(
        *this, TileIndex{i},
        factory->second({system.places[i], system.arch, exchange_errors(system.hazards)})));
  }
}

Chip::~Chip() = default;

tile::TileModel& Chip::tile(TileIndex index) { return slots_.at(index.value())->model(); }
const tile::TileModel& Chip::tile(TileIndex index) const { return slots_.at(index.value())->model(); }

std::optional<TileIndex> Chip::tile_at(TileId place) const {
  const auto found = index_of_place_.find(place);
  return found == index_of_place_.end() ? std::nullopt : std::optional{found->second};
}

void Chip::tell_cycles_since(Cycle origin) {
  told_since_ = origin;
  sync_.tell_cycles_since(origin);
}

void Chip::observe(TileIndex index, tile::TileObserver* observer) {
  slots_.at(index.value())->observe(observer);
}

void Chip::shuffle(std::uint64_t seed, std::uint64_t slice_cycles) {
  shuffle_.emplace(seed);
  slice_cycles_ = std::max<std::uint64_t>(slice_cycles, 1);
}

void Chip::set_entry(TileIndex index, ByteAddr pc) { slots_.at(index.value())->entry = pc; }
bool Chip::has_entry(TileIndex index) const { return slots_.at(index.value())->entry.has_value(); }
bool Chip::reached_limit() const {
  return std::any_of(slots_.begin(), slots_.end(),
                     [](const auto& s) { return s->standing == Slot::Standing::at_limit; });
}
const std::optional<tile::ExceptionReport>& Chip::exception(TileIndex index) const {
  return slots_.at(index.value())->exception;
}
bool Chip::is_live(TileIndex index) const { return slots_.at(index.value())->is_live(); }

void Chip::start(Cycle at) {
  const bool again = std::any_of(slots_.begin(), slots_.end(),
                                 [](const auto& s) { return s->standing != Slot::Standing::never_started; });
  if (again) throw std::logic_error("the chip was started before");
  start_ = path_end_ = at;
  for (auto& slot : slots_) {
    if (slot->entry) {
      slot->start(at);
    } else {
      fabric_.set_known_sends(slot->index(), Cycle::never());
    }
  }
}

void Chip::set_host_mark(unsigned zone, std::uint32_t count, Cycle at) {
  if (at < host_horizon_) {
    throw std::invalid_argument(fmt::format(
        "a host mark of cycle {} comes too late: the chip was told that there is none before cycle {}",
        at.value(), host_horizon_.value()));
  }
  sync_.set_host_mark(zone, count, at);
}

void Chip::set_host_horizon(Cycle at) { host_horizon_ = std::max(host_horizon_, at); }

void Chip::on_hazard(TileIndex tile, const tile::Hazard& hazard) {
  const auto policy = policy_of(system_.hazards, hazard.kind);
  if (policy == config::HazardPolicy::off) return;
  const bool is_error = policy == config::HazardPolicy::error;
  if (is_error) sync_.bar(tile, hazard.cycle);
  if (++hazard_counts_[tile.value()] <= max_hazards_per_tile) hazards_.push_back({tile, hazard, is_error});
}

void Chip::on_acknowledge(TileIndex tile, Cycle at, std::uint32_t count) {
  sync_.pre_acknowledge(tile, at, count);
  slots_[tile.value()]->acknowledge(at, count);
}

bool Chip::failed() const {
  return !problems_.empty() ||
         std::any_of(hazards_.begin(), hazards_.end(), [](const auto& h) { return h.is_error; }) ||
         std::any_of(slots_.begin(), slots_.end(), [](const auto& s) { return s->exception.has_value(); });
}

// Whether that changed anything.
bool Chip::advance(Slot& slot, Cycle limit) {
  const Cycle before = slot.model().now();
  const auto standing = slot.standing;
  const Cycle until = shuffle_ ? std::min(limit, before + 1 + (*shuffle_)() % slice_cycles_) : limit;
  const tile::StopReport stop = slot.model().advance(until);
  fabric_.set_known_sends(slot.index(), slot.model().now());
  handle(slot, stop);
  if (slot.standing == Slot::Standing::at_limit && until < limit) slot.standing = Slot::Standing::running;
  return slot.model().now() != before || slot.standing != standing;
}

void Chip::handle(Slot& slot, const tile::StopReport& stop) {
  using Standing = Slot::Standing;
  switch (stop.reason) {
    case StopReason::limit:
      slot.standing = Standing::at_limit;
      break;
    case StopReason::exchange_wait:
      slot.standing = Standing::needs_words;
      break;
    case StopReason::receive_wait:
      slot.standing = Standing::lacks_words;
      slot.words_missing = stop.words_missing;
      break;
    case StopReason::sync:
      enter_sync(slot, stop);
      break;
    case StopReason::idle:
    case StopReason::exception:
    case StopReason::mismatch:
      stop_tile(slot, stop);
      break;
  }
}

void Chip::enter_sync(Slot& slot, const tile::StopReport& stop) {
  // One that issued in the cycle of an exception shows when the tile goes on.
  const Cycle at = std::max(stop.cycle, slot.resumed_at);
  slot.enter_sync(at, stop.sync_zone == sync_zone::internal);
  // `sync 1` with nothing outstanding depends on nobody.
  slot.silent_in_sync = stop.sync_zone != sync_zone::ans || sync_.has_arrived(slot.index());
  fabric_.set_in_sync(slot.index(), slot.silent_in_sync);
  if (const auto misuse = sync_.arrive(slot.index(), stop.sync_zone, at)) {
    problems_.push_back({at, slot.index(), *misuse});
  }
}

void Chip::stop_tile(Slot& slot, const tile::StopReport& stop) {
  if (stop.reason == StopReason::exception) slot.exception = stop.exception;
  if (stop.reason == StopReason::mismatch) {
    problems_.push_back({stop.cycle, slot.index(), "the two models differ: " + stop.message, true});
  }
  slot.end(stop.cycle);
  // What issues in the cycle of a late stop still counts.
  sync_.bar(slot.index(), stop.cycle + (stop.reason == StopReason::exception ? 1 : 0));
  fabric_.set_in_sync(slot.index(), false);
  fabric_.set_known_sends(slot.index(), Cycle::never());
}

std::optional<Cycle> Chip::clear_exceptions(TileIndex index, tile::ContextMask contexts, Cycle at) {
  Slot& slot = *slots_.at(index.value());
  Cycle from = at;
  if (slot.exception) from = std::max(from, slot.exception->cycle + tile::min_resume_delay);
  // Stopped tiles too: they may go on yet, and have not heard what this one sends from now on.
  for (const auto& other : slots_) from = std::max(from, other->model().now());
  if (!slot.model().debug().clear_exceptions(contexts, from)) return std::nullopt;
  resume(slot, from);
  return from;
}

void Chip::resume(Slot& slot, Cycle at) {
  using Standing = Slot::Standing;
  slot.resume(at);
  sync_.unbar(slot.index());
  for (const TileHazard& hazard : hazards_) {
    if (hazard.is_error && hazard.tile == slot.index()) sync_.bar(slot.index(), hazard.hazard.cycle);
  }
  fabric_.resume(slot.index(), at);
  fabric_.set_in_sync(slot.index(), slot.in_sync() && slot.silent_in_sync);
  earliest_release_ = Cycle{0};
  // It may send what others had given up.
  for (auto& other : slots_) {
    if (other->standing == Standing::lacks_words) other->standing = Standing::running;
  }
}

// The part of the critical path from its end so far to `arrival`, of which the given time is exchange.
CycleSplit Chip::path_to(Cycle arrival, Cycle exchange_begin, Cycle exchange_end) const {
  CycleSplit split;
  const Cycle begin = std::max(exchange_begin, path_end_);
  const Cycle end = std::min(exchange_end, arrival);
  if (begin < end) split.exchange = end - begin;
  split.compute = (arrival - path_end_) - split.exchange;
  return split;
}

void Chip::account(const SyncUnit::Event& event) {
  if (event.zone == sync_zone::ans) return;
  const Cycle arrival = std::max(event.last_arrival, path_end_);
  const auto exchange = slots_[event.last_tile.value()]->exchange_before_next_sync();
  critical_path_ = critical_path_ + path_to(arrival, exchange.begin, exchange.end);
  critical_path_.sync += event.release - arrival;
  path_end_ = event.release;
  if (event.zone == sync_zone::internal) {
    ++supersteps_;
  } else {
    host_syncs_.push_back({event.zone, event.begin});
  }
  if (logger_) {
    logger_->debug("sync {}: last arrival tile {} cycle {}, released at {}", event.zone,
                   event.last_tile.value(), event.last_arrival.value(), event.release.value());
  }
}

bool Chip::release_syncs() {
  bool moved = false;
  while (auto event = sync_.next_event()) {
    moved = true;
    account(*event);
    for (const TileIndex index : event->acknowledged) {
      slots_[index.value()]->use_acknowledgement();
      fabric_.use_acknowledgement(index);
    }
    for (const TileIndex index : event->misused) {
      problems_.push_back({slots_[index.value()]->arrived_at, index, sync_.explain_misuse(index)});
    }
    for (const TileIndex index : event->released) {
      Slot& slot = *slots_[index.value()];
      fabric_.set_known_sends(index, event->release);
      fabric_.set_in_sync(index, false);
      if (slot.in_sync() && (slot.is_live() || slot.exception)) slot.release(event->release);
    }
    if (event->zone != sync_zone::ans) prune();
  }
  return moved;
}

// Forgets what no tile that can still move may ask for.
void Chip::prune() {
  Cycle oldest = Cycle::never();
  for (const auto& slot : slots_) {
    if (slot->is_live()) oldest = std::min(oldest, slot->model().now());
  }
  if (oldest != Cycle::never()) fabric_.prune(oldest);
}

// Works out the first cycle in which a sync that has not happened can release anybody; true if that is news.
// It matters to tiles that acknowledged in advance and go on with their mux on a tile that waits.
bool Chip::raise_bounds() {
  using Standing = Slot::Standing;
  bool all_arrived = true;
  Cycle last{0};
  for (const auto& slot : slots_) {
    if (sync_.has_arrived(slot->index())) continue;
    all_arrived = false;
    const bool may_arrive = slot->standing == Standing::running || slot->standing == Standing::at_limit ||
                            slot->standing == Standing::needs_words;
    last = may_arrive ? std::max(last, slot->model().now()) : Cycle::never();
    if (!may_arrive) break;
  }
  if (all_arrived) {
    last = sync_.host_zone() ? std::max(sync_.last_arrival(), host_horizon_) : Cycle::never();
  }
  const unsigned latency =
      std::min(system_.sync.internal_latency_cycles, system_.sync.external_latency_cycles);
  const Cycle bound = later(last, latency);
  if (bound <= earliest_release_) return false;
  earliest_release_ = bound;
  fabric_.set_earliest_release(bound);
  return true;
}

// Tiles in the order in which this pass shall simulate them.
std::vector<std::size_t> Chip::order() {
  std::vector<std::size_t> indices(slots_.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  if (shuffle_) std::shuffle(indices.begin(), indices.end(), *shuffle_);
  return indices;
}

ChipState Chip::run(Cycle limit) {
  using Standing = Slot::Standing;
  for (auto& slot : slots_) {
    if (slot->standing == Standing::at_limit) slot->standing = Standing::running;
  }
  for (;;) {
    bool moved = false;
    for (const std::size_t i : order()) {
      if (slots_[i]->can_move() && advance(*slots_[i], limit)) moved = true;
    }
    if (release_syncs()) moved = true;
    if (!moved && !raise_bounds() && !advance_waiting(limit)) break;
  }
  state_ = resting_state();
  if (!reached_limit() && state_ != ChipState::not_started) {
    settle();
    state_ = resting_state();
  }
  if (logger_ && !reached_limit()) logger_->info("cycle {}: {}", rest_cycle().value(), to_string(state_));
  return state_;
}

// Workers go on while their supervisor waits in a sync. No sync that is still to come can end before the
// bound. Whether a tile stopped at that: others need not wait for what it sends.
bool Chip::advance_waiting(Cycle limit) {
  if (!reached_limit()) return false;
  const Cycle until = std::min(limit, earliest_release_);
  bool stopped = false;
  for (auto& slot : slots_) {
    if (slot->standing != Slot::Standing::in_sync || slot->model().now() >= until) continue;
    const tile::StopReport stop = slot->model().advance(until);
    if (stop.reason != StopReason::exception && stop.reason != StopReason::mismatch) continue;
    stop_tile(*slot, stop);
    stopped = true;
  }
  return stopped;
}

// Words that are under way arrive while their receivers wait. A host sync that comes after all leaves time
// for that: its release is at least a sync latency away.
void Chip::settle() {
  Cycle until = later(rest_cycle(), fabric_.longest_path() + 1);
  if (sync_.host_zone()) {
    const Cycle granted = std::max(sync_.last_arrival(), host_horizon_);
    until = std::min(until, granted + system_.sync.external_latency_cycles);
  }
  for (auto& slot : slots_) {
    if (slot->standing != Slot::Standing::in_sync || slot->model().now() >= until) continue;
    const tile::StopReport stop = slot->model().advance(until);
    if (stop.reason == StopReason::exception || stop.reason == StopReason::mismatch) stop_tile(*slot, stop);
  }
}

ChipState Chip::resting_state() const {
  using Standing = Slot::Standing;
  const auto any = [&](Standing standing) {
    return std::any_of(slots_.begin(), slots_.end(),
                       [&](const auto& slot) { return slot->standing == standing; });
  };
  const auto live = std::any_of(slots_.begin(), slots_.end(), [](const auto& s) { return s->is_live(); });
  if (failed()) return ChipState::stopped;
  if (any(Standing::at_limit)) return ChipState::cycle_limit;
  if (sync_.waits_for_host()) return ChipState::waits_for_host;
  if (live) return ChipState::deadlock;
  return any(Standing::ended) ? ChipState::finished : ChipState::not_started;
}

}  // namespace ipusim::chip
