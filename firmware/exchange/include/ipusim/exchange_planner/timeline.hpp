// SPDX-License-Identifier: Apache-2.0
// One tile's part in a scheduled phase: what it does at which event of its row.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ipusim/exchange_planner/latency_table.hpp"
#include "ipusim/exchange_planner/plan.hpp"
#include "ipusim/exchange_planner/row_style.hpp"
#include "ipusim/exchange_planner/schedule.hpp"
#include "ipusim/exchange_planner/traffic.hpp"

namespace ipusim::exchange_planner {

// Of the control field of sends, besides the directions: items of 64 bits.
inline constexpr std::uint8_t wide_items = 4;

// Words, or items of 64 bits, that leave one per event. `item` counts them from OUTGOING_BASE.
struct Send {
  std::int32_t event = 0;
  std::uint32_t items = 0;
  std::uint32_t item = 0;
  std::uint8_t directions = 0;  // with wide_items
};

// What the mux and the receive pointer are set to at an event.
struct Control {
  std::int32_t event = 0;
  std::optional<std::uint16_t> source;   // XPIC: place, or the null source
  std::optional<std::uint32_t> pointer;  // PIC: words from INCOMING_BASE
  // Of 64-bit items; alone on their event.
  std::optional<std::uint16_t> pair_source{};  // XPIC of the pair's mux
  std::optional<std::uint8_t> format{};        // PIC of the format: direction they come from, 0 for words
};

struct Timeline {
  bool takes_part = false;
  std::uint32_t receive_count = 0;             // words
  std::optional<std::uint32_t> first_pointer;  // to be set before the sync; words from INCOMING_BASE
  std::vector<Send> sends;                     // ascending, none overlapping
  std::vector<Control> controls;               // ascending, at most one per event
  std::int32_t end = 0;                        // events of the row
  std::vector<MemoryWindow> writes;            // of what arrives
};

// Splits a schedule into the timelines of its tiles. Keeps references to what it is given.
class Timelines {
 public:
  Timelines(const Traffic& traffic, const Schedule& schedule, const LatencyTable& latency, RowStyle style);
  Timeline timeline(std::uint32_t tile) const;

 private:
  struct Reception {
    std::int32_t selection;  // event at which the first word, or half of an item, stands at the pair's mux
    std::uint32_t transfer;
    std::int32_t end(const Traffic& traffic) const;
  };
  void add_sends(std::uint32_t tile, Timeline& timeline) const;
  void add_receptions(std::uint32_t tile, Timeline& timeline) const;
  void leave(std::uint32_t tile, std::span<const Reception> receptions, std::size_t index,
             Timeline& timeline) const;
  void add_wide(std::uint32_t tile, const Reception& reception, std::vector<Control>& controls) const;
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

// When the mux of a receiver, or of the earlier of its pair, sees the first of a transfer that leaves at
// `event`.
std::int32_t selection_event(const Transfer& transfer, std::int32_t event, std::uint32_t to,
                             const LatencyTable& latency);

// From the selection to the first write. The half of an item that one of a pair sees before the other waits
// for it.
std::int32_t write_delay(const Transfer& transfer, std::uint32_t to, const LatencyTable& latency);

// The controls of a reception of 64-bit items, by exchange.md 3.6 [SDK]: events from the selection on.
struct WideControls {
  std::int32_t release;  // the pair's mux selects the null source
  std::int32_t format;   // 64-bit items from now on
  std::int32_t pointer;  // where the first of them goes
  std::int32_t words;    // 32-bit words again
};
// `written`: write_delay() of the transfer.
WideControls wide_controls(std::uint32_t items, std::int32_t written);

// The first event at which the published point-to-point rows select a source.
inline constexpr std::int32_t published_first_selection = 112;

}  // namespace ipusim::exchange_planner
