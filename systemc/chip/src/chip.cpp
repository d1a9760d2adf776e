#include "ipusim/chip/chip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace ipusim::chip {

using tile::StopReason;

// A tile's place in the run: its model, whether it can move, and where its time went.
class Chip::Slot : public tile::TileObserver {
 public:
  enum class Standing : std::uint8_t {
    never_started,
    running,
    at_limit,
    needs_words,
    lacks_words,
    in_sync,
    ended
  };

  Slot(Chip& chip, TileIndex index, std::unique_ptr<tile::TileModel> model)
      : chip_(chip), index_(index), model_(std::move(model)) {
    model_->reset();
    model_->attach(this);
    model_->attach(&chip.fabric_.port(index));
  }

  bool wants_retire() const override { return false; }
  void on_retire(const tile::RetireRecord&) override {}
  void on_receive(Cycle, const tile::MemoryWrite&) override {}
  void on_hazard(const tile::Hazard& hazard) override { chip_.on_hazard(index_, hazard); }

  // Compute and exchange since the last release (or the start), up to `until`.
  CycleSplit split_until(Cycle until) const {
    CycleSplit split;
    const Cycle exchange_end = std::min(model_->last_exchange_end(), until);
    if (in_exchange_phase && exchange_end > released_at) split.exchange = exchange_end - released_at;
    split.compute = (until - released_at) - split.exchange;
    return split;
  }

  tile::TileModel& model() { return *model_; }
  const tile::TileModel& model() const { return *model_; }
  TileIndex index() const { return index_; }

  Standing standing = Standing::never_started;
  std::optional<ByteAddr> entry;
  Cycle released_at{0};
  Cycle arrived_at{0};
  bool in_exchange_phase = false;  // the last release was that of an internal sync
  CycleSplit cycles;
  std::optional<tile::ExceptionReport> exception;

 private:
  Chip& chip_;
  TileIndex index_;
  std::unique_ptr<tile::TileModel> model_;
};

namespace {

CycleSplit operator+(CycleSplit a, const CycleSplit& b) {
  a.compute += b.compute;
  a.sync += b.sync;
  a.exchange += b.exchange;
  return a;
}

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

}  // namespace

Chip::Chip(const config::SystemConfig& system, const std::vector<std::string>& kinds,
           const TileFactories& factories)
    : system_(system),
      sync_(system.sync, system.places.size()),
      fabric_(
          system.places, make_latency_function(system.exchange), system.exchange.null_source,
          [this](TileIndex tile, const tile::Hazard& hazard) { on_hazard(tile, hazard); },
          [this](TileIndex tile, Cycle at, std::uint32_t count) { sync_.pre_acknowledge(tile, at, count); }) {
  if (kinds.size() != system.places.size()) throw std::invalid_argument("one tile kind per place is needed");
  for (std::uint32_t i = 0; i < kinds.size(); ++i) {
    const auto factory = factories.find(kinds[i]);
    if (factory == factories.end()) {
      throw std::invalid_argument(fmt::format("tile {}: this build has no tile of kind '{}'", i, kinds[i]));
    }
    slots_.push_back(
        std::make_unique<Slot>(*this, TileIndex{i}, factory->second({system.places[i], system.arch})));
  }
}

Chip::~Chip() = default;

tile::TileModel& Chip::tile(TileIndex index) { return slots_.at(index.value())->model(); }
const tile::TileModel& Chip::tile(TileIndex index) const { return slots_.at(index.value())->model(); }

void Chip::set_entry(TileIndex index, ByteAddr pc) { slots_.at(index.value())->entry = pc; }

void Chip::start() {
  for (auto& slot : slots_) {
    if (!slot->entry) {
      fabric_.set_known_sends(slot->index(), Cycle::never());
      continue;
    }
    slot->model().start(*slot->entry, Cycle{0});
    slot->standing = Slot::Standing::running;
  }
}

void Chip::set_host_mark(unsigned zone, std::uint32_t count, Cycle at) {
  sync_.set_host_mark(zone, count, at);
}

