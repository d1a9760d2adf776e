// SPDX-License-Identifier: Apache-2.0
// Where the time of a chip's run went: by step, tile and instruction. Plain data; docs/timing_report.md says
// what each quantity means.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/chip/chip_report.hpp"
#include "ipusim/isa/isa.hpp"
#include "ipusim/tile/activity.hpp"

namespace ipusim::chip {

// Of a tile, in a step or in all of a run. Cycles, words of 32 bits, bundles.
struct TileTiming {
  std::uint64_t compute = 0;
  std::uint64_t sync = 0;
  std::uint64_t exchange = 0;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t bundles = 0;
};

// A quantity of TileTiming with its name in reports.
struct TimingQuantity {
  std::string_view name;
  std::uint64_t TileTiming::*value;
};
inline constexpr std::array<TimingQuantity, 6> timing_quantities{{{"compute", &TileTiming::compute},
                                                                  {"sync", &TileTiming::sync},
                                                                  {"exchange", &TileTiming::exchange},
                                                                  {"sent", &TileTiming::sent},
                                                                  {"received", &TileTiming::received},
                                                                  {"bundles", &TileTiming::bundles}}};

// A step: what tiles computed up to a sync, the wait in it, the exchange behind it.
struct StepTiming {
  enum class Kind : std::uint8_t {
    begin,      // what was under way when the recording began; nothing, if the run began then
    superstep,  // of the chip alone
    outside,    // the sync had others take part, the host or chips
    end         // from the last sync on
  };
  Kind kind = Kind::begin;
  unsigned zone = 0;
  Cycle begin;         // the release of the step before
  Cycle last_arrival;  // of the critical tile
  Cycle release;       // of kind `end`: the end of the run
  TileIndex critical;  // arrived last
  // Its part of the run's critical path: what the critical tile computed, the sync, and the exchange behind
  // it of the next step's critical tile.
  CycleSplit path;

  // Where the critical tile stood in the sync, where its function was called from, and the vertices its
  // workers ran before. Nothing where it took part by an acknowledgement in advance.
  struct Site {
    ByteAddr sync_pc;
    ByteAddr return_address;
    std::vector<ByteAddr> entries;
  };
  std::optional<Site> site;

  std::uint32_t arrived = 0;  // tiles that came to the sync; the others had acknowledged it. Kind
                              // `end`: tiles that came to any before
  TileTiming sum;             // over all tiles
  TileTiming max;             // of any tile, quantity by quantity
  std::array<TileIndex, timing_quantities.size()> max_tile{};  // the first such tile
  std::uint32_t senders = 0;                                   // tiles that sent a word
  std::uint32_t takers = 0;                                    // tiles that received one
  std::vector<TileTiming> tiles;                               // by tile; empty: not kept, see TimingOptions
};

// A stretch of a tile's supervisor, of the step's sync; for a trace.
struct TileSpan {
  enum class Kind : std::uint8_t { compute, sync, exchange };
  Kind kind;
  std::uint32_t step;
  Cycle begin;
  Cycle end;
};

struct TimingOptions {
  // At most so many entries of StepTiming::tiles, over all steps; sums and maxima are complete all the same.
  std::size_t most_tile_steps = 1U << 20U;
  // Spans and runs of workers are kept of these tiles, in ascending order, and cycles.
  std::vector<TileIndex> traced = {};
  Cycle trace_from{0};  // since the run's start
  Cycle trace_to = Cycle::never();
};

struct RunTiming {
  Cycle start;  // of the run, on the chip's line
  Cycle begin;  // of the recording: later than the start if the run was resumed
  Cycle end;
  CycleSplit path;                // the sum of all steps' paths
  std::vector<StepTiming> steps;  // kind `begin` first, `end` last
  std::vector<TileTiming> tiles;  // all steps, by tile
  // How many syncs that happened the tile came to. One that runs but came to none stands apart from the
  // program: a tile without an image acknowledges all of them.
  std::vector<std::uint32_t> syncs;
  // Issues by opcode and context, of all tiles: Activity::issues().
  std::vector<std::array<std::uint64_t, Context::count>> issues;
  std::vector<std::array<std::uint64_t, Context::count>> bundles;  // by tile and context
  std::vector<std::vector<TileSpan>> spans;                        // by position in TimingOptions::traced
  std::vector<std::vector<tile::WorkerRun>> worker_runs;           // the same; last <= end
};

}  // namespace ipusim::chip
