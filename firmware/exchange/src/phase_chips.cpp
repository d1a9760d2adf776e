// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/phase_chips.hpp"

#include <fmt/format.h>

namespace ipusim::exchange_planner {
namespace {

class TilesHeard final : public MessageSink {
 public:
  void message(TileIndex from, std::span<const TileIndex> to, std::uint32_t, const Location&,
               const Location&) override {
    mark(from);
    for (const TileIndex tile : to) mark(tile);
  }
  std::vector<TileIndex> take() const {
    std::vector<TileIndex> tiles;
    for (std::uint32_t i = 0; i < heard_.size(); ++i) {
      if (heard_[i]) tiles.emplace_back(i);
    }
    return tiles;
  }

 private:
  void mark(TileIndex tile) {
    if (tile.value() >= heard_.size()) heard_.resize(tile.value() + 1, false);
    heard_[tile.value()] = true;
  }
  std::vector<bool> heard_;  // by tile index
};

// A pattern whose tiles are counted from another one on.
struct Shifted {
  Pattern pattern;
  std::uint32_t first;
  std::string_view name() const { return pattern.name(); }
  std::string problem() const { return pattern.problem(); }
  void expand(MessageSink& sink) const {
    class Shift final : public MessageSink {
     public:
      Shift(MessageSink& sink, std::uint32_t first) : sink_(sink), first_(first) {}
      void message(TileIndex from, std::span<const TileIndex> to, std::uint32_t words, const Location& source,
                   const Location& destination) override {
        to_.clear();
        for (const TileIndex tile : to) to_.emplace_back(tile.value() - first_);
        sink_.message(TileIndex{from.value() - first_}, to_, words, source, destination);
      }

     private:
      MessageSink& sink_;
      std::uint32_t first_;
      std::vector<TileIndex> to_;
    } shift(sink, first);
    pattern.expand(shift);
  }
  friend bool operator==(const Shifted&, const Shifted&) = default;
};

}  // namespace

std::vector<TileIndex> tiles_of(const Phase& phase) {
  TilesHeard heard;
  phase.pattern.expand(heard);
  return heard.take();
}

ChipIndex chip_of(const Phase& phase, const config::TileNames& names) {
  if (names.chips() == 1) return ChipIndex{0};
  const auto tiles = tiles_of(phase);
  if (tiles.empty()) throw phase.where.error(fmt::format("phase '{}' names no tiles", phase.name));
  const ChipIndex first = names.ref(tiles.front()).chip;
  const ChipIndex last = names.ref(tiles.back()).chip;
  if (first != last) {
    throw phase.where.error(fmt::format(
        "phase '{}' has tiles of {} and of {}: exchange across chips is not modelled yet; make it "
        "a phase for each chip",
        phase.name, names.chip(first).name, names.chip(last).name));
  }
  return first;
}

Phase within_chip(Phase phase, const config::TileNames& names) {
  if (names.chips() == 1) return phase;
  const std::uint32_t first = names.first_of(chip_of(phase, names)).value();
  if (first != 0) phase.pattern = Shifted{phase.pattern, first};
  return phase;
}

}  // namespace ipusim::exchange_planner
