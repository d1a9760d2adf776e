// The exchange planner: phases in, one assembly text per tile out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ipusim/config/system_config.hpp"
#include "ipusim/exchange_planner/phase.hpp"
#include "ipusim/exchange_planner/row_style.hpp"

namespace ipusim::exchange_planner {

// What a planned phase costs. Events are tile cycles from the release of the opening sync.
struct PhaseSummary {
  std::string name;
  std::string pattern;               // "all_gather", "all_to_all" or "messages"
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
};

struct Plan {
  std::vector<PhaseSummary> phases;   // in the order given
  std::vector<std::string> assembly;  // by tile index; assembles on its own, in supervisor mode
};

// Plans every phase for the system's places. Every tile gets a function exchange_NAME per phase (section
// .text.exchange_NAME), called with the return address in $m10, that uses $m0 to $m4 and returns when all of
// its words are in memory. Deterministic. Throws PlanError; std::invalid_argument for a latency function no
// class implements.
Plan plan(const config::SystemConfig& system, const std::vector<Phase>& phases,
          RowStyle style = RowStyle::compact);

// The summary as a JSON text: {"system": ..., "tiles": ..., "phases": [{name, pattern, ...}]}.
std::string to_json(const config::SystemConfig& system, const Plan& plan);

}  // namespace ipusim::exchange_planner
