// SPDX-License-Identifier: Apache-2.0
// The source of 64-bit items that a tile and its partner have selected together (docs/exchange.md, "Pairs").
//
// Cycles here are those from which both have seen their half of an item; it is written a mux delay later.
// What a tile writes to INCOMING_MUXPAIR counts for the items of which it sees its own half from then on, so
// the tile that sees its half first writes one cycle ahead.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "cycle_log.hpp"
#include "ipusim/chip/exchange/bus_source.hpp"
#include "ipusim/chip/exchange/exchange_fabric.hpp"
#include "ipusim/tile/ports.hpp"

namespace ipusim::chip {

constexpr unsigned pair_bit = 2;  // two places are partners if they differ in this bit alone
inline TileId partner_of(TileId place) {
  return TileId{static_cast<std::uint16_t>(place.value() ^ pair_bit)};
}

// t + delta where delta may be negative; saturates at 0 and at never.
constexpr Cycle shifted(Cycle t, std::int64_t delta) {
  if (t == Cycle::never()) return t;
  if (delta < 0 && t.value() < static_cast<std::uint64_t>(-delta)) return Cycle{0};
  return Cycle{t.value() + static_cast<std::uint64_t>(delta)};
}

// INCOMING_MUXPAIR, as one tile writes it.
struct PairWrite {
  Cycle left;
  tile::MuxSource number;

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [left, number] = self;
    archive(left, number);
  }
};

class PairMux {
 public:
  PairMux(const ExchangeFabric& fabric, TileId place);

  // What was selected from one cycle on.
  struct Window {
    Cycle from;
    Cycle until;
    BusSource* source;        // nullptr: nobody
    BusPath path;             // to both: mux_time is that of the later half
    std::uint64_t next_item;  // a guess at the number of the item that is looked for next
  };

  // --- the tile itself
  void write(Cycle at, tile::MuxSource number);
  // Takes over what the partner has written so far.
  void absorb(const PairMux& partner);
  std::size_t size() const { return selections_.size(); }
  // That of `seen`, the last of several.
  std::size_t index_at(Cycle seen);
  Window window(std::size_t index) const;
  void guess(std::size_t index, std::uint64_t next_item) { selections_[index].next_item = next_item; }

  // --- while every tile stands still
  // Cycles before `known` in which the two selected different sources: calls found(cycle, number) with what
  // the partner wrote.
  template <class Found>
  void find_conflicts(const PairMux& partner, Cycle known, const Found& found);
  // No window that ends before `seen` will be asked for, and what was written before `written` is known to
  // the partner.
  void prune(Cycle seen, Cycle written);

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self);

 private:
  struct Selection {
    Cycle at;
    bool upper;  // written by the tile of the pair whose place has pair_bit set
    tile::MuxSource number;
    BusSource* source;
    BusPath path;
    std::array<unsigned, 2> lag;  // of the other half behind that of the lower, the upper tile
    std::uint64_t next_item;
  };
  struct Saved {
    Cycle at;
    bool upper = false;
    tile::MuxSource number;

    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [at, upper, number] = self;
      archive(at, upper, number);
    }
  };
  Selection selection_of(Cycle at, bool upper, tile::MuxSource number) const;
  void insert(const Selection& selection);
  Cycle from(std::size_t index) const;
  // Number of the tile whose items are selected.
  tile::MuxSource sender(bool upper, tile::MuxSource number) const;

  const ExchangeFabric& fabric_;
  TileId place_;
  bool upper_;
  CycleLog<PairWrite> written_;
  std::deque<Selection> selections_;  // by rising cycle; of one cycle, the lower tile's last: it counts
  std::size_t current_ = 0;           // the selection that was looked for last
  std::uint64_t absorbed_ = 0;        // number of the partner's next write
  std::uint64_t checked_ = 0;         // number of the next write to look at for conflicts
};

template <class Found>
void PairMux::find_conflicts(const PairMux& partner, Cycle known, const Found& found) {
  for (const PairWrite* own; (own = written_.find(checked_)) != nullptr && own->left < known; ++checked_) {
    const PairWrite* other = partner.written_.find(partner.written_.first_at_or_after(own->left, 0));
    if (other == nullptr || other->left != own->left) continue;
    if (sender(upper_, own->number) != sender(!upper_, other->number)) found(own->left, other->number);
  }
}

template <class Archive, class Self>
void PairMux::visit_state(Archive& archive, Self& self) {
  // Paths and sources follow from the numbers.
  std::vector<Saved> saved;
  for (const Selection& s : self.selections_) saved.push_back({s.at, s.upper, s.number});
  archive(self.written_, saved, self.absorbed_, self.checked_);
  if constexpr (Archive::is_reader) {
    self.selections_.clear();
    for (const Saved& s : saved) self.selections_.push_back(self.selection_of(s.at, s.upper, s.number));
    if (saved.empty()) archive.fail("the mux of a pair of tiles has no history");
    self.current_ = 0;
  }
}

}  // namespace ipusim::chip
