// SPDX-License-Identifier: Apache-2.0
// The messages of one phase with its pattern written out: what the scheduler works on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ipusim/exchange_planner/phase.hpp"

namespace ipusim::exchange_planner {

// One message; tiles by index, offsets in bytes from the tiles' symbols.
struct Transfer {
  std::uint32_t from = 0;
  std::uint32_t words = 0;
  std::uint32_t source_offset = 0;
  std::uint32_t destination_offset = 0;
  std::uint32_t first_receiver = 0;  // its run in Traffic::receivers
  std::uint32_t receiver_count = 0;
  bool wide = false;  // leaves as items of 64 bits

  // That it takes to leave, and to be heard.
  std::uint32_t events() const { return wide ? words / 2 : words; }
};

struct Traffic {
  std::vector<Transfer> transfers;
  std::vector<std::uint32_t> receivers;
  // By tile index; empty where the tile sends or receives nothing.
  std::vector<std::string> source_symbol;
  std::vector<std::string> destination_symbol;
  // The same whether there are symbols or not.
  std::vector<bool> sends;
  std::vector<bool> receives;
  // No tile may send in an event in which it writes what it receives (Elements::avoid).
  bool one_way = false;

  std::span<const std::uint32_t> receivers_of(const Transfer& transfer) const {
    return std::span{receivers}.subspan(transfer.first_receiver, transfer.receiver_count);
  }
  bool has_wide() const;
  std::size_t tile_count() const { return source_symbol.size(); }
};

// Throws PlanError for a pattern with a problem, and for what no row can do: a tile that sends to itself, is
// named twice or does not exist, no words, offsets that are not multiples of 4 or beyond the address fields,
// a tile that would need two symbols on one side.
Traffic expand(const Phase& phase, std::size_t tile_count);

// Those transfers of it, in that order.
Traffic part_of(const Traffic& traffic, std::span<const std::uint32_t> transfers);

}  // namespace ipusim::exchange_planner
