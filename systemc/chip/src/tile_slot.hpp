// A tile's place in the run: its model, whether it can move, and where its time went.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "ipusim/chip/chip.hpp"

namespace ipusim::chip {

class Chip::Slot : public tile::TileObserver {
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
  };

  Slot(Chip& chip, TileIndex index, std::unique_ptr<tile::TileModel> model);

  void observe(tile::TileObserver* observer);
  bool wants_retire() const override { return observer_ != nullptr && observer_->wants_retire(); }
  void on_retire(const tile::RetireRecord& record) override { observer_->on_retire(record); }
  void on_receive(Cycle at, const tile::MemoryWrite& write) override;
  void on_hazard(const tile::Hazard& hazard) override;

  tile::TileModel& model() { return *model_; }
  const tile::TileModel& model() const { return *model_; }
  TileIndex index() const { return index_; }
  bool is_live() const { return standing != Standing::never_started && standing != Standing::ended; }
  bool can_move() const;

  void start(Cycle at);
  // The supervisor issued a sync of the chip at `at`; internal: of zone 3, whose release opens an exchange
  // phase.
  void enter_sync(Cycle at, bool internal);
  // `sans` at `at`: for the critical path, should this tile be the last of one of these syncs.
  void acknowledge(Cycle at, std::uint32_t count);
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
  // Where this tile's time went, up to `until` if it still runs then, else to its end or last sync.
  CycleSplit cycles_until(Cycle until) const;

  Standing standing = Standing::never_started;
  std::optional<ByteAddr> entry;
  Cycle arrived_at{0};  // last sync or end
  Cycle resumed_at{0};
  bool silent_in_sync = false;  // see ExchangeFabric::set_in_sync
  std::uint32_t words_missing = 0;
  std::optional<tile::ExceptionReport> exception;

 private:
  struct Acknowledgement {
    std::uint32_t count;
    Interval exchange;
  };
  CycleSplit split_until(Cycle until) const;

  Chip& chip_;
  TileIndex index_;
  std::unique_ptr<tile::TileModel> model_;
  tile::TileObserver* observer_ = nullptr;
  Cycle released_at_{0};
  bool in_exchange_phase_ = false;  // the last release was that of an internal sync
  bool in_internal_sync_ = false;
  bool in_sync_ = false;
  CycleSplit cycles_;  // up to arrived_at or released_at_
  std::deque<Acknowledgement> acknowledgements_;
};

CycleSplit operator+(CycleSplit a, const CycleSplit& b);

}  // namespace ipusim::chip
