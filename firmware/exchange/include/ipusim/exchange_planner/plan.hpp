// SPDX-License-Identifier: Apache-2.0
// What the planner found: for every phase and tile a function, as plain data. plan_text.hpp writes it down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/exchange_planner/row.hpp"
#include "ipusim/exchange_planner/traffic.hpp"

namespace ipusim::exchange_planner {

// A tile's part in a phase, exchange_NAME: puts what the row needs, enters the sync, runs the row, returns.
struct TileFunction {
  bool takes_part = false;
  std::string source_symbol;                   // OUTGOING_BASE; empty if the tile sends nothing
  std::string destination_symbol;              // INCOMING_BASE; empty if it receives nothing
  std::uint32_t receive_count = 0;             // words
  std::optional<std::uint32_t> first_pointer;  // to be set before the sync; words from INCOMING_BASE
  std::int32_t events = 0;                     // of the row, from the release of the sync
  std::vector<RowInstruction> row;
  friend bool operator==(const TileFunction&, const TileFunction&) = default;
};

// Events are tile cycles from the release of the opening sync.
struct PlannedPhase {
  std::string name;
  Pattern pattern = Pattern::messages;
  std::uint64_t tiles = 0;           // with a part in the phase
  std::uint64_t messages = 0;        // a multicast counts once
  std::uint64_t words_sent = 0;      // a multicast counts once
  std::uint64_t words_received = 0;  // over all receivers
  std::uint64_t events = 0;          // until every tile's row has ended
  // No plan can end earlier: the words of the busiest receiver or sender with no idle event between, and the
  // least time they need. (An all_gather cannot quite reach it: everybody hears every block but the own, one
  // after another, so that a tile receives nothing while its own block is on the way.)
  std::uint64_t lower_bound = 0;
  std::uint64_t largest_code_bytes = 0;  // of one tile's function
  std::vector<TileFunction> functions;   // by tile index
  friend bool operator==(const PlannedPhase&, const PlannedPhase&) = default;
};

struct Plan {
  std::vector<TileId> places;        // by tile index
  std::uint16_t null_source = 0;     // what the mux selects before and after each row
  std::vector<PlannedPhase> phases;  // in the order given
  friend bool operator==(const Plan&, const Plan&) = default;
};

// Of a function's code, alignment before the row included.
std::size_t code_bytes(const TileFunction& function);

}  // namespace ipusim::exchange_planner
