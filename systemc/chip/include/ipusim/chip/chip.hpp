// SPDX-License-Identifier: Apache-2.0
// One chip, tile by tile: its tiles, the exchange fabric and the sync unit.
//
// A run alternates between two phases. In the first, tiles that can go on are run by the scheduler, on any
// number of threads; each touches only what is its own. In the second every tile stands still: the chip takes
// in, in the order of tiles, what each has found, and lets syncs happen.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/chip/chip_model.hpp"
#include "ipusim/chip/exchange/exchange_fabric.hpp"
#include "ipusim/chip/schedule/scheduler.hpp"
#include "ipusim/chip/sync/sync_unit.hpp"
#include "ipusim/config/system_config.hpp"

namespace ipusim::chip {

// Makes a tile of one kind; registered by name from outside, so that this floor links no particular model.
using TileFactory = std::function<std::unique_ptr<tile::TileModel>(const tile::TileParameters&)>;
using TileFactories = std::map<std::string, TileFactory>;

class TileSlot;

class Chip : public ChipModel {
 public:
  // kinds: one per place of the system, keys of `factories`. Throws std::invalid_argument for an unknown kind
  // or a wrong count, or latencies that would let a word arrive before it left.
  Chip(const config::ChipConfig& system, const std::vector<std::string>& kinds,
       const TileFactories& factories);
  ~Chip() override;
  Chip(const Chip&) = delete;
  Chip& operator=(const Chip&) = delete;

  isa::Arch arch() const override { return system_.arch; }
  std::size_t size() const override { return slots_.size(); }
  const std::vector<TileId>& places() const override { return system_.places; }
  std::optional<TileIndex> tile_at(TileId place) const override;
  tile::TileModel& tile(TileIndex index) override;
  const tile::TileModel& tile(TileIndex index) const override;

  void attach(ChipEdge& edge) override { edge_ = &edge; }
  void observe(TileIndex index, tile::TileObserver* observer) override;
  void measure(TileIndex index, tile::Activity* activity) override;
  void add_observer(RunObserver& observer) override { observers_.push_back(&observer); }
  void remove_observer(RunObserver& observer) override { std::erase(observers_, &observer); }
  void tell_cycles_since(Cycle origin) override;
  // The serial one is the default.
  void set_scheduler(std::unique_ptr<Scheduler> scheduler) { scheduler_ = std::move(scheduler); }
  // Where blocks of the host or of links attach to the exchange.
  ExchangeFabric& exchange() { return fabric_; }

  void set_entry(TileIndex index, ByteAddr pc) override;
  bool has_entry(TileIndex index) const override;
  void start(Cycle at = Cycle{0}) override;

  ChipState run(Cycle limit = Cycle::never()) override;
  ChipState state() const override { return state_; }
  Cycle rest_cycle() const override;
  bool reached_limit() const override;
  std::optional<unsigned> outside_zone() const override;

  bool is_live(TileIndex index) const override;
  TileStanding standing(TileIndex index) const override;
  std::string describe(TileIndex index) const override;
  const std::optional<tile::ExceptionReport>& exception(TileIndex index) const override;
  std::optional<Cycle> clear_exceptions(TileIndex index, tile::ContextMask contexts,
                                        Cycle at = Cycle{0}) override;
  ChipReport report() const override;
  void save(StateWriter& to) const override;
  void load(StateReader& from) override;
  void set_checkpoint(Checkpoint checkpoint) override { checkpoint_ = std::move(checkpoint); }

 private:
  struct Problem {
    Cycle cycle;
    TileIndex tile;
    std::string text;
    bool is_mismatch = false;  // otherwise a misused sync
    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [cycle, tile, text, is_mismatch] = self;
      archive(cycle, tile, text, is_mismatch);
    }
  };
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self);

  // While tiles run.
  void step(TileIndex index, Cycle limit, Scheduler::Ready& ready);
  bool waits_silently(const TileSlot& slot, unsigned operand) const;

  // While every tile stands still.
  void run_ready(const std::vector<std::uint32_t>& ready, Cycle limit);
  void take_in();
  void enter_sync(TileSlot& slot, const tile::StopReport& stop);
  void stop_tile(TileSlot& slot, const tile::StopReport& stop);
  void resume(TileSlot& slot, Cycle at);
  CycleSplit path_to(Cycle arrival, Cycle exchange_begin, Cycle exchange_end) const;
  std::optional<Release> release_of(const SyncUnit::Complete& sync);
  bool release_syncs();
  void release(const SyncUnit::Event& event);
  void account(const SyncUnit::Event& event);
  void tell_arrival(const TileSlot& slot);
  void prune();
  Cycle next_release() const;
  bool raise_bounds();
  std::vector<std::uint32_t> take_ready();
  bool advance_in_syncs(Cycle until);
  bool advance_waiting(Cycle limit);
  void settle();
  bool failed() const;
  ChipState resting_state() const;
  std::vector<std::string> describe_deadlock() const;
  void tell(const RunEvent& event);

  config::ChipConfig system_;
  SyncUnit sync_;
  ExchangeFabric fabric_;
  ClosedEdge nothing_outside_;
  ChipEdge* edge_ = &nothing_outside_;
  std::unique_ptr<Scheduler> scheduler_ = make_serial_scheduler();
  std::vector<std::unique_ptr<TileSlot>> slots_;
  std::map<TileId, TileIndex> index_of_place_;
  std::vector<RunObserver*> observers_;
  std::vector<Problem> problems_;
  std::optional<unsigned> told_arrival_;  // zone of which the edge knows that everybody waits in it
  CycleSplit critical_path_;
  Cycle start_;
  Cycle path_end_;
  Cycle told_since_;
  ExchangeStatistics told_words_;
  std::uint64_t supersteps_ = 0;
  Checkpoint checkpoint_;
  ChipState state_ = ChipState::not_started;
};

}  // namespace ipusim::chip