void Chip::on_hazard(TileIndex tile, const tile::Hazard& hazard) {
  const auto policy = policy_of(system_.hazards, hazard.kind);
  if (policy == config::HazardPolicy::off) return;
  hazards_.push_back({tile, hazard, policy == config::HazardPolicy::error});
}

bool Chip::failed() const {
  return !problems_.empty() ||
         std::any_of(hazards_.begin(), hazards_.end(), [](const auto& h) { return h.is_error; }) ||
         std::any_of(slots_.begin(), slots_.end(), [](const auto& s) { return s->exception.has_value(); });
}

void Chip::advance(Slot& slot, Cycle limit) {
  const tile::StopReport stop = slot.model().advance(limit);
  fabric_.set_known_sends(slot.index(), slot.model().now());
  handle(slot, stop);
}

void Chip::handle(Slot& slot, const tile::StopReport& stop) {
  using Standing = Slot::Standing;
  const auto end = [&] {
    slot.standing = Standing::ended;
    slot.arrived_at = stop.cycle;
    slot.cycles = slot.cycles + slot.split_until(stop.cycle);
    fabric_.set_known_sends(slot.index(), Cycle::never());
  };
  switch (stop.reason) {
    case StopReason::limit:
      slot.standing = Standing::at_limit;
      break;
    case StopReason::exchange_wait:
      slot.standing = Standing::needs_words;
      break;
    case StopReason::receive_wait:
      slot.standing = Standing::lacks_words;
      break;
    case StopReason::idle:
      end();
      break;
    case StopReason::sync: {
      slot.standing = Standing::in_sync;
      slot.arrived_at = stop.cycle;
      slot.cycles = slot.cycles + slot.split_until(stop.cycle);
      if (const auto misuse = sync_.arrive(slot.index(), stop.sync_zone, stop.cycle)) {
        problems_.push_back(fmt::format("tile {}: {}", slot.index().value(), *misuse));
      }
      break;
    }
    case StopReason::exception:
      slot.exception = stop.exception;
      end();
      break;
    case StopReason::mismatch:
      problems_.push_back(
          fmt::format("tile {}: the two models differ: {}", slot.index().value(), stop.message));
      end();
      break;
  }
}

// The part of the critical path from its end so far to `arrival`, at which `last` arrived last.
CycleSplit Chip::path_to(const Slot& last, Cycle arrival) const {
  CycleSplit split;
  split.exchange =
      std::min(last.split_until(std::max(arrival, last.released_at)).exchange, arrival - path_end_);
  split.compute = (arrival - path_end_) - split.exchange;
  return split;
}

bool Chip::release_syncs() {
  bool moved = false;
  while (auto event = sync_.next_event()) {
    moved = true;
    if (event->zone != sync_zone::ans) {
      const Cycle arrival = std::max(event->last_arrival, path_end_);
      critical_path_ = critical_path_ + path_to(*slots_[event->last_tile.value()], arrival);
      critical_path_.sync += event->release - arrival;
      path_end_ = event->release;
      if (event->zone == sync_zone::internal) ++supersteps_;
      fabric_.prune(event->last_arrival);
    }
    for (const TileIndex index : event->released) {
      Slot& slot = *slots_[index.value()];
      slot.cycles.sync += event->release - slot.arrived_at;
      slot.released_at = event->release;
      slot.in_exchange_phase = event->zone == sync_zone::internal;
      slot.standing = Slot::Standing::running;
      slot.model().release_sync(event->release);
    }
  }
  return moved;
}

// Tiles in a sync cannot send before it is released, and that takes a sync latency from the last arrival on.
// This bound lets a tile whose mux still points at one of them go on.
bool Chip::raise_bounds() {
  Cycle earliest = Cycle::never();
  for (const auto& slot : slots_) {
    if (slot->standing == Slot::Standing::needs_words) earliest = std::min(earliest, slot->model().now());
  }
  if (earliest == Cycle::never()) return false;
  const unsigned latency =
      std::min(system_.sync.internal_latency_cycles, system_.sync.external_latency_cycles);
  for (const auto& slot : slots_) {
    const bool silent =
        slot->standing == Slot::Standing::in_sync || slot->standing == Slot::Standing::lacks_words;
    if (silent) fabric_.set_known_sends(slot->index(), earliest + latency);
  }
  return true;
}

