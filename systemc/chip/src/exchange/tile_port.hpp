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

#include "cycle_log.hpp"
#include "ipusim/base/state.hpp"
#include "ipusim/chip/exchange/bus_source.hpp"
#include "ipusim/chip/exchange/exchange_fabric.hpp"
#include "ipusim/tile/ports.hpp"
#include "ipusim/tile/tile_model.hpp"
#include "pair_mux.hpp"

namespace ipusim::chip {

class TilePort final : public tile::ExchangePort, public BusSource {
 public:
  TilePort(ExchangeFabric& fabric, TileIndex index, TileId place);

  // --- ExchangePort: the tile
  Cycle known_until() override { return scan(next_asked_, false).cycle; }
  Cycle next_activity(Cycle from) override { return scan(from, true).cycle; }
  std::optional<std::uint32_t> incoming(Cycle at) override;
  std::optional<std::uint64_t> incoming_item(Cycle at) override;
  void send(Cycle at, std::uint32_t word, tile::Directions directions) override;
  void send_item(Cycle at, std::uint64_t item, tile::Directions directions) override;
  void select_source(Cycle at, tile::MuxSource source) override;
  void select_pair(Cycle at, tile::MuxSource source) override { pair_.write(at, source); }
  void set_format(Cycle from, tile::ReceiveFormat format) override;
  void pre_acknowledge(Cycle at, std::uint32_t count) override;

  // --- BusSource: the others
  Cycle published() const override { return Cycle{published_.load(std::memory_order_acquire)}; }
  bool waits_in_sync() const override { return in_sync_.load(std::memory_order_acquire); }
  std::uint64_t first_at_or_after(Cycle from, std::uint64_t hint) const override {
    return sent_.first_at_or_after(from, hint);
  }
  const BusWord* word(std::uint64_t number) const override { return sent_.find(number); }
  BusPath path_to(TileId receiver) const override;
  void mark_taken(std::uint64_t first, std::uint64_t last) override {
    statistics_.words_unselected -= sent_.mark_taken(first, last);
  }
  std::uint64_t first_item_at_or_after(Cycle from, std::uint64_t hint) const override {
    return items_.first_at_or_after(from, hint);
  }
  const BusItem* item(std::uint64_t number) const override { return items_.find(number); }
  void mark_items_taken(std::uint64_t first, std::uint64_t last) override {
    statistics_.words_unselected -= words_per_item * items_.mark_taken(first, last);
  }
  BusSource* partner() const override { return partner_; }

  // --- the fabric, on behalf of this tile
  bool has_acknowledged() const { return acknowledged_ != 0; }
  // Hangs the tile, which stands at `now`, on the source whose words it needs next; false if they are known.
  bool wait_for_words(Cycle now);
  void publish(Cycle until);
  void enter_sync() { in_sync_.store(true, std::memory_order_release); }

  // --- the fabric, while every tile stands still
  // The tile at the partner's place, if the chip has one.
  void set_partner(TilePort* partner) { partner_ = partner; }
  // Reports what the two of a pair have done to each other.
  void report_conflicts();
  void absorb_pair() {
    if (partner_ != nullptr) pair_.absorb(partner_->pair_);
  }
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
    BusSource* partner;      // whose items have their high half on the source's bus; nullptr: nobody
    BusPath path;
    std::uint64_t next_word;  // a guess at the number of the word that is looked for next
  };
  struct Format {
    Cycle from;
    tile::ReceiveFormat format;

    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [from, format] = self;
      archive(from, format);
    }
  };
  // Words or items of one source, one after the other.
  struct Taken {
    BusSource* source;
    bool items;
    std::uint64_t first;
    std::uint64_t last;
  };
  struct Scan {
    Cycle cycle;
    BusSource* unknown = nullptr;  // whose words of `cycle` are not known, if that is why the scan ended
  };

  Selection selection_of(Cycle at, tile::MuxSource number) const;
  // The first cycle >= from whose incoming word is not known yet or, with `words`, that may hold a word.
  Scan scan(Cycle from, bool words);
  Scan scan_words(Cycle from, bool words);
  Scan scan_items(Cycle from, bool words);
  std::optional<Cycle> next_half(const Selection& selection, Cycle from) const;
  std::optional<std::uint32_t> incoming_half(const Selection& selection, Cycle at, Cycle left);
  const BusItem* item_left_at(BusSource& source, Cycle left);
  BusSource* awaited(Cycle now);
  std::size_t selection_at(Cycle seen);
  Cycle known_sends_of(const BusSource& source) const;
  Cycle known_pair() const { return partner_ == nullptr ? Cycle::never() : known_sends_of(*partner_); }
  void take(BusSource* source, std::uint64_t number, bool items = false);
  void report(tile::HazardKind kind, Cycle at, std::uint32_t word);

  ExchangeFabric& fabric_;
  TileIndex index_;
  TileId place_;
  unsigned mux_delay_;

  static constexpr unsigned words_per_item = 2;
  TilePort* partner_ = nullptr;
  CycleLog<BusWord> sent_;
  CycleLog<BusItem> items_;
  std::atomic<std::uint64_t> published_{0};
  std::atomic<bool> in_sync_{false};

  Cycle next_asked_{0};
  std::uint64_t acknowledged_ = 0;  // syncs acknowledged in advance that have not happened
  Cycle own_part_ends_{0};          // none of these syncs releases anybody before
  std::deque<Selection> selections_;
  std::size_t current_ = 0;  // the selection that was looked for last
  std::deque<Format> formats_{{Cycle{0}, tile::ReceiveFormat::words}};  // by rising cycle
  PairMux pair_;
  std::uint64_t checked_item_ = 0;  // the next one to look at for conflicts
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
  archive(self.sent_, self.items_, published, in_sync, self.next_asked_, self.acknowledged_,
          self.own_part_ends_, selections, self.formats_, self.pair_, self.checked_item_,
          statistics.words_sent, statistics.words_received, statistics.words_unselected);
  if constexpr (Archive::is_reader) {
    self.published_.store(published, std::memory_order_relaxed);
    self.in_sync_.store(in_sync, std::memory_order_relaxed);
    self.selections_.clear();
    for (const auto& [from, number] : selections) self.selections_.push_back(self.selection_of(from, number));
    if (self.selections_.empty()) archive.fail("the mux of a tile has no history");
    if (self.formats_.empty()) archive.fail("the format of a tile has no history");
    if (!self.items_.empty()) self.set_sends_items();
    self.current_ = 0;
    self.taken_.clear();
  }
}

}  // namespace ipusim::chip
