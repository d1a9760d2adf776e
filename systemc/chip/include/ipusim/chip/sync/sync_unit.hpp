// Syncs of one chip: who has arrived, who acknowledged in advance, when everybody goes on.
//
// What happens follows from the cycles alone, never from the order in which arrivals are reported: a tile's
// arrivals and acknowledgements come in order, but tiles may be reported in any order.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/config/system_config.hpp"

namespace ipusim::chip {

// Zones of the sync instruction that concern the chip; the master forms (+8) are the same zones.
namespace sync_zone {
inline constexpr unsigned ans = 1;
inline constexpr unsigned internal = 3;
inline constexpr unsigned gs1 = 4;
inline constexpr unsigned gs1_host = 5;
inline constexpr unsigned gs2 = 6;
inline constexpr unsigned gs2_host = 7;
}  // namespace sync_zone

class SyncUnit {
 public:
  SyncUnit(const config::SyncConfig& config, std::size_t tiles);

  // Tile `index` issued `sync operand` (1, 3..7 or 12..15) at cycle `at` and stands still.
  // Returns an explanation if there is no such zone here, or if a sync that the tile had acknowledged in
  // advance was not over yet; the tile then never goes on.
  std::optional<std::string> arrive(TileIndex index, unsigned operand, Cycle at);

  // Tile `index` issued `sans` for `count` syncs.
  void pre_acknowledge(TileIndex index, Cycle at, std::uint32_t count);

  // Tile `index` takes part in nothing it does in cycle `from` or later: it failed, and the chip comes to
  // rest.
  void bar(TileIndex index, Cycle from);
  // It goes on after all: what bar() said no longer holds.
  void unbar(TileIndex index);

  // The host grants `count` more syncs of gs1_host or gs2_host, from cycle `at` on. Replaces what was left,
  // as writing the mark register does.
  void set_host_mark(unsigned zone, std::uint32_t count, Cycle at);
  // What is left of the mark, as far as the chip has run; with `at`, as it reads in that cycle (the chip runs
  // ahead of its host: a sync that happens later still counts as granted).
  std::uint32_t host_mark(unsigned zone) const;
  std::uint32_t host_mark(unsigned zone, Cycle at) const;

  struct Event {
    unsigned zone;  // of the sync that happened; sync_zone::ans for a release of `sync 1` alone
    Cycle last_arrival;
    TileIndex last_tile;  // the lowest of those that arrived last
    Cycle begin;          // last arrival or grant, whichever is later: the sync happens here
    Cycle release;
    std::vector<TileIndex> released;
    std::vector<TileIndex> acknowledged;  // took part by an acknowledgement, now used up
    std::vector<TileIndex>
        misused;  // had entered this or another zone before what they acknowledged was over
  };
  // The next sync that can happen with what is known, if any.
  std::optional<Event> next_event();

  bool waiting(TileIndex index) const { return tiles_[index.value()].zone != 0; }
  bool has_arrived(TileIndex index) const { return arrival_of(tiles_[index.value()]).has_value(); }
  // The latest arrival at the sync that comes next; 0 if there is none.
  Cycle last_arrival() const;
  // The host zone in which every tile has arrived while the host's mark is used up, if that is so.
  std::optional<unsigned> host_zone() const;
  bool waits_for_host() const { return host_zone().has_value(); }
  // What was wrong with the sync of a tile in Event::misused.
  std::string explain_misuse(TileIndex index) const;
  // "waits in sync 3 since cycle 123 (2 syncs acknowledged in advance)".
  std::string describe(TileIndex index) const;
  // See Chip::tell_cycles_since.
  void tell_cycles_since(Cycle origin) { told_since_ = origin; }

 private:
  struct Acknowledgement {
    Cycle at;
    std::uint32_t count;
  };
  struct Tile {
    unsigned zone = 0;  // 0: not waiting
    Cycle arrival;
    std::deque<Acknowledgement> acknowledged;  // not yet used up, in order
    Cycle last_release;                        // of the syncs that were acknowledged in advance
    Cycle barred_from = Cycle::never();
    bool out = false;  // misused a sync: never goes on
  };
  struct Arrival {
    Cycle at;
    unsigned zone;  // 0: by acknowledgement, any
  };
  struct Mark {
    std::uint32_t count = 0;
    Cycle since;
    std::vector<Cycle> taken;  // when the syncs it granted happened
  };
  static std::optional<Arrival> arrival_of(const Tile& tile);
  std::optional<unsigned> complete_zone() const;
  std::optional<Event> empty_ans();
  Event happen(unsigned zone);
  void use_acknowledgement(Event& event, std::uint32_t index);
  Mark* mark_of(unsigned zone);
  const Mark* mark_of(unsigned zone) const;

  config::SyncConfig config_;
  Cycle told_since_;
  std::vector<Tile> tiles_;
  std::array<Mark, 2> marks_;
};

}  // namespace ipusim::chip
