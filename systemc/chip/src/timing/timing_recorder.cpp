// SPDX-License-Identifier: Apache-2.0
#include "ipusim/chip/timing/timing_recorder.hpp"

#include <algorithm>
#include <numeric>

namespace ipusim::chip {

namespace {

CycleSplit operator-(CycleSplit a, const CycleSplit& b) {
  a.compute -= b.compute;
  a.sync -= b.sync;
  a.exchange -= b.exchange;
  return a;
}

TileTiming& operator+=(TileTiming& a, const TileTiming& b) {
  for (const TimingQuantity& quantity : timing_quantities) a.*quantity.value += b.*quantity.value;
  return a;
}

std::uint64_t bundles_of(const tile::Activity& activity) {
  return std::accumulate(activity.bundles().begin(), activity.bundles().end(), std::uint64_t{0});
}

// The time `cycles` behind the start of a run; never stays never.
Cycle after(Cycle start, Cycle cycles) { return cycles == Cycle::never() ? cycles : start + cycles.value(); }

}  // namespace

void TimingRecorder::begin(ChipModel& chip) {
  const ChipReport report = chip.report();
  timing_.tiles.resize(chip.size());
  timing_.syncs.resize(chip.size());
  timing_.spans.resize(options_.traced.size());
  tiles_.resize(chip.size());
  for (std::uint32_t i = 0; i < chip.size(); ++i) {
    tiles_[i].told = report.tile_cycles.at(i);
    tiles_[i].words = report.tile_exchange.at(i);
    activities_.emplace_back();
  }
  for (std::size_t position = 0; position < options_.traced.size(); ++position)
    tiles_.at(options_.traced[position].value()).traced = position;
  open(report.start, report.start + report.cycles_to_last_sync.total());
  for (std::uint32_t i = 0; i < chip.size(); ++i) chip.measure(TileIndex{i}, &activities_[i]);
  chip.add_observer(*this);
}

void TimingRecorder::open(Cycle start, Cycle begin) {
  timing_.start = start;
  timing_.begin = timing_.end = begin;
  timing_.steps = {new_step()};
  for (Tile& tile : tiles_) tile.arrived_at = tile.released_at = begin;
  for (const TileIndex tile : options_.traced)
    activities_[tile.value()].keep_runs(after(start, options_.trace_from), after(start, options_.trace_to));
}

StepTiming TimingRecorder::new_step() const {
  StepTiming step;
  step.begin = step.last_arrival = step.release = timing_.end;
  return step;
}

void TimingRecorder::add(std::uint32_t number, std::uint32_t tile, const TileTiming& timing) {
  StepTiming& step = timing_.steps[number];
  step.sum += timing;
  timing_.tiles[tile] += timing;
  step.senders += timing.sent != 0 ? 1 : 0;
  step.takers += timing.received != 0 ? 1 : 0;
  for (std::size_t q = 0; q < timing_quantities.size(); ++q) {
    const auto value = timing_quantities[q].value;
    const bool is_first = timing.*value == step.max.*value && TileIndex{tile} < step.max_tile[q];
    if (timing.*value > step.max.*value || (timing.*value != 0 && is_first)) {
      step.max.*value = timing.*value;
      step.max_tile[q] = TileIndex{tile};
    }
  }
  if (step.tiles.empty() && kept_ + tiles_.size() <= options_.most_tile_steps) {
    step.tiles.resize(tiles_.size());
    kept_ += tiles_.size();
  }
  if (!step.tiles.empty()) step.tiles[tile] += timing;
}

void TimingRecorder::trace(const Tile& tile, TileSpan::Kind kind, std::uint32_t step, Cycle begin,
                           Cycle end) {
  if (!tile.traced || begin >= end) return;
  if (begin >= after(timing_.start, options_.trace_to) || end <= after(timing_.start, options_.trace_from))
    return;
  timing_.spans[*tile.traced].push_back({kind, step, begin, end});
}

// From its last release to `until` the tile exchanged, then computed.
void TimingRecorder::trace_work(const Tile& tile, std::uint32_t step, std::uint64_t exchange, Cycle until) {
  const Cycle compute = std::min(tile.released_at + exchange, until);
  trace(tile, TileSpan::Kind::exchange, tile.last_step, tile.released_at, compute);
  trace(tile, TileSpan::Kind::compute, step, compute, until);
}

// What the tile did since it was looked at last: its wait and the exchange belong to the sync that released
// it, unless it waited alone, all else to the one that will.
void TimingRecorder::take_over(Tile& tile, std::uint32_t index, const CycleSplit& cycles,
                               const ExchangeStatistics& words) {
  const CycleSplit spent = cycles - tile.told;
  tile.current.exchange += spent.exchange;
  tile.current.sent += words.words_sent - tile.words.words_sent;
  tile.current.received += words.words_received - tile.words.words_received;
  (tile.was_alone ? tile.carried : tile.current).sync += spent.sync;
  const std::uint64_t bundles = bundles_of(activities_[index]);
  tile.carried.compute += spent.compute;
  tile.carried.bundles += bundles - tile.bundles;
  tile.told = cycles;
  tile.words = words;
  tile.bundles = bundles;
}

void TimingRecorder::on_arrival(const TileArrived& arrival) {
  const std::uint32_t index = arrival.tile.value();
  Tile& tile = tiles_[index];
  const std::uint64_t exchanged = arrival.cycles.exchange - tile.told.exchange;
  // The step of its sync is the next one, unless it waits for what it acknowledged.
  trace_work(tile, static_cast<std::uint32_t>(timing_.steps.size()), exchanged, arrival.at);
  take_over(tile, index, arrival.cycles, arrival.words);
  tile.arrived_at = arrival.at;
  tile.has_arrived = true;
  tile.site = {arrival.sync_pc, arrival.return_address, activities_[index].take_entries(arrival.at + 1)};
}

void TimingRecorder::on_event(const RunEvent& event) {
  if (const auto* sync = std::get_if<SyncHappened>(&event)) happen(*sync);
}

// The path up to the release of `step`, which comes behind all steps so far, is `path` longer.
void TimingRecorder::extend_path(StepTiming& step, const CycleSplit& path) {
  timing_.path = timing_.path + path;
  timing_.steps.back().path.exchange += path.exchange;
  step.path = path;
  step.path.exchange = 0;
}

void TimingRecorder::happen(const SyncHappened& sync) {
  StepTiming step = new_step();
  step.kind = sync.is_superstep ? StepTiming::Kind::superstep : StepTiming::Kind::outside;
  step.zone = sync.zone;
  step.last_arrival = sync.last_arrival;
  step.release = sync.release;
  step.critical = sync.last_tile;
  extend_path(step, sync.path);
  const Tile& critical = tiles_[sync.last_tile.value()];
  if (critical.has_arrived && critical.arrived_at == sync.last_arrival) step.site = critical.site;
  timing_.end = sync.release;
  timing_.steps.push_back(std::move(step));
}

void TimingRecorder::on_release(const TileReleased& release) {
  const std::uint32_t index = release.tile.value();
  Tile& tile = tiles_[index];
  const auto latest = static_cast<std::uint32_t>(timing_.steps.size() - 1);
  trace(tile, TileSpan::Kind::sync, latest, tile.arrived_at, release.at);
  tile.has_arrived = false;
  tile.was_alone = release.is_alone;
  tile.released_at = release.at;
  if (release.is_alone) return;
  ++timing_.steps[latest].arrived;
  ++timing_.syncs[index];
  add(tile.last_step, index, tile.current);
  tile.current = std::exchange(tile.carried, {});
  tile.last_step = latest;
}

void TimingRecorder::end(const ChipModel& chip, const ChipReport& report) {
  StepTiming last = new_step();
  last.kind = StepTiming::Kind::end;
  extend_path(last, report.cycles - report.cycles_to_last_sync);
  last.last_arrival = last.release = std::max(report.end, timing_.end);
  const auto number = static_cast<std::uint32_t>(timing_.steps.size());
  timing_.steps.push_back(std::move(last));
  timing_.end = timing_.steps.back().release;
  const bool none_happened = number == 1;
  std::uint64_t latest = 0;
  for (std::uint32_t i = 0; i < chip.size(); ++i) {
    Tile& tile = tiles_[i];
    const CycleSplit spent = report.tile_cycles.at(i) - tile.told;
    if (!tile.has_arrived)
      trace_work(tile, number, spent.exchange, tile.released_at + spent.exchange + spent.compute);
    if (tile.has_arrived) trace(tile, TileSpan::Kind::sync, number, tile.arrived_at, timing_.end);
    take_over(tile, i, report.tile_cycles.at(i), report.tile_exchange.at(i));
    add(tile.last_step, i, tile.current);
    add(number, i, tile.carried);
    const std::uint64_t rest = report.tile_cycles.at(i).total();
    StepTiming& step = timing_.steps[number];
    if (none_happened || timing_.syncs[i] != 0) ++step.arrived;
    if (rest <= latest) continue;
    latest = rest;
    step.critical = TileIndex{i};
    step.site.reset();
    if (tile.has_arrived) step.site = tile.site;
  }
}

RunTiming TimingRecorder::finish(ChipModel& chip) {
  chip.remove_observer(*this);
  for (std::uint32_t i = 0; i < chip.size(); ++i) chip.measure(TileIndex{i}, nullptr);
  end(chip, chip.report());
  timing_.issues.resize(isa::all_instructions().size() + 1);
  for (const tile::Activity& activity : activities_) {
    for (std::size_t code = 0; code < timing_.issues.size(); ++code) {
      for (unsigned context = 0; context < Context::count; ++context) {
        timing_.issues[code][context] +=
            activity.issues(static_cast<isa::Opcode>(code), Context::from_index(context));
      }
    }
    timing_.bundles.push_back(activity.bundles());
  }
  for (const TileIndex tile : options_.traced) {
    auto runs = activities_[tile.value()].runs(timing_.end);
    for (tile::WorkerRun& run : runs) run.last = std::min(run.last, timing_.end);
    timing_.worker_runs.push_back(std::move(runs));
  }
  return std::move(timing_);
}

}  // namespace ipusim::chip
