// SPDX-License-Identifier: Apache-2.0
#include "ipusim/random/run.hpp"

#include <algorithm>
#include <memory>
#include <random>

#include "debugger.hpp"
#include "ipusim/base/state.hpp"
#include "ipusim/lockstep/lockstep_tile.hpp"
#include "mesh.hpp"

namespace ipusim::random {
namespace {

using tile::StopReason;
using tile::StopReport;

class Observer : public tile::TileObserver {
 public:
  Observer(std::size_t tile, Witness& witness) : tile_(tile), witness_(witness) {}
  void on_retire(const tile::RetireRecord& record) override { witness_.on_retire(tile_, record); }
  void on_receive(Cycle at, const tile::MemoryWrite& write) override {
    witness_.on_receive(tile_, at, write);
  }
  void on_hazard(const tile::Hazard& hazard) override { witness_.on_hazard(tile_, hazard); }

 private:
  std::size_t tile_;
  Witness& witness_;
};

// "retires/excepts": the first word of each side of the message.
std::string sort_of(const std::string& message) {
  std::string sort;
  for (std::size_t at = message.find("\n  "); at != std::string::npos; at = message.find("\n  ", at + 1)) {
    const std::size_t line_end = std::min(message.find('\n', at + 1), message.size());
    const std::size_t colon = message.find(": ", at);
    if (colon == std::string::npos || colon >= line_end) continue;
    const std::size_t end = std::min(message.find(' ', colon + 2), line_end);
    if (message.compare(at + 3, 5, "waves") == 0) break;
    sort += (sort.empty() ? "" : "/") + message.substr(colon + 2, end - colon - 2);
  }
  return sort;
}

class Run {
 public:
  Run(const Scenario& scenario, const RunOptions& options)
      : scenario_(scenario), options_(options), mesh_(scenario) {
    if (scenario.debugger && scenario.tiles.size() == 1) debugger_.emplace(*scenario.debugger, scenario);
    for (std::size_t i = 0; i < scenario.tiles.size(); ++i) {
      const TileSetup& setup = scenario.tiles[i];
      if (options.witness != nullptr) observers_.push_back(std::make_unique<Observer>(i, *options.witness));
      tiles_.push_back(make_tile(i));
      tile::TileModel& model = *tiles_.back();
      load(model, setup);
      if (debugger_) debugger_->prepare(model);
      model.start(setup.entry, Cycle{3});
    }
  }

  Outcome go() {
    unsigned syncs = 0;
    while (!outcome_.difference) {
      if (advance_all()) continue;
      if (outcome_.difference || syncs == scenario_.max_syncs || !release_sync(syncs)) break;
      ++syncs;
    }
    return std::move(outcome_);
  }

 private:
  std::unique_ptr<tile::TileModel> make_tile(std::size_t i) {
    lockstep::LockstepOptions options;
    options.wave_directory = options_.wave_directory;
    tile::TileParameters parameters{scenario_.tiles[i].place, scenario_.arch};
    if (debugger_) parameters.exchange_errors = debugger_->exchange_errors();
    auto model = lockstep::make_lockstep_tile(parameters, options);
    model->attach(&mesh_.port(i));
    if (!observers_.empty()) model->attach(observers_[i].get());
    return model;
  }

  void reload(std::size_t i) {
    StateWriter state;
    tiles_[i]->save(state);
    tiles_[i] = make_tile(i);
    StateReader reader(state.bytes());
    tiles_[i]->load(reader);
    reader.finish();
  }

  // How far a tile goes in one piece.
  Cycle limit(std::size_t i) {
    const Cycle end{scenario_.max_cycles};
    if (!options_.reload) return end;
    constexpr std::uint32_t longest = 500;
    return std::min(end, tiles_[i]->now() + 1 + reloads_() % longest);
  }

  static void load(tile::TileModel& model, const TileSetup& setup) {
    for (const Data& data : setup.data) {
      if (!data.words.empty()) model.write_memory(data.at, std::as_bytes(std::span{data.words}));
    }
    for (const Sequence& code : setup.code) {
      const std::vector<std::uint32_t> words = code.layout();
      if (!words.empty()) model.write_memory(code.base(), std::as_bytes(std::span{words}));
    }
  }

  // false: no tile can go on by itself.
  bool advance_all() {
    bool moved = false;
    for (std::size_t i = 0; i < tiles_.size() && !outcome_.difference; ++i) {
      if (mesh_.state(i) != Mesh::State::running) continue;
      const Cycle before = tiles_[i]->now();
      if (options_.reload && reloads_() % 2 == 0) reload(i);
      const Cycle end = limit(i);
      const StopReport stop = tiles_[i]->advance(end);
      const bool only_piece_ends = stop.reason == StopReason::limit && end.value() < scenario_.max_cycles;
      if (!only_piece_ends) take(i, stop);
      mesh_.set_now(i, tiles_[i]->now());
      moved = moved || tiles_[i]->now() != before || mesh_.state(i) != Mesh::State::running;
    }
    return moved;
  }

  void take(std::size_t i, const StopReport& stop) {
    switch (stop.reason) {
      case StopReason::mismatch:
        outcome_.difference = Difference{stop.cycle.value(), stop.message, sort_of(stop.message)};
        break;
      case StopReason::sync:
        mesh_.set_waiting(i, stop.cycle);
        break;
      case StopReason::exchange_wait:
        break;
      case StopReason::exception:
        outcome_.exceptions.push_back(stop.exception);
        if (debugger_ && debugger_->revive(*tiles_[i], stop.exception)) break;
        mesh_.set_ended(i);
        break;
      case StopReason::limit:
      case StopReason::idle:
      case StopReason::receive_wait:
        mesh_.set_ended(i);
    }
  }

  bool release_sync(unsigned number) {
    const std::optional<Cycle> last = mesh_.last_arrival();
    if (!last) return false;
    for (std::size_t i = 0; i < tiles_.size(); ++i) {
      if (mesh_.state(i) != Mesh::State::waiting) continue;
      tiles_[i]->release_sync(*last + tile::min_release_delay + number % 7);
      mesh_.set_running(i);
    }
    return true;
  }

  const Scenario& scenario_;
  const RunOptions& options_;
  Mesh mesh_;
  std::optional<Debugger> debugger_;
  std::vector<std::unique_ptr<Observer>> observers_;
  std::vector<std::unique_ptr<tile::TileModel>> tiles_;
  std::minstd_rand reloads_;
  Outcome outcome_;
};

}  // namespace

Outcome run(const Scenario& scenario, const RunOptions& options) { return Run(scenario, options).go(); }

}  // namespace ipusim::random
