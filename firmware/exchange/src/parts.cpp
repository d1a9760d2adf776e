// SPDX-License-Identifier: Apache-2.0
#include "parts.hpp"

#include <algorithm>
#include <numeric>
#include <span>

#include "field_limits.hpp"

namespace ipusim::exchange_planner {
namespace {

// By the event at which they leave.
std::vector<std::uint32_t> in_time(const Schedule& schedule) {
  std::vector<std::uint32_t> order(schedule.send_event.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return schedule.send_event[a] < schedule.send_event[b];
  });
  return order;
}

}  // namespace

void cut_long_messages(Traffic& traffic) {
  // Even, so that pieces stay whole 64-bit items.
  const std::uint32_t most = limits::receive_count() & ~1U;
  const auto is_long = [most](const Transfer& t) { return t.words > most; };
  if (std::none_of(traffic.transfers.begin(), traffic.transfers.end(), is_long)) return;
  std::vector<Transfer> pieces;
  for (Transfer rest : traffic.transfers) {
    while (is_long(rest)) {
      Transfer piece = rest;
      piece.words = most;
      pieces.push_back(piece);
      rest.words -= most;
      rest.source_offset += 4 * most;
      rest.destination_offset += 4 * most;
    }
    pieces.push_back(rest);
  }
  traffic.transfers = std::move(pieces);
}

bool counts_fit(const Traffic& traffic) {
  std::vector<std::uint64_t> words(traffic.tile_count(), 0);
  for (const Transfer& transfer : traffic.transfers) {
    for (const std::uint32_t tile : traffic.receivers_of(transfer)) words[tile] += transfer.words;
  }
  return std::all_of(words.begin(), words.end(),
                     [](std::uint64_t count) { return count <= limits::receive_count(); });
}

std::vector<Traffic> cut_by_count(const Traffic& traffic, const Schedule& schedule) {
  std::vector<Traffic> parts;
  std::vector<std::uint32_t> part;
  std::vector<std::uint64_t> words(traffic.tile_count(), 0);
  for (const std::uint32_t index : in_time(schedule)) {
    const Transfer& transfer = traffic.transfers[index];
    const auto receivers = traffic.receivers_of(transfer);
    const auto overflows = [&](std::uint32_t tile) {
      return words[tile] + transfer.words > limits::receive_count();
    };
    if (std::any_of(receivers.begin(), receivers.end(), overflows)) {
      parts.push_back(part_of(traffic, part));
      part.clear();
      std::fill(words.begin(), words.end(), 0);
    }
    part.push_back(index);
    for (const std::uint32_t tile : receivers) words[tile] += transfer.words;
  }
  parts.push_back(part_of(traffic, part));
  return parts;
}

std::pair<Traffic, Traffic> cut_in_two(const Traffic& traffic, const Schedule& schedule) {
  const auto order = in_time(schedule);
  const std::span<const std::uint32_t> all(order);
  const std::size_t half = all.size() / 2;
  return {part_of(traffic, all.first(half)), part_of(traffic, all.subspan(half))};
}

}  // namespace ipusim::exchange_planner
