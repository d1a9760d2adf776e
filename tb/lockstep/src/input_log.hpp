// SPDX-License-Identifier: Apache-2.0
// What came into a tile from outside lately, so that the end of its run can be repeated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "ipusim/tile/tile_model.hpp"

namespace ipusim::lockstep {

// A word or an item of 64 bits, by the cycle in which it is written.
using Incoming = std::pair<Cycle, std::uint64_t>;

class InputLog {
 public:
  // Keeps the last `bytes` of inputs at least, and twice as many at most, beside what comes in between two
  // calls of shorten().
  explicit InputLog(std::size_t bytes) : piece_bytes_(bytes) {}

  // The tile was reset.
  void clear();
  // The tile is in a state that has nothing to do with the inputs so far.
  void restart(const tile::TileModel& tile);
  // If there are many inputs, forgets old ones and goes on from the state of the tile, which has had them
  // all.
  void shorten(const tile::TileModel& tile);

  // Something done to the tile, which was at `now`; with so many bytes of data.
  using Action = std::function<void(tile::TileModel&)>;
  void add(Cycle now, Action action, std::size_t bytes = 0);
  // A word, or an item of 64 bits.
  void incoming(Cycle at, std::uint64_t data);

  // The first cycle that can be repeated.
  Cycle first() const { return pieces_.front().from; }
  // Drives a freshly reset tile through the recorded run up to `end`, beginning at `begin` or before, as far
  // as the log reaches back. Throws StateError if the tile is none of the kind that was recorded.
  void replay(tile::TileModel& tile, Cycle begin, Cycle end) const;

 private:
  struct Event {
    Cycle now;
    Action action;
  };
  struct Piece {
    Cycle from{0};
    std::vector<std::byte> state;  // with which it begins; empty: that after a reset
    std::vector<Event> events;
    std::vector<Incoming> incoming;  // by rising cycle
    std::size_t bytes = 0;
  };
  void begin_piece(const tile::TileModel& tile);

  std::size_t piece_bytes_;
  std::deque<Piece> pieces_{1};  // never empty
};

// Delivers what is known beforehand; what the tile does is lost.
class ReplayPort : public tile::ExchangePort {
 public:
  explicit ReplayPort(const std::vector<Incoming>& incoming, Cycle known)
      : incoming_(incoming), known_(known) {}
  Cycle known_until() override { return known_; }
  Cycle next_activity(Cycle from) override;
  std::optional<std::uint32_t> incoming(Cycle at) override;
  std::optional<std::uint64_t> incoming_item(Cycle at) override;
  void send(Cycle, std::uint32_t, tile::Directions) override {}
  void send_item(Cycle, std::uint64_t, tile::Directions) override {}
  void select_source(Cycle, tile::MuxSource) override {}
  void select_pair(Cycle, tile::MuxSource) override {}
  void set_format(Cycle, tile::ReceiveFormat) override {}
  void pre_acknowledge(Cycle, std::uint32_t) override {}

 private:
  const std::vector<Incoming>& incoming_;
  Cycle known_;
  std::size_t next_ = 0;
};

}  // namespace ipusim::lockstep