ChipState Chip::run(Cycle limit) {
  using Standing = Slot::Standing;
  for (auto& slot : slots_) {
    if (slot->standing == Standing::at_limit) slot->standing = Standing::running;
  }
  for (;;) {
    bool moved = false;
    for (auto& slot : slots_) {
      const bool can_try = slot->standing == Standing::running || slot->standing == Standing::needs_words ||
                           slot->standing == Standing::lacks_words;
      if (!can_try) continue;
      const Cycle before = slot->model().now();
      advance(*slot, limit);
      moved = moved || slot->model().now() != before || slot->standing == Standing::in_sync ||
              slot->standing == Standing::ended;
    }
    // After a failure every tile still runs to its next stop, so that the report does not depend on order.
    if (!failed() && release_syncs()) moved = true;
    if (moved) continue;
    if (!raise_bounds()) break;
    bool freed = false;
    for (auto& slot : slots_) {
      if (slot->standing != Standing::needs_words) continue;
      const Cycle before = slot->model().now();
      advance(*slot, limit);
      freed = freed || slot->model().now() != before || slot->standing != Standing::needs_words;
    }
    if (!freed) break;
  }
  state_ = resting_state(limit);
  return state_;
}

ChipState Chip::resting_state(Cycle limit) const {
  if (failed()) return ChipState::stopped;
  const bool limited = std::any_of(slots_.begin(), slots_.end(), [&](const auto& slot) {
    return slot->standing == Slot::Standing::at_limit && slot->model().now() >= limit;
  });
  if (limited) return ChipState::cycle_limit;
  return sync_.waits_for_host() ? ChipState::waits_for_host : ChipState::deadlock;
}

std::vector<std::string> Chip::waiting_list() const {
  using Standing = Slot::Standing;
  std::vector<std::string> list;
  for (const auto& slot : slots_) {
    std::string what;
    switch (slot->standing) {
      case Standing::never_started:
        what = "was never started: give it an image";
        break;
      case Standing::ended:
        what = "has no running supervisor";
        break;
      case Standing::lacks_words:
        what = "waits in sync 0 for words that nobody sends";
        break;
      case Standing::needs_words:
        what = "waits for the exchange";
        break;
      default:
        what = sync_.describe(slot->index());
        break;
    }
    list.push_back(fmt::format("tile {} (place {}): {}", slot->index().value(),
                               system_.places[slot->index().value()].value(), what));
  }
  return list;
}

ChipReport Chip::report() const {
  ChipReport report;
  report.state = state_;
  report.hazards = hazards_;
  report.problems = problems_;
  report.supersteps = supersteps_;
  report.exchange = fabric_.statistics();
  report.cycles = critical_path_;
  const Slot* last = nullptr;
  for (const auto& slot : slots_) {
    const bool at_rest = slot->standing == Slot::Standing::in_sync || slot->standing == Slot::Standing::ended;
    CycleSplit cycles = slot->cycles;
    Cycle end = slot->arrived_at;
    if (!at_rest && slot->standing != Slot::Standing::never_started) {
      end = std::max(slot->model().now(), slot->released_at);
      cycles = cycles + slot->split_until(end);
    }
    report.tile_cycles.push_back(cycles);
    if (slot->exception) report.exceptions.push_back({slot->index(), *slot->exception});
    if (end > report.end) {
      report.end = end;
      last = slot.get();
    }
  }
  if (last != nullptr && report.end > path_end_) {
    report.cycles = report.cycles + path_to(*last, report.end);
  }
  if (state_ == ChipState::deadlock) {
    const auto list = waiting_list();
    report.problems.insert(report.problems.end(), list.begin(), list.end());
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
