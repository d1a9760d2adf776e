// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/buffer_use.hpp"

#include <algorithm>
#include <array>

namespace ipusim::exchange_planner {
namespace {

class Uses final : public MessageSink {
 public:
  void message(TileIndex from, std::span<const TileIndex> to, std::uint32_t words, const Location& source,
               const Location& destination) override {
    add(from, Side::source, source, words);
    for (const TileIndex tile : to) add(tile, Side::destination, destination, words);
  }

  std::vector<BufferUse> take() {
    std::vector<BufferUse> result;
    for (auto& sides : uses_) {
      for (auto& uses : sides) result.insert(result.end(), uses.begin(), uses.end());
    }
    return result;
  }

 private:
  void add(TileIndex tile, Side side, const Location& location, std::uint32_t words) {
    if (location.symbol.empty()) return;
    if (tile.value() >= uses_.size()) uses_.resize(tile.value() + 1);
    auto& uses = uses_[tile.value()][static_cast<std::size_t>(side)];
    const std::uint64_t bytes = location.offset + 4 * std::uint64_t{words};
    const auto known = std::find_if(uses.begin(), uses.end(),
                                    [&](const BufferUse& use) { return use.symbol == location.symbol; });
    if (known == uses.end()) {
      uses.push_back({tile, side, location.symbol, bytes, location.where});
    } else if (bytes > known->bytes) {
      known->bytes = bytes;
      if (known->where != location.where) known->where = location.where;
    }
  }

  std::vector<std::array<std::vector<BufferUse>, 2>> uses_;  // by tile, side; few symbols each
};

}  // namespace

std::vector<BufferUse> buffer_uses(const Phase& phase) {
  Uses uses;
  phase.pattern.expand(uses);
  return uses.take();
}

}  // namespace ipusim::exchange_planner
