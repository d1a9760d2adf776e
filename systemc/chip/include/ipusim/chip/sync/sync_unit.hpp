// Syncs of one chip: who has arrived, who acknowledged in advance, when everybody goes on.
#pragma once

#include <array>
#include <cstdint>
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
  // Returns an explanation if that is an error of the program (it then never goes on).
  std::optional<std::string> arrive(TileIndex index, unsigned operand, Cycle at);

  // Tile `index` issued `sans` for `count` syncs.
  void pre_acknowledge(TileIndex index, Cycle at, std::uint32_t count);

  // The host grants `count` more syncs of gs1_host or gs2_host, from cycle `at` on. Replaces what was left,
  // as writing the mark register does.
  void set_host_mark(unsigned zone, std::uint32_t count, Cycle at);
  std::uint32_t host_mark(unsigned zone) const;

  struct Event {
    unsigned zone;  // of the sync that happened; sync_zone::ans for a release of `sync 1` alone
    Cycle last_arrival;
    TileIndex last_tile;  // the lowest of those that arrived last
    Cycle release;
    std::vector<TileIndex> released;
  };
  // The next sync that can happen with what is known, if any.
  std::optional<Event> next_event();

  bool waiting(TileIndex index) const { return tiles_[index.value()].zone != 0; }
  // True if every tile has arrived at a host zone and only the host's mark is missing.
  bool waits_for_host() const;
  // "waits in sync 3 since cycle 123 (2 syncs acknowledged in advance)".
  std::string describe(TileIndex index) const;

 private:
  struct Tile {
    unsigned zone = 0;  // 0: not waiting
    Cycle arrival;
    std::uint32_t acknowledged = 0;  // syncs acknowledged in advance and not yet happened
    Cycle acknowledged_at;
  };
  struct Mark {
    std::uint32_t count = 0;
    Cycle since;
  };
  std::optional<unsigned> complete_zone() const;
  std::optional<Event> empty_ans();
  Event happen(unsigned zone);
  Mark* mark_of(unsigned zone);
  const Mark* mark_of(unsigned zone) const;

  config::SyncConfig config_;
  std::vector<Tile> tiles_;
  std::array<Mark, 2> marks_;
};

}  // namespace ipusim::chip
