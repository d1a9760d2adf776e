// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/timeline.hpp"

#include <algorithm>

#include "ipusim/config/latency_function.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::exchange_planner {
namespace {

std::int32_t events_of(const Transfer& transfer) { return static_cast<std::int32_t>(transfer.events()); }

// Adds pointers, ascending, to sources, ascending.
std::vector<Control> merged(const std::vector<Control>& sources, const std::vector<Control>& pointers) {
  std::vector<Control> result;
  result.reserve(sources.size() + pointers.size());
  auto pointer = pointers.begin();
  for (const Control& source : sources) {
    while (pointer != pointers.end() && pointer->event < source.event) result.push_back(*pointer++);
    result.push_back(source);
    if (pointer != pointers.end() && pointer->event == source.event) {
      result.back().pointer = (pointer++)->pointer;
    }
  }
  result.insert(result.end(), pointer, pointers.end());
  return result;
}

// One that goes on where the one before ends, in time and memory, becomes part of it.
void add_window(const Transfer& transfer, std::int32_t event, std::vector<MemoryWindow>& windows) {
  const MemoryWindow next{event, event + events_of(transfer), transfer.destination_offset,
                          4 * transfer.words};
  if (!windows.empty()) {
    MemoryWindow& last = windows.back();
    const auto pace = [](const MemoryWindow& w) {
      return w.bytes / static_cast<std::uint32_t>(w.end - w.begin);
    };
    if (last.end == next.begin && last.offset + last.bytes == next.offset && pace(last) == pace(next)) {
      last.end = next.end;
      last.bytes += next.bytes;
      return;
    }
  }
  if (windows.size() <= FunctionPart::most_windows) windows.push_back(next);
}

}  // namespace

std::int32_t selection_event(const Transfer& transfer, std::int32_t event, std::uint32_t to,
                             const LatencyTable& latency) {
  const int own = latency.mux_time(transfer.from, to);
  if (!transfer.wide) return event + own;
  return event + std::min(own, latency.mux_time(transfer.from, *latency.partner(to)));
}

std::int32_t write_delay(const Transfer& transfer, std::uint32_t to, const LatencyTable& latency) {
  const auto delay = static_cast<std::int32_t>(latency.mux_delay(to));
  if (!transfer.wide) return delay;
  const int own = latency.mux_time(transfer.from, to);
  return delay + std::abs(own - latency.mux_time(transfer.from, *latency.partner(to)));
}

WideControls wide_controls(std::uint32_t items, std::int32_t written) {
  constexpr auto format_delay = static_cast<std::int32_t>(isa::timing::format_delay);
  const auto count = static_cast<std::int32_t>(items);
  return {.release = count,
          .format = written - format_delay,
          .pointer = written - static_cast<std::int32_t>(isa::timing::pointer_delay),
          .words = written - format_delay + count};
}

std::int32_t Timelines::Reception::end(const Traffic& traffic) const {
  return selection + events_of(traffic.transfers[transfer]);
}

Timelines::Timelines(const Traffic& traffic, const Schedule& schedule, const LatencyTable& latency,
                     RowStyle style)
    : traffic_(traffic),
      latency_(latency),
      style_(style),
      sent_(traffic.tile_count()),
      received_(traffic.tile_count()) {
  for (std::uint32_t index = 0; index < traffic.transfers.size(); ++index) {
    const Transfer& transfer = traffic.transfers[index];
    const std::int32_t event = schedule.send_event[index];
    sent_[transfer.from].push_back({event, event + events_of(transfer), index});
    // The high halves are on the partner's bus.
    if (transfer.wide)
      sent_[*latency.partner(transfer.from)].push_back({event, event + events_of(transfer), index});
    for (const std::uint32_t to : traffic.receivers_of(transfer)) {
      received_[to].push_back({selection_event(transfer, event, to, latency), index});
    }
  }
  for (auto& sent : sent_) {
    std::sort(sent.begin(), sent.end(), [](const Sending& a, const Sending& b) { return a.begin < b.begin; });
  }
  for (auto& received : received_) {
    std::sort(received.begin(), received.end(),
              [](const Reception& a, const Reception& b) { return a.selection < b.selection; });
  }
}

