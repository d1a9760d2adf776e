// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/traffic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "field_limits.hpp"

namespace ipusim::exchange_planner {
namespace {

// Builds the traffic of one phase and watches over what it is given.
class Expander final : public MessageSink {
 public:
  Expander(const Phase& phase, std::size_t tile_count)
      : phase_(phase), filled_to_(tile_count, 0), seen_(tile_count, 0) {
    traffic_.source_symbol.resize(tile_count);
    traffic_.destination_symbol.resize(tile_count);
    traffic_.sends.resize(tile_count, false);
    traffic_.receives.resize(tile_count, false);
    if (const std::string problem = phase.pattern.problem(); !problem.empty()) fail(problem);
  }

  void message(TileIndex from, std::span<const TileIndex> to, std::uint32_t words, const Location& source,
               const Location& destination) override {
    check_tile(from);
    check_receivers(from, to);
    if (words == 0) fail(fmt::format("a message of tile {} has no words", from.value()));
    if (phase_.bases == Bases::symbols && (source.symbol.empty() || destination.symbol.empty()))
      fail("source and destination need a symbol");
    check_address(source, words, "source");
    check_address(destination, words, "destination");
    use_symbol(traffic_.source_symbol[from.value()], source.symbol, from, "source");
    traffic_.sends[from.value()] = true;
    const Transfer transfer{.from = from.value(),
                            .words = words,
                            .source_offset = static_cast<std::uint32_t>(source.offset),
                            .destination_offset = static_cast<std::uint32_t>(destination.offset),
                            .first_receiver = static_cast<std::uint32_t>(traffic_.receivers.size()),
                            .receiver_count = static_cast<std::uint32_t>(to.size())};
    for (const TileIndex tile : to) {
      receive(tile, transfer, destination.symbol);
      traffic_.receivers.push_back(tile.value());
    }
    traffic_.transfers.push_back(transfer);
  }

  Traffic take() {
    check_overlaps();
    return std::move(traffic_);
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    const std::string place = phase_.where.empty() ? std::string{} : phase_.where.place() + ": ";
    throw PlanError(fmt::format("{}phase '{}': {}", place, phase_.name, message));
  }

  static std::uint64_t bytes_of(std::uint32_t words) { return 4 * std::uint64_t{words}; }

  void check_tile(TileIndex tile) const {
    if (tile.value() >= filled_to_.size()) {
      fail(fmt::format("there is no tile {}: the system has tiles 0 to {}", tile.value(),
                       filled_to_.size() - 1));
    }
  }

  void check_address(const Location& address, std::uint32_t words, const char* side) const {
    if (address.offset % 4 != 0) {
      fail(fmt::format("{} offset {} is not a multiple of 4", side, address.offset));
    }
    if (address.offset + bytes_of(words) > 4 * limits::item_addresses()) {
      fail(fmt::format("{} '{}' + {} for {} words goes beyond the {} bytes an item address reaches", side,
                       address.symbol, address.offset, words, 4 * limits::item_addresses()));
    }
  }

  void use_symbol(std::string& slot, const std::string& symbol, TileIndex tile, const char* side) {
    if (slot.empty()) slot = symbol;
    if (slot != symbol) {
      fail(fmt::format(
          "tile {} has two {} symbols, '{}' and '{}', but a row has one base; put both into one block "
          "with offsets, or the messages into two phases",
          tile.value(), side, slot, symbol));
    }
  }

  void receive(TileIndex tile, const Transfer& transfer, const std::string& symbol) {
    use_symbol(traffic_.destination_symbol[tile.value()], symbol, tile, "destination");
    traffic_.receives[tile.value()] = true;
    // Most patterns name a tile's messages in the order in which they stand in its memory.
    std::uint32_t& filled = filled_to_[tile.value()];
    if (transfer.destination_offset < filled) may_overlap_ = true;
    filled = std::max(filled, transfer.destination_offset + 4 * transfer.words);
  }

  void check_receivers(TileIndex from, std::span<const TileIndex> to) {
    if (to.empty()) fail(fmt::format("a message of tile {} goes to nobody", from.value()));
    ++message_number_;
    for (const TileIndex tile : to) {
      check_tile(tile);
      if (tile == from) fail(fmt::format("tile {} sends to itself; copy the words instead", from.value()));
      if (std::exchange(seen_[tile.value()], message_number_) == message_number_)
        fail(fmt::format("a message of tile {} names tile {} twice", from.value(), tile.value()));
    }
  }

  // Two messages over the same words would leave whichever comes last.
  void check_overlaps() const {
    if (!may_overlap_) return;
    struct Block {
      std::uint32_t tile, begin, end;
    };
    std::vector<Block> blocks;
    blocks.reserve(traffic_.receivers.size());
    for (const Transfer& t : traffic_.transfers) {
      for (const std::uint32_t tile : traffic_.receivers_of(t)) {
        blocks.push_back({tile, t.destination_offset, t.destination_offset + 4 * t.words});
      }
    }
    const auto key = [](const Block& b) { return std::pair{b.tile, b.begin}; };
    std::sort(blocks.begin(), blocks.end(), [&](const Block& a, const Block& b) { return key(a) < key(b); });
    for (std::size_t i = 1; i < blocks.size(); ++i) {
      if (blocks[i].tile == blocks[i - 1].tile && blocks[i].begin < blocks[i - 1].end) {
        fail(fmt::format("tile {} receives two messages at destination offset {}", blocks[i].tile,
                         blocks[i].begin));
      }
    }
  }

  const Phase& phase_;
  Traffic traffic_;
  std::vector<std::uint32_t> filled_to_;  // by tile: bytes from its symbol, of the furthest message so far
  std::vector<std::uint32_t> seen_;       // by tile: the last message that names it as a receiver
  std::uint32_t message_number_ = 0;
  bool may_overlap_ = false;
};

}  // namespace

bool Traffic::has_wide() const {
  return std::any_of(transfers.begin(), transfers.end(), [](const Transfer& t) { return t.wide; });
}

Traffic part_of(const Traffic& traffic, std::span<const std::uint32_t> transfers) {
  Traffic part{.transfers = {},
               .receivers = {},
               .source_symbol = traffic.source_symbol,
               .destination_symbol = traffic.destination_symbol,
               .sends = std::vector<bool>(traffic.tile_count(), false),
               .receives = std::vector<bool>(traffic.tile_count(), false),
               .one_way = traffic.one_way};
  for (const std::uint32_t index : transfers) {
    Transfer transfer = traffic.transfers[index];
    const auto receivers = traffic.receivers_of(transfer);
    transfer.first_receiver = static_cast<std::uint32_t>(part.receivers.size());
    part.transfers.push_back(transfer);
    part.receivers.insert(part.receivers.end(), receivers.begin(), receivers.end());
    part.sends[transfer.from] = true;
    for (const std::uint32_t tile : receivers) part.receives[tile] = true;
  }
  return part;
}

Traffic expand(const Phase& phase, std::size_t tile_count) {
  Expander expander(phase, tile_count);
  phase.pattern.expand(expander);
  Traffic traffic = expander.take();
  traffic.one_way = phase.elements == Elements::avoid;
  return traffic;
}

}  // namespace ipusim::exchange_planner
