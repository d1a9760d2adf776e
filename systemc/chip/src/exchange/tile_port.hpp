// SPDX-License-Identifier: Apache-2.0
// One tile's side of the exchange: the words it sends, and the history of its mux.
//
// While tiles run only the tile itself calls what is not const here; other tiles read through BusSource.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "ipusim/base/state.hpp"
#include "ipusim/chip/exchange/bus_source.hpp"
#include "ipusim/chip/exchange/exchange_fabric.hpp"
#include "ipusim/tile/ports.hpp"
#include "send_log.hpp"

namespace ipusim::chip {

class TilePort final : public tile::ExchangePort, public BusSource {
 public:
  TilePort(ExchangeFabric& fabric, TileIndex index, TileId place);

  // --- ExchangePort: the tile
  Cycle known_until() override { return scan(next_asked_, false).cycle; }
  Cycle next_activity(Cycle from) override { return scan(from, true).cycle; }
  std::optional<std::uint32_t> incoming(Cycle at) override;
  void send(Cycle at, std::uint32_t word, tile::Directions directions) override;
  void select_source(Cycle at, tile::MuxSource source) override;
  void pre_acknowledge(Cycle at, std::uint32_t count) override;

  // --- BusSource: the others
  Cycle published() const override { return Cycle{published_.load(std::memory_order_acquire)}; }
  bool waits_in_sync() const override { return in_sync_.load(std::memory_order_acquire); }
  std::uint64_t first_at_or_after(Cycle from, std::uint64_t hint) const override {
    return sent_.first_at_or_after(from, hint);
  }
  const BusWord* word(std::uint64_t number) const override { return sent_.word(number); }
  BusPath path_to(TileId receiver) const override;
  void mark_taken(std::uint64_t first, std::uint64_t last) override {
    statistics_.words_unselected -= sent_.mark_taken(first, last);
  }

  // --- the fabric, on behalf of this tile
  bool has_acknowledged() const { return acknowledged_ != 0; }
  // Hangs the tile, which stands at `now`, on the source whose words it needs next; false if they are known.
  bool wait_for_words(Cycle now);
  void publish(Cycle until);
  void enter_sync() { in_sync_.store(true, std::memory_order_release); }

  // --- the fabric, while every tile stands still
  void use_acknowledgement() { --acknowledged_; }
  void set_in_sync(bool waits) { in_sync_.store(waits, std::memory_order_release); }
  void resume(Cycle at) { published_.store(at.value(), std::memory_order_release); }
  void merge_taken();
  void prune(Cycle oldest_sent, Cycle now);
  const ExchangeStatistics& statistics() const { return statistics_; }
  // After merge_taken(). Tiles that hang on others look again after a load.
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self);

 private:
  struct Selection {
    Cycle from;              // the mux shows the source from this cycle on
    tile::MuxSource number;  // as the tile named it
    BusSource* source;       // nullptr: nobody
    BusPath path;
    std::uint64_t next_word;  // a guess at the number of the word that is looked for next
  };
  // Words of one source, one after the other.
  struct Taken {
    BusSource* source;
    std::uint64_t first;
    std::uint64_t last;
  };
  struct Scan {
    Cycle cycle;
    BusSource* unknown = nullptr;  // whose words of `cycle` are not known, if that is why the scan ended
  };

  Selection selection_of(Cycle at, tile::MuxSource number) const;
  Scan scan(Cycle from, bool words);
  BusSource* awaited(Cycle now);
  std::size_t selection_at(Cycle seen);
  Cycle known_sends_of(const BusSource& source) const;
  void take(BusSource* source, std::uint64_t number);

  ExchangeFabric& fabric_;
  TileIndex index_;
  TileId place_;
  unsigned mux_delay_;

  SendLog sent_;
  std::atomic<std::uint64_t> published_{0};
  std::atomic<bool> in_sync_{false};

  Cycle next_asked_{0};
  std::uint64_t acknowledged_ = 0;  // syncs acknowledged in advance that have not happened
  Cycle own_part_ends_{0};          // none of these syncs releases anybody before
  std::deque<Selection> selections_;
  std::size_t current_ = 0;  // the selection that was looked for last
  std::vector<Taken> taken_;
  ExchangeStatistics statistics_;
};

template <class Archive, class Self>
void TilePort::visit_state(Archive& archive, Self& self) {
  std::uint64_t published = self.published_.load(std::memory_order_relaxed);
  bool in_sync = self.in_sync_.load(std::memory_order_relaxed);
  std::vector<std::pair<Cycle, tile::MuxSource>> selections;
  for (const Selection& selection : self.selections_)
    selections.emplace_back(selection.from, selection.number);
  auto& statistics = self.statistics_;
  archive(self.sent_, published, in_sync, self.next_asked_, self.acknowledged_, self.own_part_ends_,
          selections, statistics.words_sent, statistics.words_received, statistics.words_unselected);
  if constexpr (Archive::is_reader) {
    self.published_.store(published, std::memory_order_relaxed);
    self.in_sync_.store(in_sync, std::memory_order_relaxed);
    self.selections_.clear();
    for (const auto& [from, number] : selections) self.selections_.push_back(self.selection_of(from, number));
    if (self.selections_.empty()) archive.fail("the mux of a tile has no history");
    self.current_ = 0;
    self.taken_.clear();
  }
}

}  // namespace ipusim::chip
