// SPDX-License-Identifier: Apache-2.0
#include "first_fit.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "ipusim/exchange_planner/timeline.hpp"
#include "ipusim/isa/isa.hpp"
#include "one_way.hpp"
#include "timetable.hpp"

namespace ipusim::exchange_planner {
namespace {

// Events of the shortest message: no gap below it is of use.
std::int32_t shortest(const Traffic& traffic) {
  std::uint32_t least = std::numeric_limits<std::uint16_t>::max();
  for (const Transfer& t : traffic.transfers) least = std::min(least, t.events());
  return static_cast<std::int32_t>(least);
}

// Places messages one after another, each as early as the tiles concerned have room.
class FirstFit {
 public:
  FirstFit(const Traffic& traffic, const LatencyTable& latency, std::int32_t first_selection)
      : traffic_(traffic),
        latency_(latency),
        first_selection_(first_selection),
        memories_(traffic, latency, shortest(traffic)) {
    const Timetable empty(shortest(traffic));
    buses_.assign(traffic.tile_count(), empty);
    muxes_.assign(traffic.tile_count(), empty);
  }

  // The first event at which the transfer fits.
  std::int32_t find(const Transfer& transfer) const {
    const auto words = static_cast<std::int32_t>(transfer.events());
    const auto receivers = traffic_.receivers_of(transfer);
    std::int32_t event = 0;
    for (const std::uint32_t to : receivers) {
      event = std::max(event, first_selection_ - latency_.mux_time(transfer.from, to));
    }
    for (bool moved = true; moved;) {
      moved = false;
      event = memories_.next_fit(transfer, buses_[transfer.from].next_fit(event, words));
      for (const std::uint32_t to : receivers) {
        const int mux_time = latency_.mux_time(transfer.from, to);
        const std::int32_t fits = muxes_[to].next_fit(event + mux_time, words) - mux_time;
        moved = moved || fits != event;
        event = fits;
      }
    }
    return event;
  }

  // Returns the event at which the last of the rows concerned ends, as far as this message goes.
  std::int64_t place(const Transfer& transfer, std::int32_t event) {
    const auto words = static_cast<std::int32_t>(transfer.events());
    buses_[transfer.from].reserve(event, words);
    memories_.reserve(transfer, event);
    std::int64_t end = event + words;
    for (const std::uint32_t to : traffic_.receivers_of(transfer)) {
      const std::int32_t selection = event + latency_.mux_time(transfer.from, to);
      muxes_[to].reserve(selection, words);
      end = std::max(end, receiver_row_end(selection, transfer.words, latency_.mux_delay(to)));
    }
    return end;
  }

 private:
  const Traffic& traffic_;
  const LatencyTable& latency_;
  std::int32_t first_selection_;
  std::vector<Timetable> buses_;  // by sender
  std::vector<Timetable> muxes_;  // by receiver
  OneWay memories_;
};

// The same where there are 64-bit items. A reception keeps its mux one event longer than its words take, so
// that releasing it and selecting the next source are two events.
class WideFit {
 public:
  WideFit(const Traffic& traffic, const LatencyTable& latency, std::int32_t first_selection)
      : traffic_(traffic),
        latency_(latency),
        first_selection_(first_selection),
        memories_(traffic, latency, shortest(traffic)) {
    tiles_.assign(traffic.tile_count(), Tile(shortest(traffic)));
  }

  std::int32_t find(const Transfer& transfer) const {
    const std::int32_t events = events_of(transfer);
    std::int32_t event = 0;
    for (const std::uint32_t to : traffic_.receivers_of(transfer))
      event = std::max(event, first_selection_ - selection_event(transfer, 0, to, latency_));
    for (std::int32_t before = -1; before != event;) {
      before = event;
      event = memories_.next_fit(transfer, tiles_[transfer.from].bus.next_fit(event, events));
      if (transfer.wide) {
        const Tile& partner = tiles_[*latency_.partner(transfer.from)];
        event = partner.bus.next_fit(event, events);
        event = partner.mux.next_fit(event - 1, events + 2) + 1;
      }
      for (const std::uint32_t to : traffic_.receivers_of(transfer)) {
        const std::int32_t selection = selection_event(transfer, event, to, latency_);
        event += tiles_[to].mux.next_fit(selection, events + 1) - selection;
      }
      if (before == event && meets_a_control(transfer, event)) ++event;
    }
    return event;
  }

