// Everything that came into a tile from outside, so that its run can be repeated.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "ipusim/tile/tile_model.hpp"

namespace ipusim::lockstep {

class InputLog {
 public:
  void clear();
  // Something done to the tile, which was at `now`.
  using Action = std::function<void(tile::TileModel&)>;
  void add(Cycle now, Action action) { events_.push_back({now, std::move(action)}); }
  void word(Cycle at, std::uint32_t word) { words_.emplace_back(at, word); }

  // Drives a freshly reset tile through the recorded run, up to `end`.
  void replay(tile::TileModel& tile, Cycle end) const;

 private:
  struct Event {
    Cycle now;
    Action action;
  };
  std::vector<Event> events_;
  std::vector<std::pair<Cycle, std::uint32_t>> words_;  // by rising cycle
};

// Delivers words that are known beforehand; what the tile does is lost.
class ReplayPort : public tile::ExchangePort {
 public:
  explicit ReplayPort(const std::vector<std::pair<Cycle, std::uint32_t>>& words, Cycle known)
      : words_(words), known_(known) {}
  Cycle known_until() override { return known_; }
  Cycle next_activity(Cycle from) override;
  std::optional<std::uint32_t> incoming(Cycle at) override;
  void send(Cycle, std::uint32_t, tile::Directions) override {}
  void select_source(Cycle, tile::MuxSource) override {}
  void pre_acknowledge(Cycle, std::uint32_t) override {}

 private:
  const std::vector<std::pair<Cycle, std::uint32_t>>& words_;
  Cycle known_;
  std::size_t next_ = 0;
};

}  // namespace ipusim::lockstep
