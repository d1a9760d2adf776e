// SPDX-License-Identifier: Apache-2.0
// What a chip tells about its run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/chip/exchange/exchange_fabric.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::chip {

// Where a run stands.
enum class ChipState : std::uint8_t {
  not_started,
  waits_for_host,   // every tile waits in a sync with host, whose mark is used up
  waits_for_chips,  // every tile waits in a sync that other chips have not come to
  stopped,   // a tile excepted, a lockstep pair differs, a sync was misused, or a hazard with policy `error`
  deadlock,  // nothing can move; `problems` tells what every tile waits for
  cycle_limit,
  finished  // nothing can move, and no tile waits for anything
};
std::string to_string(ChipState state);

struct CycleSplit {
  std::uint64_t compute = 0;
  std::uint64_t sync = 0;
  std::uint64_t exchange = 0;
  std::uint64_t total() const { return compute + sync + exchange; }
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [compute, sync, exchange] = self;
    archive(compute, sync, exchange);
  }
};
CycleSplit operator+(CycleSplit a, const CycleSplit& b);

// What a tile does or waits for.
struct TileStanding {
  enum class Kind : std::uint8_t {
    never_started,
    runs,
    needs_words,  // what its source sends next is not known yet
    lacks_words,  // `sync 0`, and nobody can send any more
    in_sync,
    excepted,
    without_supervisor
  };
  Kind kind = Kind::never_started;
  // in_sync, excepted: of the arrival or the exception; runs, needs_words: the first cycle not simulated.
  Cycle since;
  unsigned zone = 0;                // in_sync
  std::uint32_t words_missing = 0;  // lacks_words
  std::uint64_t acknowledged = 0;   // syncs acknowledged in advance that have not happened
  bool too_early = false;           // in_sync: entered before these were over
};
// One clause, telling cycles since `origin`: "waits in sync 3 since cycle 123".
std::string describe(const TileStanding& standing, Cycle origin);

struct TileException {
  TileIndex tile;
  tile::ExceptionReport report;
};
struct TileHazard {
  TileIndex tile;
  tile::Hazard hazard;
  bool is_error;
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [tile, hazard, is_error] = self;
    archive(tile, hazard, is_error);
  }
};

struct ChipReport {
  ChipState state = ChipState::not_started;
  Cycle start;                            // of the run
  Cycle end;                              // last arrival or stop
  CycleSplit cycles;                      // along the critical path; total() = end - start
  CycleSplit cycles_to_last_sync;         // of them, to the release of the last sync that happened
  std::vector<CycleSplit> tile_cycles;    // by tile index
  std::uint64_t supersteps = 0;           // syncs of the chip alone that happened
  std::vector<TileException> exceptions;  // by (cycle, tile); those cleared are no longer there
  std::vector<TileHazard> hazards;        // by (cycle, tile); policy `off` left out
  std::uint64_t hazards_left_out = 0;     // beyond the first max_hazards_per_tile of a tile
  std::vector<std::string> problems;      // mismatches, misused syncs; of a deadlock a sentence for all
                                          // tiles that wait alike
  std::vector<TileIndex> mismatched;      // lockstep tiles whose two models differ, in order
  std::vector<TileIndex> misused_sync;    // tiles whose sync was misused, in order
  ExchangeStatistics exchange;            // of the whole chip
  std::vector<ExchangeStatistics> tile_exchange;  // by tile index
};
inline constexpr std::size_t max_hazards_per_tile = 1000;

}  // namespace ipusim::chip
