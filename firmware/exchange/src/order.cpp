// SPDX-License-Identifier: Apache-2.0
#include "order.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <tuple>

namespace ipusim::exchange_planner {
namespace {

using Ranks = std::vector<std::uint32_t>;  // by tile index

// Tiles of one column and bus side stand together, as their latencies to everybody differ by the same amount;
// rows go up and down in turn, so that neighbours in rank are neighbours on the chip.
Ranks ranks_along(const LatencyTable& latency, unsigned (*run_of)(TileId)) {
  std::vector<std::uint32_t> tiles(latency.tile_count());
  std::iota(tiles.begin(), tiles.end(), 0U);
  const auto key = [&](std::uint32_t tile) {
    const TileId place = latency.place(tile);
    const unsigned run = run_of(place);
    const int row = static_cast<int>(place.row());
    return std::tuple{run, run % 2 == 0 ? row : -row, place.lane() / 2};
  };
  std::sort(tiles.begin(), tiles.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  Ranks ranks(tiles.size());
  for (std::uint32_t i = 0; i < tiles.size(); ++i) ranks[tiles[i]] = i;
  return ranks;
}

unsigned column_run(TileId place) { return 2 * place.column() + place.lane() % 2; }

// The chip's columns are folded: 0 lies beside 15, 1 beside 14.
unsigned folded_run(TileId place) {
  const unsigned side = place.column() / 8;
  const unsigned folded = side == 0 ? place.column() : 15 - place.column();
  return 4 * folded + 2 * side + place.lane() % 2;
}

Order listed(const Traffic& traffic) {
  Order order(traffic.transfers.size());
  std::iota(order.begin(), order.end(), 0U);
  return order;
}

// The order by rising key, all of them below `keys`; equal ones stay as they are.
template <class Key>
Order sorted_by(const Order& order, std::size_t keys, const Key& key) {
  std::vector<std::uint32_t> next(keys + 1, 0);
  for (const std::uint32_t index : order) ++next[key(index) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  Order sorted(order.size());
  for (const std::uint32_t index : order) sorted[next[key(index)]++] = index;
  return sorted;
}

Order by_sender(const Traffic& traffic, const Ranks& ranks) {
  return sorted_by(listed(traffic), ranks.size(),
                   [&](std::uint32_t i) { return ranks[traffic.transfers[i].from]; });
}

// In rounds: in round r every tile sends to the one r ranks on, so that nobody is asked for twice in a round.
Order in_rounds(const Traffic& traffic, const Ranks& ranks, bool forward) {
  const auto count = static_cast<std::uint32_t>(ranks.size());
  const auto from = [&](std::uint32_t i) { return ranks[traffic.transfers[i].from]; };
  const auto to = [&](std::uint32_t i) {
    return ranks[traffic.receivers[traffic.transfers[i].first_receiver]];
  };
  const Order in_turn =
      sorted_by(listed(traffic), count, [&](std::uint32_t i) { return forward ? from(i) : to(i); });
  return sorted_by(in_turn, count, [&](std::uint32_t i) {
    const std::uint32_t round = forward ? to(i) + count - from(i) : from(i) + count - to(i);
    return round >= count ? round - count : round;
  });
}

Order longest_first(const Traffic& traffic) {
  Order order = listed(traffic);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return traffic.transfers[a].words > traffic.transfers[b].words;
  });
  return order;
}

}  // namespace

std::vector<OrderMaker> candidate_orders(const Traffic& traffic, const LatencyTable& latency) {
  // Beyond so many words' ways, only orders of the kind that has been found best are tried.
  constexpr std::size_t most_for_all = 200'000;
  const bool all = traffic.receivers.size() <= most_for_all;
  const bool is_multicast = traffic.receivers.size() > traffic.transfers.size();
  const auto columns = std::make_shared<const Ranks>(ranks_along(latency, column_run));
  const auto folded = std::make_shared<const Ranks>(ranks_along(latency, folded_run));
  std::vector<OrderMaker> orders;
  if (all || is_multicast) {
    orders.push_back([&traffic] { return listed(traffic); });
    orders.push_back([&traffic, columns] { return by_sender(traffic, *columns); });
    orders.push_back([&traffic, columns] {
      Order order = by_sender(traffic, *columns);
      std::reverse(order.begin(), order.end());
      return order;
    });
    orders.push_back([&traffic, folded] { return by_sender(traffic, *folded); });
  }
  if (all || !is_multicast) {
    Ranks indices(latency.tile_count());
    std::iota(indices.begin(), indices.end(), 0U);
    orders.push_back([&traffic, indices] { return in_rounds(traffic, indices, true); });
    orders.push_back([&traffic, columns] { return in_rounds(traffic, *columns, true); });
    orders.push_back([&traffic, columns] { return in_rounds(traffic, *columns, false); });
    orders.push_back([&traffic, folded] { return in_rounds(traffic, *folded, true); });
  }
  if (all) orders.push_back([&traffic] { return longest_first(traffic); });
  return orders;
}

}  // namespace ipusim::exchange_planner
