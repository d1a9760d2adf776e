// SPDX-License-Identifier: Apache-2.0
// One tile's part in a scheduled phase: what it does at which event of its row.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ipusim/exchange_planner/latency_table.hpp"
#include "ipusim/exchange_planner/row_style.hpp"
#include "ipusim/exchange_planner/schedule.hpp"
#include "ipusim/exchange_planner/traffic.hpp"

namespace ipusim::exchange_planner {

// Words that leave one per event. `item` counts words from OUTGOING_BASE.
struct Send {
  std::int32_t event = 0;
  std::uint32_t words = 0;
  std::uint32_t item = 0;
  std::uint8_t directions = 0;
};

// What the mux and the receive pointer are set to at an event.
struct Control {
  std::int32_t event = 0;
  std::optional<std::uint16_t> source;   // XPIC: place, or the null source
  std::optional<std::uint32_t> pointer;  // PIC: words from INCOMING_BASE
};

struct Timeline {
  bool takes_part = false;
  std::uint32_t receive_count = 0;             // words
  std::optional<std::uint32_t> first_pointer;  // to be set before the sync; words from INCOMING_BASE
  std::vector<Send> sends;                     // ascending, none overlapping
  std::vector<Control> controls;               // ascending, at most one per event
  std::int32_t end = 0;                        // events of the row
};

// Splits a schedule into the timelines of its tiles. Keeps references to what it is given.
class Timelines {
 public:
  Timelines(const Traffic& traffic, const Schedule& schedule, const LatencyTable& latency, RowStyle style);
  Timeline timeline(std::uint32_t tile) const;

 private:
  struct Reception {
    std::int32_t selection;  // event at which the first word stands at the mux
    std::uint32_t transfer;
    std::int32_t end(const Traffic& traffic) const;
  };
  void add_sends(std::uint32_t tile, Timeline& timeline) const;
  void add_receptions(std::uint32_t tile, Timeline& timeline) const;
  void leave(std::uint32_t tile, std::span<const Reception> receptions, std::size_t index,
             Timeline& timeline) const;
  bool quiet(std::uint32_t source, std::uint32_t receiver, std::int32_t begin, std::int32_t end) const;
  std::optional<Control> late_release(std::uint32_t tile, const Reception& only) const;

  const Traffic& traffic_;
  const LatencyTable& latency_;
  RowStyle style_;
  struct Sending {
    std::int32_t begin;
    std::int32_t end;
    std::uint32_t transfer;
  };
  std::vector<std::vector<Sending>> sent_;        // by sender, in order of time
  std::vector<std::vector<Reception>> received_;  // by receiver, in order of time
};

// The first event at which the published point-to-point rows select a source.
inline constexpr std::int32_t published_first_selection = 112;

}  // namespace ipusim::exchange_planner
