// SPDX-License-Identifier: Apache-2.0
#include "ipusim/chip/chip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "tile_slot.hpp"

namespace ipusim::chip {

using tile::StopReason;
using Standing = TileSlot::Standing;

namespace {

// The kinds a tile shall stop for: bit n for HazardKind n.
std::uint8_t exchange_errors(const config::HazardConfig& config) {
  unsigned mask = 0;
  for (const isa::HazardInfo& hazard : isa::hazards) {
    if (config.of(hazard.kind) == config::HazardPolicy::exception)
      mask |= 1U << static_cast<unsigned>(hazard.kind);
  }
  return static_cast<std::uint8_t>(mask);
}

Cycle later(Cycle at, std::uint64_t cycles) { return at == Cycle::never() ? at : at + cycles; }

}  // namespace

Chip::Chip(const config::ChipConfig& system, const std::vector<std::string>& kinds,
           const TileFactories& factories)
    : system_(system),
      sync_(system_.sync, system.places.size()),
      fabric_(
          system.places, config::make_latency_function(system.exchange), system.exchange.null_source,
          [this](TileIndex tile, const tile::Hazard& hazard) { slots_[tile.value()]->on_hazard(hazard); },
          [this](TileIndex tile, Cycle at, std::uint32_t count) {
            slots_[tile.value()]->acknowledge(at, count);
          }) {
  if (kinds.size() != system.places.size()) throw std::invalid_argument("one tile kind per place is needed");
  for (std::uint32_t i = 0; i < kinds.size(); ++i) {
    const auto factory = factories.find(kinds[i]);
    if (factory == factories.end()) {
      throw std::invalid_argument(fmt::format("tile {}: this build has no tile of kind '{}'", i, kinds[i]));
    }
    index_of_place_.emplace(system.places[i], TileIndex{i});
    auto model = factory->second({system.places[i], system.arch, exchange_errors(system.hazards)});
    slots_.push_back(std::make_unique<TileSlot>(TileIndex{i}, std::move(model), system_.hazards));
    slots_.back()->model().attach(&fabric_.port(TileIndex{i}));
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

void Chip::measure(TileIndex index, tile::Activity* activity) { slots_.at(index.value())->measure(activity); }

void Chip::set_entry(TileIndex index, ByteAddr pc) { slots_.at(index.value())->entry = pc; }
bool Chip::has_entry(TileIndex index) const { return slots_.at(index.value())->entry.has_value(); }
bool Chip::reached_limit() const {
  return std::any_of(slots_.begin(), slots_.end(),
                     [](const auto& s) { return s->standing == Standing::at_limit; });
}
const std::optional<tile::ExceptionReport>& Chip::exception(TileIndex index) const {
  return slots_.at(index.value())->exception;
}
bool Chip::is_live(TileIndex index) const { return slots_.at(index.value())->is_live(); }
std::optional<unsigned> Chip::outside_zone() const { return told_arrival_; }

void Chip::start(Cycle at) {
  const bool again = std::any_of(slots_.begin(), slots_.end(),
                                 [](const auto& s) { return s->standing != Standing::never_started; });
  if (again) throw std::logic_error("the chip was started before");
  start_ = path_end_ = at;
  for (RunObserver* observer : observers_) observer->on_start(at);
  for (auto& slot : slots_) {
    if (slot->entry) {
      slot->start(at);
    } else {
      fabric_.set_known_sends(slot->index(), Cycle::never());
    }
  }
}

// --- while tiles run

void Chip::step(TileIndex index, Cycle limit, Scheduler::Ready& ready) {
  TileSlot& slot = *slots_[index.value()];
  const Cycle until = scheduler_->slice(slot.model().now(), limit);
  slot.advance(until);
  fabric_.set_known_sends(index, slot.model().now());
  if (const tile::StopReport* stop = slot.stop()) {
    if (stop->reason != StopReason::sync) {
      fabric_.set_known_sends(index, Cycle::never());
    } else if (waits_silently(slot, stop->sync_zone)) {
      fabric_.enter_sync(index);
    }
  }
  for (const std::uint32_t other : fabric_.take_waiting(index)) ready.add(other);
  if (slot.standing == Standing::at_limit && until < limit) ready.add(index.value());
  if (slot.standing == Standing::needs_words && !slot.stop() &&
      !fabric_.wait_for_words(index, slot.model().now())) {
    ready.add(index.value());
  }
}

// A tile that waits for what it acknowledged in advance and has nothing outstanding depends on nobody, and
// goes on to send while others are still on their way; in any other sync it is silent.
bool Chip::waits_silently(const TileSlot& slot, unsigned operand) const {
  const config::SyncZone* zone = system_.sync.of_operand(operand);
  return zone == nullptr || zone->scope != config::SyncScope::tile || fabric_.has_acknowledged(slot.index());
}

void Chip::run_ready(const std::vector<std::uint32_t>& ready, Cycle limit) {
  scheduler_->run(ready, [&](TileIndex index, Scheduler::Ready& more) { step(index, limit, more); });
  take_in();
}

// --- while every tile stands still

// What tiles have found: in the order of their numbers here, in that of cycles to observers.
void Chip::take_in() {
  fabric_.merge();
  std::vector<TileHazard> hazards;
  std::vector<TileException> exceptions;
  for (const auto& slot : slots_) {
    for (const auto& acknowledgement : slot->take_acknowledgements()) {
      sync_.pre_acknowledge(slot->index(), acknowledgement.at, acknowledgement.count);
    }
    if (slot->first_error() != Cycle::never()) sync_.bar(slot->index(), slot->first_error());
    const std::size_t told = slot->take_told_hazards();
    hazards.insert(hazards.end(), slot->hazards().begin() + static_cast<std::ptrdiff_t>(told),
                   slot->hazards().end());
    if (const auto stop = slot->take_stop()) {
      stop->reason == StopReason::sync ? enter_sync(*slot, *stop) : stop_tile(*slot, *stop);
      if (stop->reason == StopReason::exception) exceptions.push_back({slot->index(), stop->exception});
    }
  }
  if (observers_.empty()) return;
  std::stable_sort(hazards.begin(), hazards.end(),
                   [](const auto& a, const auto& b) { return a.hazard.cycle < b.hazard.cycle; });
  std::stable_sort(exceptions.begin(), exceptions.end(),
                   [](const auto& a, const auto& b) { return a.report.cycle < b.report.cycle; });
  for (const TileHazard& hazard : hazards) tell(HazardFound{hazard});
  for (const TileException& exception : exceptions) tell(ExceptionRaised{exception});
}

void Chip::enter_sync(TileSlot& slot, const tile::StopReport& stop) {
  // One that issued in the cycle of an exception shows when the tile goes on.
  const Cycle at = std::max(stop.cycle, slot.resumed_at);
  const config::SyncZone* zone = system_.sync.of_operand(stop.sync_zone);
  slot.enter_sync(at, zone != nullptr && zone->scope == config::SyncScope::chip);
  slot.silent_in_sync = waits_silently(slot, stop.sync_zone);
  fabric_.set_in_sync(slot.index(), slot.silent_in_sync);
  if (const auto misuse = sync_.arrive(slot.index(), stop.sync_zone, at)) {
    problems_.push_back({at, slot.index(), *misuse});
  }
  if (!observers_.empty()) tell_arrival(slot);
}

void Chip::tell_arrival(const TileSlot& slot) {
  constexpr std::uint32_t sync_bytes = 4;
  constexpr unsigned link_register = 10;
  const Context supervisor = Context::supervisor();
  const TileArrived arrival{
      slot.index(),
      slot.arrived_at,
      slot.cycles(),
      fabric_.statistics(slot.index()),
      ByteAddr{slot.model().pc(supervisor).value() - sync_bytes},
      ByteAddr{slot.model().read_register(supervisor, tile::RegisterWrite::File::m, link_register)}};
  for (RunObserver* observer : observers_) observer->on_arrival(arrival);
}

void Chip::stop_tile(TileSlot& slot, const tile::StopReport& stop) {
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
  TileSlot& slot = *slots_.at(index.value());
  Cycle from = at;
  if (slot.exception) from = std::max(from, slot.exception->cycle + tile::min_resume_delay);
  // Stopped tiles too: they may go on yet, and have not heard what this one sends from now on.
  for (const auto& other : slots_) from = std::max(from, other->model().now());
  if (!slot.model().debug().clear_exceptions(contexts, from)) return std::nullopt;
  resume(slot, from);
  return from;
}

void Chip::resume(TileSlot& slot, Cycle at) {
  slot.resume(at);
  sync_.unbar(slot.index());
  if (slot.first_error() != Cycle::never()) sync_.bar(slot.index(), slot.first_error());
  fabric_.resume(slot.index(), at);
  fabric_.set_in_sync(slot.index(), slot.in_sync() && slot.silent_in_sync);
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
  const Cycle arrival = std::max(event.sync.last_arrival, path_end_);
  const auto exchange = slots_[event.sync.last_tile.value()]->exchange_before_next_sync();
  CycleSplit path = path_to(arrival, exchange.begin, exchange.end);
  path.sync = event.when.release - arrival;
  critical_path_ = critical_path_ + path;
  path_end_ = event.when.release;
  const bool is_superstep = event.sync.zone->scope == config::SyncScope::chip;
  if (is_superstep) ++supersteps_;
  const ExchangeStatistics words = fabric_.statistics();
  tell(SyncHappened{event.sync.zone->number, event.sync.last_arrival, event.sync.last_tile,
                    event.when.happens, event.when.release, words.words_sent - told_words_.words_sent,
                    words.words_received - told_words_.words_received, path, is_superstep});
  told_words_ = words;
}

// When that sync ends, as far as it is decided.
std::optional<Release> Chip::release_of(const SyncUnit::Complete& sync) {
  if (sync.zone->scope == config::SyncScope::chip && !sync.zone->host) {
    return Release{sync.last_arrival, sync.last_arrival + sync.zone->latency_cycles};
  }
  if (!told_arrival_) {
    told_arrival_ = sync.zone->number;
    edge_->arrived(sync.zone->number, sync.last_arrival);
  }
  const auto release = edge_->released(sync.zone->number);
  if (release) told_arrival_.reset();
  return release;
}

bool Chip::release_syncs() {
  bool moved = false;
  for (;;) {
    if (const auto alone = sync_.next_alone()) {
      moved = true;
      release(*alone);
      continue;
    }
    const auto sync = sync_.complete();
    const auto when = sync ? release_of(*sync) : std::nullopt;
    if (!when) return moved;
    moved = true;
    const auto event = sync_.happen(*sync, *when);
    account(event);
    release(event);
    prune();
    if (checkpoint_ && event.sync.zone->scope == config::SyncScope::chip)
      checkpoint_(supersteps_, event.when.release);
  }
}

void Chip::release(const SyncUnit::Event& event) {
  const bool is_alone = event.sync.zone->scope == config::SyncScope::tile;
  for (const TileIndex index : event.acknowledged) {
    slots_[index.value()]->use_acknowledgement();
    fabric_.use_acknowledgement(index);
  }
  for (const TileIndex index : event.misused) {
    problems_.push_back({slots_[index.value()]->arrived_at, index, sync_.explain_misuse(index)});
  }
  for (const SyncUnit::Overfull& sans : event.overfull)
    problems_.push_back({sans.at, sans.tile, sync_.explain_overfull(sans)});
  for (const TileIndex index : event.released) {
    TileSlot& slot = *slots_[index.value()];
    fabric_.set_known_sends(index, event.when.release);
    fabric_.set_in_sync(index, false);
    if (!slot.in_sync() || (!slot.is_live() && !slot.exception)) continue;
    slot.release(event.when.release);
    const TileReleased released{index, std::max(event.when.release, slot.resumed_at), is_alone};
    for (RunObserver* observer : observers_) observer->on_release(released);
  }
}

// Forgets what no tile that can still move may ask for.
void Chip::prune() {
  Cycle oldest = Cycle::never();
  for (const auto& slot : slots_) {
    if (slot->is_live()) oldest = std::min(oldest, slot->model().now());
  }
  if (oldest != Cycle::never()) fabric_.prune(oldest);
}

// The first cycle in which a sync that has not happened can release anybody.
Cycle Chip::next_release() const {
  bool all_arrived = true;
  Cycle last{0};
  for (const auto& slot : slots_) {
    if (sync_.has_arrived(slot->index())) continue;
    all_arrived = false;
    const bool may_arrive = slot->standing == Standing::running || slot->standing == Standing::at_limit ||
                            slot->standing == Standing::needs_words;
    if (!may_arrive) return Cycle::never();
    last = std::max(last, slot->model().now());
  }
  if (all_arrived) return told_arrival_ ? edge_->silent_until() : Cycle::never();
  unsigned latency = ~0U;
  for (const config::SyncZone& zone : system_.sync.zones) {
    if (zone.scope != config::SyncScope::tile) latency = std::min(latency, zone.latency_cycles);
  }
  return later(last, latency);
}

// True if next_release() is news. It matters to tiles that acknowledged in advance and go on with their mux
// on a tile that waits.
bool Chip::raise_bounds() {
  const Cycle bound = next_release();
  if (bound <= fabric_.earliest_release()) return false;
  fabric_.set_earliest_release(bound);
  return true;
}

// Tiles that can go on after what the chip has decided. Those that hang on a source look again.
std::vector<std::uint32_t> Chip::take_ready() {
  fabric_.take_all_waiting();
  std::vector<std::uint32_t> ready;
  for (const auto& slot : slots_) {
    if (slot->standing == Standing::running || slot->standing == Standing::needs_words) {
      ready.push_back(slot->index().value());
    }
  }
  return ready;
}

ChipState Chip::run(Cycle limit) {
  for (auto& slot : slots_) {
    if (slot->standing == Standing::at_limit) slot->standing = Standing::running;
  }
  do {
    run_ready(take_ready(), limit);
  } while (release_syncs() || raise_bounds() || advance_waiting(limit));
  state_ = resting_state();
  if (!reached_limit() && state_ != ChipState::not_started) {
    for (const SyncUnit::Overfull& sans : sync_.take_overfull())
      problems_.push_back({sans.at, sans.tile, sync_.explain_overfull(sans)});
    settle();
    state_ = resting_state();
  }
  if (!reached_limit()) tell(Rested{rest_cycle(), state_});
  return state_;
}

// Takes tiles whose supervisor stands in a sync up to `until`: their workers go on, and words arrive. Whether
// one failed: others need not wait for what it sends.
bool Chip::advance_in_syncs(Cycle until) {
  std::vector<std::uint32_t> tiles;
  for (const auto& slot : slots_) {
    if (slot->standing == Standing::in_sync && slot->model().now() < until)
      tiles.push_back(slot->index().value());
  }
  scheduler_->run(tiles,
                  [&](TileIndex index, Scheduler::Ready&) { slots_[index.value()]->advance_in_sync(until); });
  const bool failed =
      std::any_of(tiles.begin(), tiles.end(), [&](std::uint32_t i) { return slots_[i]->stop() != nullptr; });
  take_in();
  return failed;
}

// No sync that is still to come can end before the bound.
bool Chip::advance_waiting(Cycle limit) {
  return reached_limit() && advance_in_syncs(std::min(limit, fabric_.earliest_release()));
}

// Words that are under way arrive while their receivers wait. A sync that the outside ends after all leaves
// time for that: its release is at least its latency away.
void Chip::settle() {
  Cycle until = later(rest_cycle(), fabric_.longest_path() + 1);
  if (told_arrival_) until = std::min(until, edge_->silent_until());
  advance_in_syncs(until);
}

bool Chip::failed() const {
  return !problems_.empty() || std::any_of(slots_.begin(), slots_.end(), [](const auto& s) {
    return s->exception.has_value() || s->first_error() != Cycle::never();
  });
}

ChipState Chip::resting_state() const {
  const auto any = [&](Standing standing) {
    return std::any_of(slots_.begin(), slots_.end(),
                       [&](const auto& slot) { return slot->standing == standing; });
  };
  const auto live = std::any_of(slots_.begin(), slots_.end(), [](const auto& s) { return s->is_live(); });
  if (failed()) return ChipState::stopped;
  if (any(Standing::at_limit)) return ChipState::cycle_limit;
  if (told_arrival_) {
    return system_.sync.at(*told_arrival_).host ? ChipState::waits_for_host : ChipState::waits_for_chips;
  }
  if (live) return ChipState::deadlock;
  return any(Standing::ended) ? ChipState::finished : ChipState::not_started;
}

void Chip::tell(const RunEvent& event) {
  for (RunObserver* observer : observers_) observer->on_event(event);
}

}  // namespace ipusim::chip
