// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/schedule.hpp"

#include <algorithm>
#include <limits>
#include <random>

#include "ipusim/base/parallel.hpp"
#include "order.hpp"
#include "timetable.hpp"

namespace ipusim::exchange_planner {
namespace {

// Places messages one after another, each as early as the tiles concerned have room.
class FirstFit {
 public:
  FirstFit(const Traffic& traffic, const LatencyTable& latency, std::int32_t first_selection)
      : traffic_(traffic), latency_(latency), first_selection_(first_selection) {
    std::uint32_t least = std::numeric_limits<std::uint16_t>::max();
    for (const Transfer& t : traffic.transfers) least = std::min(least, t.words);
    const Timetable empty(static_cast<std::int32_t>(least));
    buses_.assign(traffic.tile_count(), empty);
    muxes_.assign(traffic.tile_count(), empty);
  }

  Schedule run(const Order& order) {
    Schedule result{.send_event = std::vector<std::int32_t>(traffic_.transfers.size()), .events = 0};
    for (const std::uint32_t index : order) {
      const Transfer& transfer = traffic_.transfers[index];
      const std::int32_t event = find(transfer);
      result.send_event[index] = event;
      result.events = std::max(result.events, place(transfer, event));
    }
    return result;
  }

 private:
  std::int32_t find(const Transfer& transfer) const {
    const auto words = static_cast<std::int32_t>(transfer.words);
    const auto receivers = traffic_.receivers_of(transfer);
    std::int32_t event = 0;
    for (const std::uint32_t to : receivers) {
      event = std::max(event, first_selection_ - latency_.mux_time(transfer.from, to));
    }
    for (bool moved = true; moved;) {
      moved = false;
      event = buses_[transfer.from].next_fit(event, words);
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
    const auto words = static_cast<std::int32_t>(transfer.words);
    buses_[transfer.from].reserve(event, words);
    std::int64_t end = event + words;
    for (const std::uint32_t to : traffic_.receivers_of(transfer)) {
      const std::int32_t selection = event + latency_.mux_time(transfer.from, to);
      muxes_[to].reserve(selection, words);
      end = std::max(end, receiver_row_end(selection, transfer.words, latency_.mux_delay(to)));
    }
    return end;
  }

  const Traffic& traffic_;
  const LatencyTable& latency_;
  std::int32_t first_selection_;
  std::vector<Timetable> buses_;  // by sender
  std::vector<Timetable> muxes_;  // by receiver
};

struct Attempt {
  Order order;
  Schedule schedule;
};

// Small phases are searched on: one message at a time is moved to another place in the order.
void improve(Attempt& best, const FirstFit& empty, const Traffic& traffic, std::int64_t bound) {
  constexpr std::size_t work = 3'000'000;  // placements and timetables of all tries; a second or less
  constexpr std::size_t tries_per_pair = 8;
  constexpr std::uint32_t seed = 20'220'303;
  const std::size_t count = best.order.size();
  const std::size_t affordable = work / (traffic.receivers.size() + traffic.tile_count());
  std::mt19937 random(seed);
  for (std::size_t tries = std::min(affordable, tries_per_pair * count * (count - 1));
       tries > 0 && best.schedule.events > bound; --tries) {
    Order order = best.order;
    const auto at = [&order](std::size_t i) { return order.begin() + static_cast<std::ptrdiff_t>(i); };
    const std::size_t a = random() % count;
    const std::size_t b = random() % count;
    if (a < b) std::rotate(at(a), at(a + 1), at(b + 1));
    if (b < a) std::rotate(at(b), at(a), at(a + 1));
    Schedule next = FirstFit(empty).run(order);
    if (next.events <= best.schedule.events) best = {std::move(order), std::move(next)};
  }
}

}  // namespace

Schedule schedule(const Traffic& traffic, const LatencyTable& latency, std::int32_t first_selection) {
  if (traffic.transfers.empty()) return {};
  const FirstFit empty(traffic, latency, first_selection);
  const std::vector<OrderMaker> makers = candidate_orders(traffic, latency);
  std::vector<Attempt> attempts(makers.size());
  for_each_index(makers.size(), [&](std::size_t i) {
    attempts[i].order = makers[i]();
    attempts[i].schedule = FirstFit(empty).run(attempts[i].order);
  });
  // The first of the shortest, whichever was done first.
  Attempt best = std::move(*std::min_element(
      attempts.begin(), attempts.end(),
      [](const Attempt& a, const Attempt& b) { return a.schedule.events < b.schedule.events; }));
  improve(best, empty, traffic, lower_bound(traffic, latency, first_selection));
  return std::move(best.schedule);
}

std::int64_t lower_bound(const Traffic& traffic, const LatencyTable& latency, std::int32_t first_selection) {
  std::vector<std::int64_t> sent(traffic.tile_count(), 0);
  std::vector<std::int64_t> received(traffic.tile_count(), 0);
  std::vector<std::int32_t> first(traffic.tile_count(), std::numeric_limits<std::int32_t>::max());
  for (const Transfer& transfer : traffic.transfers) {
    sent[transfer.from] += transfer.words;
    for (const std::uint32_t to : traffic.receivers_of(transfer)) {
      received[to] += transfer.words;
      first[to] = std::min(first[to], std::max(first_selection, latency.mux_time(transfer.from, to)));
    }
  }
  std::int64_t bound = 0;
  for (std::uint32_t tile = 0; tile < traffic.tile_count(); ++tile) {
    bound = std::max(bound, sent[tile]);
    if (received[tile] == 0) continue;
    const auto words = static_cast<std::uint32_t>(received[tile]);
    bound = std::max(bound, receiver_row_end(first[tile], words, latency.mux_delay(tile)));
  }
  return bound;
}

}  // namespace ipusim::exchange_planner
