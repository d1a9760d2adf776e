// SPDX-License-Identifier: Apache-2.0
// The wires between a few tiles: every tile sees every other, later by a time of their places' own. Not the
// chip's exchange (systemc/chip): what matters here is that words come and go.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "ipusim/random/scenario.hpp"
#include "ipusim/tile/ports.hpp"

namespace ipusim::random {

class Mesh {
 public:
  explicit Mesh(const Scenario& scenario);
  ~Mesh();

  enum class State : std::uint8_t { running, waiting /* in a sync of the chip */, ended };
  tile::ExchangePort& port(std::size_t tile);
  State state(std::size_t tile) const { return tiles_[tile].state; }
  void set_now(std::size_t tile, Cycle now) { tiles_[tile].now = now; }
  void set_waiting(std::size_t tile, Cycle arrival) {
    tiles_[tile].state = State::waiting;
    tiles_[tile].arrival = arrival;
  }
  void set_running(std::size_t tile) { tiles_[tile].state = State::running; }
  void set_ended(std::size_t tile) { tiles_[tile].state = State::ended; }
  // Of the tiles that wait; none: no tile does.
  std::optional<Cycle> last_arrival() const;

 private:
  class Port;
  struct Sent {
    Cycle at;
    std::uint64_t data;
    bool is_item;
  };
  struct Selected {
    Cycle from;
    unsigned source;
  };
  struct Formatted {
    Cycle from;
    tile::ReceiveFormat format;
  };
  struct Tile {
    TileId place;
    const std::map<Cycle, std::uint32_t>* incoming = nullptr;
    State state = State::running;
    Cycle now{0};
    Cycle arrival{0};
    std::vector<Sent> sent;          // on a bus, by rising cycle
    std::vector<Selected> selected;  // by rising cycle
    std::vector<Selected> selected_pairs;
    std::vector<Formatted> formats;
    std::unique_ptr<Port> port;
  };
  std::uint64_t latency(const Tile& from, const Tile& to) const;
  // The first cycle in which the tile may still send.
  Cycle next_send(std::size_t tile) const;
  Cycle known_until(std::size_t tile) const;
  // What is written at `at`: a word, or an item of 64 bits.
  std::optional<std::uint64_t> arrival(std::size_t tile, Cycle at) const;
  std::optional<std::uint64_t> word(const Tile& receiver, Cycle at) const;
  std::optional<std::uint64_t> item(const Tile& receiver, Cycle at) const;
  bool selects_items(const Tile& pair, const Tile& other, const Tile& sender, Cycle left) const;
  const Tile* at_place(unsigned place) const;

  std::vector<Tile> tiles_;
};

}  // namespace ipusim::random
