// SPDX-License-Identifier: Apache-2.0
// What the planner found: for every phase and tile a function, as plain data. plan_text.hpp writes it down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/exchange_planner/phase.hpp"

namespace ipusim::exchange_planner {

// A timed row as instruction words; it starts on an 8-byte boundary.
using RowWords = std::vector<std::uint32_t>;

// What a tile does at once: puts what the row needs, enters the sync, runs the row.
struct FunctionPart {
  bool sends = false;
  bool receives = false;
  std::uint32_t receive_count = 0;             // words
  std::optional<std::uint32_t> first_pointer;  // to be set before the sync; words from INCOMING_BASE
  std::int32_t events = 0;                     // of the row, from the release of the sync
  std::uint32_t row = 0;                       // in Plan::rows of the tile
  bool shares_row = false;                     // an earlier phase's function holds it
  bool takes_part() const { return sends || receives; }
  friend bool operator==(const FunctionPart&, const FunctionPart&) = default;
};

// A tile's function for a phase, exchange_NAME: its parts one after another, one in most phases; returns.
struct TileFunction {
  std::string source_symbol;       // OUTGOING_BASE; empty if it sends nothing, or the caller says it
  std::string destination_symbol;  // INCOMING_BASE; the same
  // Of the buffers' addresses, in bytes: 4, or 8 for 64-bit items.
  std::uint32_t source_alignment = 4;
  std::uint32_t destination_alignment = 4;
  std::vector<FunctionPart> parts;  // as many as the phase has
  bool takes_part() const;
  std::uint64_t receive_count() const;  // words, of all parts
  friend bool operator==(const TileFunction&, const TileFunction&) = default;
};

// How much of the time of a phase tiles' buses carry something.
struct BusUse {
  std::uint64_t tiles = 0;   // whose bus carries anything
  std::uint64_t events = 0;  // over all of them
  friend bool operator==(const BusUse&, const BusUse&) = default;
};

// Events are tile cycles from the release of the opening sync; of several parts, their sum.
struct PlannedPhase {
  std::string name{};
  std::string pattern{};
  Bases bases = Bases::symbols;
  std::string same_as{};             // the phase whose rows it has, if it was asked for that
  std::uint64_t parts = 0;           // syncs, and rows of each tile
  std::uint64_t tiles = 0;           // with a part in the phase
  std::uint64_t messages = 0;        // a multicast counts once
  std::uint64_t wide_messages = 0;   // of these: that leave as 64-bit items
  std::uint64_t words_sent = 0;      // a multicast counts once
  std::uint64_t words_received = 0;  // over all receivers
  std::uint64_t events = 0;          // until every tile's row has ended
  // No plan can end earlier: the words of the busiest receiver or sender with no idle event between, and the
  // least time they need. (An all_gather cannot quite reach it: everybody hears every block but the own, one
  // after another, so that a tile receives nothing while its own block is on the way.)
  std::uint64_t lower_bound = 0;
  BusUse send_buses{};                   // a 64-bit item is on two of them
  BusUse receive_buses{};                // what a tile's own mux hears for it
  std::uint64_t code_bytes = 0;          // of all tiles' functions
  std::uint64_t largest_code_bytes = 0;  // of one tile's function
  std::vector<TileFunction> functions;   // by tile index
  // Part of the time that the buses in use carry something, 0 to 1; the same over all buses of the chip.
  double share_of_takers(const BusUse& use) const;
  double share_of_chip(const BusUse& use) const;
  friend bool operator==(const PlannedPhase&, const PlannedPhase&) = default;
};

struct Plan {
  std::vector<TileId> places;        // by tile index
  std::uint16_t null_source = 0;     // what the mux selects before and after each row
  std::vector<PlannedPhase> phases;  // in the order given
  // By tile index: each row once, however many functions run it.
  std::vector<std::vector<RowWords>> rows;
  friend bool operator==(const Plan&, const Plan&) = default;
};

// Of the code of a phase's function on a tile, alignment before the row included.
std::size_t code_bytes(const Plan& plan, const PlannedPhase& phase, TileIndex tile);

}  // namespace ipusim::exchange_planner
