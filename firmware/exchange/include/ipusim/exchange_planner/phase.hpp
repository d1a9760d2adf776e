// SPDX-License-Identifier: Apache-2.0
// What a program asks of the exchange: phases of messages between tiles, named by tile index, with symbols
// for addresses (docs/program.md, `exchange:`). Plain data.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/config/source_place.hpp"

namespace ipusim::exchange_planner {

// A phase that cannot be planned. what() names the phase, the cause and the cure.
class PlanError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Where a file names a source and a destination; may be empty.
struct SymbolPlaces {
  config::SourcePlace source{};
  config::SourcePlace destination{};
  friend bool operator==(const SymbolPlaces&, const SymbolPlaces&) = default;
};

// `words` words at `source` + source_offset of `from` go to `destination` + destination_offset of every tile
// of `to`. Offsets in bytes, multiples of 4.
struct Message {
  TileIndex from;
  std::vector<TileIndex> to;
  std::uint32_t words = 0;
  std::string source;
  std::uint32_t source_offset = 0;
  std::string destination;
  std::uint32_t destination_offset = 0;
  SymbolPlaces where{};
  friend bool operator==(const Message&, const Message&) = default;
};

// The k-th of `tiles` sends its `words` words at `source` to all others of them, which find them at
// `destination` + 4 * words * k. Its own block is not sent.
struct AllGather {
  std::vector<TileIndex> tiles;  // ascending
  std::uint32_t words = 0;
  std::string source;
  std::string destination;
  SymbolPlaces where{};
  friend bool operator==(const AllGather&, const AllGather&) = default;
};

// The k-th of `tiles` sends block j of `words` words at `source` to the j-th, which finds it at block k of
// `destination`. Block k of the k-th tile is not sent.
struct AllToAll {
  std::vector<TileIndex> tiles;  // ascending
  std::uint32_t words = 0;
  std::string source;
  std::string destination;
  SymbolPlaces where{};
  friend bool operator==(const AllToAll&, const AllToAll&) = default;
};

struct Messages {
  std::vector<Message> messages;
  friend bool operator==(const Messages&, const Messages&) = default;
};

struct Phase {
  std::string name;             // an identifier: the phase's function is exchange_NAME
  config::SourcePlace where{};  // may be empty
  std::variant<AllGather, AllToAll, Messages> pattern;
  friend bool operator==(const Phase&, const Phase&) = default;
};

}  // namespace ipusim::exchange_planner
