// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/buffer_use.hpp"

#include <map>
#include <tuple>

namespace ipusim::exchange_planner {
namespace {

constexpr std::uint64_t bytes_of(std::uint64_t words) { return 4 * words; }

class Uses {
 public:
  void operator()(const AllGather& gather) {
    for (std::size_t k = 0; k < gather.tiles.size(); ++k) {
      add(gather.tiles[k], Side::source, gather.source, bytes_of(gather.words), gather.where.source);
      add(gather.tiles[k], Side::destination, gather.destination,
          bytes_of(gather.words) * blocks_of_others(k, gather.tiles.size()), gather.where.destination);
    }
  }

  void operator()(const AllToAll& exchange) {
    for (std::size_t k = 0; k < exchange.tiles.size(); ++k) {
      const std::uint64_t bytes = bytes_of(exchange.words) * blocks_of_others(k, exchange.tiles.size());
      add(exchange.tiles[k], Side::source, exchange.source, bytes, exchange.where.source);
      add(exchange.tiles[k], Side::destination, exchange.destination, bytes, exchange.where.destination);
    }
  }

  void operator()(const Messages& list) {
    for (const Message& m : list.messages) {
      add(m.from, Side::source, m.source, m.source_offset + bytes_of(m.words), m.where.source);
      for (const TileIndex to : m.to) {
        add(to, Side::destination, m.destination, m.destination_offset + bytes_of(m.words),
            m.where.destination);
      }
    }
  }

  std::vector<BufferUse> take() {
    std::vector<BufferUse> result;
    for (auto& [key, use] : uses_) result.push_back(std::move(use));
    return result;
  }

 private:
  // How many blocks there are up to the last that is not the k-th of `count`.
  static std::uint64_t blocks_of_others(std::size_t k, std::size_t count) {
    return k + 1 == count ? count - 1 : count;
  }

  void add(TileIndex tile, Side side, const std::string& symbol, std::uint64_t bytes,
           const config::SourcePlace& where) {
    BufferUse& use = uses_[{tile.value(), side, symbol}];
    if (bytes > use.bytes) use = {tile, side, symbol, bytes, where};
  }

  std::map<std::tuple<std::uint32_t, Side, std::string>, BufferUse> uses_;
};

}  // namespace

std::vector<BufferUse> buffer_uses(const Phase& phase) {
  Uses uses;
  std::visit(uses, phase.pattern);
  return uses.take();
}

}  // namespace ipusim::exchange_planner
