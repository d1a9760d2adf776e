// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/traffic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "field_limits.hpp"

namespace ipusim::exchange_planner {
namespace {

// Builds the traffic of one phase and watches over what it is given.
class Expander {
 public:
  Expander(const Phase& phase, std::size_t tile_count) : phase_(phase), words_to_(tile_count, 0) {
    traffic_.source_symbol.resize(tile_count);
    traffic_.destination_symbol.resize(tile_count);
  }

  void operator()(const AllGather& gather) {
    traffic_.pattern = Pattern::all_gather;
    check_group(gather.tiles);
    const std::uint64_t block = bytes_of(gather.words);
    for (std::size_t k = 0; k < gather.tiles.size(); ++k) {
      std::vector<TileIndex> others = gather.tiles;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(k));
      add(gather.tiles[k], others, gather.words, {gather.source, 0}, {gather.destination, block * k});
    }
  }

  void operator()(const AllToAll& exchange) {
    traffic_.pattern = Pattern::all_to_all;
    check_group(exchange.tiles);
    const std::uint64_t block = bytes_of(exchange.words);
    for (std::size_t k = 0; k < exchange.tiles.size(); ++k) {
      for (std::size_t j = 0; j < exchange.tiles.size(); ++j) {
        if (j == k) continue;
        add(exchange.tiles[k], {exchange.tiles[j]}, exchange.words, {exchange.source, block * j},
            {exchange.destination, block * k});
      }
    }
  }

  void operator()(const Messages& list) {
    traffic_.pattern = Pattern::messages;
    for (const Message& m : list.messages) {
      add(m.from, m.to, m.words, {m.source, m.source_offset}, {m.destination, m.destination_offset});
    }
    check_overlaps();
  }

  Traffic take() { return std::move(traffic_); }

 private:
  struct Address {
    const std::string& symbol;
    std::uint64_t offset;
  };

  [[noreturn]] void fail(const std::string& message) const {
    const std::string place = phase_.where.empty() ? std::string{} : phase_.where.place() + ": ";
    throw PlanError(fmt::format("{}phase '{}': {}", place, phase_.name, message));
  }

  static std::uint64_t bytes_of(std::uint32_t words) { return 4 * std::uint64_t{words}; }

  void check_group(const std::vector<TileIndex>& tiles) const {
    if (tiles.size() < 2) fail("one tile alone has nobody to exchange with; name at least two");
    if (!std::is_sorted(tiles.begin(), tiles.end())) fail("its tiles must be in ascending order");
  }

  void check_tile(TileIndex tile) const {
    if (tile.value() >= words_to_.size()) {
      fail(fmt::format("there is no tile {}: the system has tiles 0 to {}", tile.value(),
                       words_to_.size() - 1));
    }
  }

  void check_address(const Address& address, std::uint32_t words, const char* side) const {
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

  void receive(TileIndex tile, std::uint32_t words, const std::string& symbol) {
    use_symbol(traffic_.destination_symbol[tile.value()], symbol, tile, "destination");
    words_to_[tile.value()] += words;
    if (words_to_[tile.value()] > limits::receive_count()) {
      fail(
          fmt::format("tile {} would receive more than the {} words its receive count holds; split the phase",
                      tile.value(), limits::receive_count()));
    }
  }

  void check_receivers(TileIndex from, std::vector<TileIndex> to) const {
    if (to.empty()) fail(fmt::format("a message of tile {} goes to nobody", from.value()));
    std::sort(to.begin(), to.end());
    if (const auto twice = std::adjacent_find(to.begin(), to.end()); twice != to.end()) {
      fail(fmt::format("a message of tile {} names tile {} twice", from.value(), twice->value()));
    }
    for (const TileIndex tile : to) {
      check_tile(tile);
      if (tile == from) fail(fmt::format("tile {} sends to itself; copy the words instead", from.value()));
    }
  }

  // Two messages over the same words would leave whichever comes last.
  void check_overlaps() const {
    struct Block {
      std::uint32_t tile, begin, end;
    };
    std::vector<Block> blocks;
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

  void add(TileIndex from, const std::vector<TileIndex>& to, std::uint32_t words, const Address& source,
           const Address& destination) {
    check_tile(from);
    check_receivers(from, to);
    if (words == 0) fail(fmt::format("a message of tile {} has no words", from.value()));
    if (source.symbol.empty() || destination.symbol.empty()) fail("source and destination need a symbol");
    check_address(source, words, "source");
    check_address(destination, words, "destination");
    use_symbol(traffic_.source_symbol[from.value()], source.symbol, from, "source");
    Transfer transfer{.from = from.value(),
                      .words = words,
                      .source_offset = static_cast<std::uint32_t>(source.offset),
                      .destination_offset = static_cast<std::uint32_t>(destination.offset),
                      .first_receiver = static_cast<std::uint32_t>(traffic_.receivers.size()),
                      .receiver_count = static_cast<std::uint32_t>(to.size())};
    for (const TileIndex tile : to) {
      receive(tile, words, destination.symbol);
      traffic_.receivers.push_back(tile.value());
    }
    traffic_.transfers.push_back(transfer);
  }

  const Phase& phase_;
  Traffic traffic_;
  std::vector<std::uint64_t> words_to_;  // by tile
};

}  // namespace

std::string to_string(Pattern pattern) {
  switch (pattern) {
    case Pattern::all_gather:
      return "all_gather";
    case Pattern::all_to_all:
      return "all_to_all";
    case Pattern::messages:
      return "messages";
  }
  return {};
}

Traffic expand(const Phase& phase, std::size_t tile_count) {
  Expander expander(phase, tile_count);
  std::visit(expander, phase.pattern);
  return expander.take();
}

}  // namespace ipusim::exchange_planner