Timeline Timelines::timeline(std::uint32_t tile) const {
  Timeline result;
  add_sends(tile, result);
  add_receptions(tile, result);
  result.takes_part = !result.sends.empty() || !received_[tile].empty();
  return result;
}

void Timelines::add_sends(std::uint32_t tile, Timeline& timeline) const {
  for (const Sending& sending : sent_[tile]) {
    const Transfer& transfer = traffic_.transfers[sending.transfer];
    if (transfer.from != tile) continue;  // its partner's, on its bus
    const auto receivers = traffic_.receivers_of(transfer);
    // As the vendor's rows: the one direction for one receiver, or pair, both for several.
    const bool is_single = receivers.size() == (transfer.wide ? 2U : 1U);
    std::uint8_t directions = is_single ? latency_.direction(tile, receivers.front())
                                        : config::direction_east | config::direction_west;
    if (transfer.wide) directions |= wide_items;
    const Send next{sending.begin, transfer.events(), transfer.source_offset / (transfer.wide ? 8U : 4U),
                    directions};
    timeline.end = next.event + events_of(transfer);
    if (!timeline.sends.empty()) {
      Send& last = timeline.sends.back();
      const bool follows = next.event == last.event + static_cast<std::int32_t>(last.items);
      if (follows && next.item == last.item + last.items && next.directions == last.directions) {
        last.items += next.items;
        continue;
      }
    }
    timeline.sends.push_back(next);
  }
}

// Whether nothing of `source` reaches the mux of `receiver` in its events [begin, end), whatever the
// direction.
bool Timelines::quiet(std::uint32_t source, std::uint32_t receiver, std::int32_t begin,
                      std::int32_t end) const {
  if (begin == end) return true;
  const std::int32_t mux_time = latency_.mux_time(source, receiver);
  const auto& sent = sent_[source];
  const auto next = std::partition_point(
      sent.begin(), sent.end(), [&](const Sending& sending) { return sending.end + mux_time <= begin; });
  return next == sent.end() || next->begin + mux_time >= end;
}

// What follows reception `index` once its words have passed the mux.
void Timelines::leave(std::uint32_t tile, std::span<const Reception> receptions, std::size_t index,
                      Timeline& timeline) const {
  const Reception& now = receptions[index];
  const std::int32_t end = now.end(traffic_);
  const auto select = [&](std::int32_t event, std::uint16_t source) {
    timeline.controls.push_back({event, source, std::nullopt});
  };
  if (index + 1 == receptions.size()) {
    select(end, latency_.null_source());
    return;
  }
  const Reception& next = receptions[index + 1];
  if (traffic_.transfers[next.transfer].wide) {
    select(end, latency_.null_source());
    return;
  }
  const std::uint32_t source = traffic_.transfers[now.transfer].from;
  const std::uint32_t next_source = traffic_.transfers[next.transfer].from;
  const std::uint16_t next_place = latency_.place(next_source).value();
  if (quiet(source, tile, end, next.selection)) {
    // The old source shows nothing until the next one is due. The same source need not be selected again.
    if (source != next_source) select(next.selection, next_place);
  } else if (quiet(next_source, tile, end, next.selection)) {
    select(end, next_place);
  } else {
    select(end, latency_.null_source());
    select(next.selection, next_place);
  }
}

// As the vendor's rows for a lone message of at least as many words as the pointer lags behind the mux in row
// 0: the mux is released by an instruction after the one that sets the pointer, so it stays selected longer
// in the rows beyond, where the sender must be silent.
std::optional<Control> Timelines::late_release(std::uint32_t tile, const Reception& only) const {
  const std::uint32_t source = traffic_.transfers[only.transfer].from;
  const std::int32_t end = only.end(traffic_);
  const auto base_lag = static_cast<std::int32_t>(latency_.mux_delay_base() - isa::timing::pointer_delay);
  if (end - only.selection < base_lag) return std::nullopt;
  const auto late = end + static_cast<std::int32_t>(latency_.mux_delay(tile) - latency_.mux_delay_base());
  if (!quiet(source, tile, end, late)) return std::nullopt;
  return Control{late, latency_.null_source(), std::nullopt};
}

