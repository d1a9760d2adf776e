// What a program asks of the exchange: phases of messages between tiles, named by tile index, with symbols
// for addresses (docs/program.md, `exchange:`). Plain data.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "ipusim/base/types.hpp"

namespace ipusim::exchange_planner {

// A phase that cannot be planned. what() names the phase, the cause and the cure.
class PlanError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Where a file names a source and a destination: "program.yaml:12:5: key 'exchange[0].source'"; may be empty.
struct SymbolPlaces {
  std::string source{};
  std::string destination{};
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
};

// The k-th of `tiles` sends its `words` words at `source` to all others of them, which find them at
// `destination` + 4 * words * k. Its own block is not sent.
struct AllGather {
  std::vector<TileIndex> tiles;  // ascending
  std::uint32_t words = 0;
  std::string source;
  std::string destination;
  SymbolPlaces where{};
};

// The k-th of `tiles` sends block j of `words` words at `source` to the j-th, which finds it at block k of
// `destination`. Block k of the k-th tile is not sent.
struct AllToAll {
  std::vector<TileIndex> tiles;  // ascending
  std::uint32_t words = 0;
  std::string source;
  std::string destination;
  SymbolPlaces where{};
};

struct Messages {
  std::vector<Message> messages;
};

struct Phase {
  std::string name;   // an identifier: the phase's function is exchange_NAME
  std::string where;  // for messages, e.g. "program.yaml:12:5"; may be empty
  std::variant<AllGather, AllToAll, Messages> pattern;
};

}  // namespace ipusim::exchange_planner
