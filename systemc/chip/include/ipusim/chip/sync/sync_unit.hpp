// SPDX-License-Identifier: Apache-2.0
// Syncs of one chip: who has arrived, who acknowledged in advance, who goes on. When a sync ends that the
// outside takes part in is the business of the chip's edge.
//
// What happens follows from the cycles alone, never from the order in which arrivals are reported: a tile's
// arrivals and acknowledgements come in order, but tiles may be reported in any order.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ipusim/base/state.hpp"
#include "ipusim/base/types.hpp"
#include "ipusim/chip/chip_report.hpp"
#include "ipusim/chip/edge/chip_edge.hpp"
#include "ipusim/config/system_config.hpp"

namespace ipusim::chip {

class SyncUnit {
 public:
  SyncUnit(const config::SyncConfig& config, std::size_t tiles);
  SyncUnit(const SyncUnit&) = delete;
  SyncUnit& operator=(const SyncUnit&) = delete;

  // Tile `index` issued `sync operand` at cycle `at` and stands still. The operand is the number of a zone,
  // or that of its master form. Returns an explanation if there is no such zone here, or if a sync that the
  // tile had acknowledged in advance was not over yet; the tile then never goes on.
  std::optional<std::string> arrive(TileIndex index, unsigned operand, Cycle at);

  // Tile `index` issued `sans` for `count` syncs. More than max_acknowledged outstanding are a misuse; as
  // syncs of earlier cycles may not have been told yet, it shows later: in Event::overfull, or at rest in
  // take_overfull().
  void pre_acknowledge(TileIndex index, Cycle at, std::uint32_t count);
  static constexpr std::uint64_t max_acknowledged = std::uint64_t{1} << 19U;  // ANS_DCOUNT has 19 bits

  // A `sans` that was too much, and the cycle in which it issued.
  struct Overfull {
    TileIndex tile;
    Cycle at;
  };
  // Those that are certain as no sync will happen any more. Each is told once; its tile never goes on.
  std::vector<Overfull> take_overfull();
  std::string explain_overfull(const Overfull& sans) const;

  // Tile `index` takes part in nothing it does in cycle `from` or later: it failed, and the chip comes to
  // rest.
  void bar(TileIndex index, Cycle from);
  // It goes on after all: what bar() said no longer holds.
  void unbar(TileIndex index);

  // A sync whose turn it is: every tile of the chip has arrived in its zone.
  struct Complete {
    const config::SyncZone* zone;
    Cycle last_arrival;
    TileIndex last_tile;  // the lowest of those that arrived last
  };
  std::optional<Complete> complete() const;

  struct Event {
    Complete sync;  // for a tile that goes on by itself: its own arrival
    Release when;
    std::vector<TileIndex> released;
    std::vector<TileIndex> acknowledged;  // took part by an acknowledgement, now used up
    // Had entered this or another zone before what they acknowledged was over.
    std::vector<TileIndex> misused;
    std::vector<Overfull> overfull;
  };
  // That sync happens.
  Event happen(const Complete& sync, Release when);
  // A tile that waited for syncs acknowledged in advance and has none outstanding goes on by itself.
  std::optional<Event> next_alone();

  bool waiting(TileIndex index) const { return tiles_[index.value()].zone != 0; }
  bool has_arrived(TileIndex index) const { return arrival_of(tiles_[index.value()]).has_value(); }
  // What was wrong with the sync of a tile in Event::misused.
  std::string explain_misuse(TileIndex index) const;
  // How tile `index` waits; of its kind only in_sync is told, `runs` for a tile that waits in no sync.
  TileStanding standing(TileIndex index) const;
  void save(StateWriter& to) const;
  void load(StateReader& from);
  // See Chip::tell_cycles_since.
  void tell_cycles_since(Cycle origin) { told_since_ = origin; }

 private:
  struct Acknowledgement {
    Cycle at;
    std::uint32_t count;
    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [at, count] = self;
      archive(at, count);
    }
  };
  struct Tile {
    unsigned zone = 0;                           // as the tile named it; 0: not waiting
    const config::SyncZone* waits_in = nullptr;  // nullptr: not waiting, or in no zone of this part
    Cycle arrival;
    std::deque<Acknowledgement> acknowledged;  // not yet used up, in order
    Cycle last_release;                        // of the syncs that were acknowledged in advance
    Cycle barred_from = Cycle::never();
    bool out = false;  // misused a sync: never goes on
    // Releases of acknowledged syncs that may be later than a `sans` still to be told.
    std::deque<Cycle> recent_releases;
    // The first `sans` that would be too much, and by how many, but for syncs before it that may still
    // happen.
    std::optional<Acknowledgement> excess;
    // waits_in follows from zone.
    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [zone, waits_in, arrival, acknowledged, last_release, barred_from, out, recent_releases, excess] =
          self;
      archive(zone, arrival, acknowledged, last_release, barred_from, out, recent_releases, excess);
    }
  };
  struct Arrival {
    Cycle at;
    const config::SyncZone* zone;  // nullptr: by acknowledgement, any
  };
  static std::optional<Arrival> arrival_of(const Tile& tile);
  bool waits_alone(const Tile& tile) const;
  void use_acknowledgement(Event& event, std::uint32_t index);
  void settle_excess(Tile& tile, Event& event, std::uint32_t index);

  config::SyncConfig config_;
  Cycle told_since_;
  std::vector<Tile> tiles_;
  std::set<std::uint32_t> alone_;  // wait for what they acknowledged in advance
};

}  // namespace ipusim::chip
