// SPDX-License-Identifier: Apache-2.0
// A tile's place in the run: its model, whether it can move, where its time went, and what it found.
//
// While tiles run only the thread that runs this one touches it; what it found waits here until the chip
// takes it in, when every tile stands still.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ipusim/chip/chip.hpp"
#include "ipusim/chip/chip_report.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/tile/state.hpp"
#include "ipusim/tile/tile_model.hpp"
#include "retire_meter.hpp"

namespace ipusim::chip {

class TileSlot : public tile::TileObserver {
 public:
  enum class Standing : std::uint8_t {
    never_started,
    running,
    at_limit,
    needs_words,  // the exchange cannot tell yet what its next cycle brings
    lacks_words,  // `sync 0`, and nobody can send any more: what it has selected is silent for good
    in_sync,
    ended
  };
  // When the tile was in its exchange phase; begin == end: not at all.
  struct Interval {
    Cycle begin;
    Cycle end;
    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [begin, end] = self;
      archive(begin, end);
    }
  };

  // An acknowledgement in advance that the chip has not been told of.
  struct Acknowledgement {
    Cycle at;
    std::uint32_t count;
  };

  // policies must outlive the slot.
  TileSlot(TileIndex index, std::unique_ptr<tile::TileModel> model, const config::HazardConfig& policies);

  void observe(tile::TileObserver* observer);
  // activity: see tile::TileModel::measure(); every model can be measured here.
  void measure(tile::Activity* activity);
  tile::Activity* activity() const { return activity_; }
  bool wants_retire() const override { return meter_.has_value() || observer_wants_retire_; }
  void on_retire(const tile::RetireRecord& record) override {
    if (meter_) meter_->add(record);
    if (observer_wants_retire_) observer_->on_retire(record);
  }
  void on_receive(Cycle at, const tile::MemoryWrite& write) override;
  void on_hazard(const tile::Hazard& hazard) override;

  tile::TileModel& model() { return *model_; }
  const tile::TileModel& model() const { return *model_; }
  TileIndex index() const { return index_; }
  bool is_live() const { return standing != Standing::never_started && standing != Standing::ended; }

  void start(Cycle at);
  // --- while it runs
  // Advances the model and notes where it stands. A stop that is the chip's business (sync, exception,
  // mismatch, idle) is kept for it.
  void advance(Cycle until);
  // The same for a tile whose supervisor stands in a sync: only a failure is a stop.
  void advance_in_sync(Cycle until);
  const tile::StopReport* stop() const { return stop_ ? &*stop_ : nullptr; }
  // `sans` at `at`: for the critical path, should this tile be the last of one of these syncs.
  void acknowledge(Cycle at, std::uint32_t count);

  // --- what it found since it was asked last
  std::optional<tile::StopReport> take_stop() { return std::exchange(stop_, std::nullopt); }
  std::vector<Acknowledgement> take_acknowledgements() { return std::exchange(new_acknowledgements_, {}); }
  // The hazards from number `told` of hazards() on are news; says so once.
  std::size_t take_told_hazards() { return std::exchange(hazards_told_, hazards_.size()); }

  // --- while every tile stands still
  // The supervisor issued a sync of the chip at `at`; opens_exchange: its release opens an exchange phase.
  void enter_sync(Cycle at, bool opens_exchange);
  void use_acknowledgement();
  void release(Cycle at);
  // Nothing more happens here after `at`, unless it is resumed.
  void end(Cycle at);
  // Goes on in cycle `at` after end(); the model knows.
  void resume(Cycle at);
  // The supervisor stands in a sync of the chip, whether or not the tile goes on.
  bool in_sync() const { return in_sync_; }

  // The exchange phase since the last release, cut off at `until`.
  Interval exchange_until(Cycle until) const;
  // The exchange phase before this tile's part in the next sync.
  Interval exchange_before_next_sync() const;
  // The last cycle of which it is known what this tile did: sync, end, or as far as it was simulated. For a
  // tile that waits for words nobody sends, how far it was simulated says nothing: its last exchange
  // instruction.
  Cycle rest_cycle() const;
  // Everything but policy `off`, up to max_hazards_per_tile; by rising cycle as far as the tile tells them
  // so.
  const std::vector<TileHazard>& hazards() const { return hazards_; }
  std::uint64_t hazards_left_out() const { return hazard_count_ - hazards_.size(); }
  // The first cycle of a hazard that is an error; never: there is none.
  Cycle first_error() const { return first_error_; }
  // The same to its last sync or, for a tile that has ended, to its end.
  const CycleSplit& cycles() const { return cycles_; }
  // Where this tile's time went, up to `until` if it still runs then, else to its end or last sync.
  CycleSplit cycles_until(Cycle until) const;
  // With the model. While every tile stands still and the chip has taken in what it found.
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self);

  Standing standing = Standing::never_started;
  std::optional<ByteAddr> entry;
  Cycle arrived_at{0};  // last sync or end
  Cycle resumed_at{0};
  bool silent_in_sync = false;  // see ExchangeFabric::set_in_sync
  std::uint32_t words_missing = 0;
  std::optional<tile::ExceptionReport> exception;

 private:
  // An acknowledgement that is not used up, and the exchange phase before it.
  struct OpenAcknowledgement {
    std::uint32_t count;
    Interval exchange;
    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [count, exchange] = self;
      archive(count, exchange);
    }
  };
  CycleSplit split_until(Cycle until) const;

  TileIndex index_;
  std::unique_ptr<tile::TileModel> model_;
  tile::TileObserver* observer_ = nullptr;
  bool observer_wants_retire_ = false;
  tile::Activity* activity_ = nullptr;
  std::optional<RetireMeter> meter_;  // of a model that does not count by itself
  Cycle released_at_{0};
  bool in_exchange_phase_ = false;  // the last release opened one
  bool sync_opens_exchange_ = false;
  bool in_sync_ = false;
  CycleSplit cycles_;  // up to arrived_at or released_at_
  std::deque<OpenAcknowledgement> acknowledgements_;

  const config::HazardConfig& policies_;
  std::optional<tile::StopReport> stop_;
  std::vector<Acknowledgement> new_acknowledgements_;
  std::vector<TileHazard> hazards_;
  std::uint64_t hazard_count_ = 0;
  std::size_t hazards_told_ = 0;
  Cycle first_error_ = Cycle::never();
};

template <class Archive, class Self>
void TileSlot::visit_state(Archive& archive, Self& self) {
  archive(self.standing, self.entry, self.arrived_at, self.resumed_at, self.silent_in_sync,
          self.words_missing, self.exception, self.released_at_, self.in_exchange_phase_,
          self.sync_opens_exchange_, self.in_sync_, self.cycles_, self.acknowledgements_, self.hazards_,
          self.hazard_count_, self.hazards_told_, self.first_error_);
  if constexpr (Archive::is_reader) {
    self.stop_.reset();
    self.new_acknowledgements_.clear();
    self.model_->load(archive);
    if (self.meter_) self.meter_->restart(*self.model_);
  } else {
    self.model_->save(archive);
  }
}

}  // namespace ipusim::chip
