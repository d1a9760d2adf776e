// SPDX-License-Identifier: Apache-2.0
#include "order.hpp"

#include <algorithm>
#include <cstdlib>
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

// By rising key of the transfer; equal keys stay as listed.
template <class Key>
Order sorted_by(const Traffic& traffic, Key key) {
  Order order = listed(traffic);
  std::vector<std::uint64_t> keys;
  keys.reserve(order.size());
  for (const Transfer& transfer : traffic.transfers) keys.push_back(key(transfer));
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return keys[a] < keys[b]; });
  return order;
}

Order by_sender(const Traffic& traffic, const Ranks& ranks) {
  return sorted_by(traffic, [&](const Transfer& t) { return ranks[t.from]; });
}

// In rounds: in round r every tile sends to the one r ranks on, so that nobody is asked for twice in a round.
Order in_rounds(const Traffic& traffic, const Ranks& ranks, bool forward) {
  const std::uint64_t count = ranks.size();
  return sorted_by(traffic, [&](const Transfer& t) {
    const std::uint64_t from = ranks[t.from];
    const std::uint64_t to = ranks[traffic.receivers[t.first_receiver]];
    const std::uint64_t round = (forward ? to + count - from : from + count - to) % count;
    return round * count + (forward ? from : to);
  });
}

Order longest_first(const Traffic& traffic) {
  return sorted_by(traffic, [](const Transfer& t) { return ~std::uint64_t{t.words}; });
}

}  // namespace

std::vector<Order> candidate_orders(const Traffic& traffic, const LatencyTable& latency) {
  const Ranks columns = ranks_along(latency, column_run);
  const Ranks folded = ranks_along(latency, folded_run);
  Ranks indices(latency.tile_count());
  std::iota(indices.begin(), indices.end(), 0U);

  std::vector<Order> orders{listed(traffic)};
  if (traffic.pattern != Pattern::all_to_all) {
    orders.push_back(by_sender(traffic, columns));
    orders.emplace_back(orders.back().rbegin(), orders.back().rend());
    orders.push_back(by_sender(traffic, folded));
  }
  if (traffic.pattern == Pattern::all_to_all) orders.clear();  // as listed, all would send to tile 0 first
  if (traffic.pattern != Pattern::all_gather) {
    orders.push_back(in_rounds(traffic, indices, true));
    orders.push_back(in_rounds(traffic, columns, true));
    orders.push_back(in_rounds(traffic, columns, false));
    orders.push_back(in_rounds(traffic, folded, true));
  }
  if (traffic.pattern == Pattern::messages) orders.push_back(longest_first(traffic));
  return orders;
}

}  // namespace ipusim::exchange_planner