  std::int64_t place(const Transfer& transfer, std::int32_t event) {
    const std::int32_t events = events_of(transfer);
    tiles_[transfer.from].bus.reserve(event, events);
    memories_.reserve(transfer, event);
    tiles_[transfer.from].starts.insert(event);
    if (transfer.wide) {
      Tile& partner = tiles_[*latency_.partner(transfer.from)];
      partner.bus.reserve(event, events);
      partner.mux.reserve(event - 1, events + 2);
    }
    std::int64_t end = event + events;
    for (const std::uint32_t to : traffic_.receivers_of(transfer)) {
      const std::int32_t selection = selection_event(transfer, event, to, latency_);
      tiles_[to].mux.reserve(selection, events + 1);
      for (const std::int32_t after : controls_of(transfer, to))
        tiles_[to].controls.insert(selection + after);
      end = std::max(end, receiver_row_end(selection, transfer.events(), latency_.mux_delay(to)));
    }
    return end;
  }

 private:
  struct Tile {
    explicit Tile(std::int32_t least) : bus(least), mux(least) {}
    Timetable bus;
    Timetable mux;
    std::set<std::int32_t> controls;  // events
    std::set<std::int32_t> starts;    // of sends
  };
  static std::int32_t events_of(const Transfer& t) { return static_cast<std::int32_t>(t.events()); }

  // Events at which a receiver may set something for a transfer, from its selection on.
  std::array<std::int32_t, 5> controls_of(const Transfer& transfer, std::uint32_t to) const {
    if (transfer.wide) {
      const WideControls events = wide_controls(transfer.events(), write_delay(transfer, to, latency_));
      return {0, events.release, events.format, events.pointer, events.words};
    }
    const auto lag = static_cast<std::int32_t>(latency_.mux_delay(to) - isa::timing::pointer_delay);
    return {0, events_of(transfer), lag, lag, lag};
  }

  bool meets_a_control(const Transfer& transfer, std::int32_t event) const {
    if (tiles_[transfer.from].controls.contains(event)) return true;
    for (const std::uint32_t to : traffic_.receivers_of(transfer)) {
      const Tile& tile = tiles_[to];
      const std::int32_t selection = selection_event(transfer, event, to, latency_);
      for (const std::int32_t after : controls_of(transfer, to)) {
        if (tile.controls.contains(selection + after) || tile.starts.contains(selection + after)) return true;
      }
    }
    return false;
  }

  const Traffic& traffic_;
  const LatencyTable& latency_;
  std::int32_t first_selection_;
  std::vector<Tile> tiles_;
  OneWay memories_;
};

template <class Fit>
Schedule placed(Fit fit, const Traffic& traffic, const Order& order) {
  Schedule result{.send_event = std::vector<std::int32_t>(traffic.transfers.size()), .events = 0};
  for (const std::uint32_t index : order) {
    const Transfer& transfer = traffic.transfers[index];
    const std::int32_t event = fit.find(transfer);
    result.send_event[index] = event;
    result.events = std::max(result.events, fit.place(transfer, event));
  }
  return result;
}

}  // namespace

Schedule first_fit(const Traffic& traffic, const LatencyTable& latency, std::int32_t first_selection,
                   const Order& order) {
  if (traffic.has_wide()) return placed(WideFit(traffic, latency, first_selection), traffic, order);
  return placed(FirstFit(traffic, latency, first_selection), traffic, order);
}

}  // namespace ipusim::exchange_planner
