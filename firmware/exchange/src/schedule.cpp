// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/schedule.hpp"

#include <algorithm>
#include <limits>
#include <random>

#include "first_fit.hpp"
#include "ipusim/base/parallel.hpp"
#include "ipusim/exchange_planner/timeline.hpp"
#include "order.hpp"

namespace ipusim::exchange_planner {
namespace {

struct Attempt {
  Order order;
  Schedule schedule;
};

// Small phases are searched on: one message at a time is moved to another place in the order.
template <class Place>
void improve(Attempt& best, const Place& place, const Traffic& traffic, std::int64_t bound) {
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
    Schedule next = place(order);
    if (next.events <= best.schedule.events) best = {std::move(order), std::move(next)};
  }
}

}  // namespace

Schedule schedule(const Traffic& traffic, const LatencyTable& latency, std::int32_t first_selection) {
  if (traffic.transfers.empty()) return {};
  const auto place = [&](const Order& order) { return first_fit(traffic, latency, first_selection, order); };
  const std::vector<OrderMaker> makers = candidate_orders(traffic, latency);
  std::vector<Attempt> attempts(makers.size());
  for_each_index(makers.size(), [&](std::size_t i) {
    attempts[i].order = makers[i]();
    attempts[i].schedule = place(attempts[i].order);
  });
  // The first of the shortest, whichever was done first.
  Attempt best =
      std::move(*std::min_element(attempts.begin(), attempts.end(), [](const Attempt& a, const Attempt& b) {
        return a.schedule.events < b.schedule.events;
      }));
  improve(best, place, traffic, lower_bound(traffic, latency, first_selection));
  return std::move(best.schedule);
}

std::int64_t lower_bound(const Traffic& traffic, const LatencyTable& latency, std::int32_t first_selection) {
  std::vector<std::int64_t> sent(traffic.tile_count(), 0);
  std::vector<std::int64_t> received(traffic.tile_count(), 0);
  std::vector<std::int32_t> first(traffic.tile_count(), std::numeric_limits<std::int32_t>::max());
  for (const Transfer& transfer : traffic.transfers) {
    sent[transfer.from] += transfer.events();
    for (const std::uint32_t to : traffic.receivers_of(transfer)) {
      received[to] += transfer.events();
      first[to] = std::min(first[to], std::max(first_selection, selection_event(transfer, 0, to, latency)));
    }
  }
  std::int64_t bound = 0;
  for (std::uint32_t tile = 0; tile < traffic.tile_count(); ++tile) {
    bound = std::max(bound, traffic.one_way ? sent[tile] + received[tile] : sent[tile]);
    if (received[tile] == 0) continue;
    const auto words = static_cast<std::uint32_t>(received[tile]);
    bound = std::max(bound, receiver_row_end(first[tile], words, latency.mux_delay(tile)));
  }
  return bound;
}

}  // namespace ipusim::exchange_planner