void Timelines::add_wide(std::uint32_t tile, const Reception& reception,
                         std::vector<Control>& controls) const {
  constexpr std::uint16_t partner_lane = 2;
  const Transfer& transfer = traffic_.transfers[reception.transfer];
  const WideControls events = wide_controls(transfer.events(), write_delay(transfer, tile, latency_));
  const auto at = [&](std::int32_t event) -> Control& {
    return controls.emplace_back(
        Control{.event = reception.selection + event, .source = std::nullopt, .pointer = std::nullopt});
  };
  // The earlier of the pair selects for both.
  if (latency_.mux_time(transfer.from, tile) <= latency_.mux_time(transfer.from, *latency_.partner(tile))) {
    const unsigned own_half = latency_.place(tile).value() & partner_lane;
    at(0).pair_source = static_cast<std::uint16_t>(latency_.place(transfer.from).value() ^ own_half);
    at(events.release).pair_source = latency_.null_source();
  }
  at(events.format).format = latency_.direction(transfer.from, tile);
  at(events.pointer).pointer = transfer.destination_offset / 4;
  at(events.words).format = std::uint8_t{0};
}

void Timelines::add_receptions(std::uint32_t tile, Timeline& timeline) const {
  const auto& receptions = received_[tile];
  if (receptions.empty()) return;
  std::vector<Control> pointers;
  const auto lag = static_cast<std::int32_t>(latency_.mux_delay(tile) - isa::timing::pointer_delay);
  std::uint32_t pointer = 0;  // bytes; where the pointer stands after the message before
  for (std::size_t i = 0; i < receptions.size(); ++i) {
    const Transfer& transfer = traffic_.transfers[receptions[i].transfer];
    add_window(transfer, receptions[i].selection + write_delay(transfer, tile, latency_), timeline.writes);
    if (transfer.wide) {
      add_wide(tile, receptions[i], pointers);
      pointer = transfer.destination_offset + 4 * transfer.words;
      timeline.receive_count += transfer.words;
      continue;
    }
    const bool after_wide = i > 0 && traffic_.transfers[receptions[i - 1].transfer].wide;
    if (i == 0 || after_wide) {
      timeline.controls.push_back(
          {receptions[i].selection, latency_.place(transfer.from).value(), std::nullopt});
    }
    if (i == 0) {
      if (style_ == RowStyle::compact) timeline.first_pointer = transfer.destination_offset / 4;
    }
    if (i == 0 ? style_ == RowStyle::published : transfer.destination_offset != pointer) {
      // The last event that is early enough for the first word, and thus after the word before.
      pointers.push_back({receptions[i].selection + lag, std::nullopt, transfer.destination_offset / 4});
    }
    pointer = transfer.destination_offset + 4 * transfer.words;
    timeline.receive_count += transfer.words;
    leave(tile, receptions, i, timeline);
  }
  const Reception& last = receptions.back();
  const std::uint32_t last_words = traffic_.transfers[last.transfer].events();
  const auto row_end =
      static_cast<std::int32_t>(receiver_row_end(last.selection, last_words, latency_.mux_delay(tile)));
  timeline.end = std::max(timeline.end, row_end);
  if (style_ == RowStyle::published && receptions.size() == 1 && !traffic_.transfers[last.transfer].wide) {
    if (const auto release = late_release(tile, last)) {
      timeline.controls.back() = *release;
      pointers.front().event = std::min(pointers.front().event, release->event - 1);
    }
  }
  // Those of 64-bit items overtake each other.
  std::stable_sort(pointers.begin(), pointers.end(),
                   [](const Control& a, const Control& b) { return a.event < b.event; });
  timeline.controls = merged(timeline.controls, pointers);
}

}  // namespace ipusim::exchange_planner
