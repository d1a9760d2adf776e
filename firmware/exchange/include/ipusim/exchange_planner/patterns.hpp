// SPDX-License-Identifier: Apache-2.0
// The patterns that phases have (docs/program.md, `exchange:`), as plain data. Words count 4 bytes, offsets
// are bytes and multiples of 4. A tile never sends to itself: what a pattern would leave in place is not
// sent.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ipusim/exchange_planner/pattern.hpp"

namespace ipusim::exchange_planner {

// Where a file names a source and a destination; may be empty.
struct SymbolPlaces {
  config::SourcePlace source{};
  config::SourcePlace destination{};
  friend bool operator==(const SymbolPlaces&, const SymbolPlaces&) = default;
};

// Tiles that exchange among themselves, apart from those of other groups. A tile is in one group at most.
struct Groups {
  Groups() = default;
  Groups(std::vector<TileIndex> one) : members{std::move(one)} {}  // NOLINT: one group is groups
  explicit Groups(std::vector<std::vector<TileIndex>> many) : members(std::move(many)) {}
  // Empty, or what is wrong.
  std::string problem() const;
  friend bool operator==(const Groups&, const Groups&) = default;
  std::vector<std::vector<TileIndex>> members;
};

// Lines, planes, ... of a grid of tiles that is laid out in C order (the last axis runs fastest): tiles are
// in one group if they differ only in their coordinates on the axes `along`. Throws std::invalid_argument if
// the grid has another number of tiles or no such axis.
Groups groups_of_grid(const std::vector<TileIndex>& tiles, const std::vector<std::uint32_t>& extents,
                      const std::vector<std::uint32_t>& along);

// The k-th of a group sends its `words` words at `source` to all others of it, which find them at
// `destination` + 4 * words * k.
struct AllGather {
  Groups groups;
  std::uint32_t words = 0;
  std::string source;
  std::string destination;
  SymbolPlaces where{};
  static constexpr std::string_view name() { return "all_gather"; }
  std::string problem() const { return groups.problem(); }
  void expand(MessageSink& sink) const;
  friend bool operator==(const AllGather&, const AllGather&) = default;
};

// The k-th of a group sends block j of `words` words at `source` to the j-th, which finds it at block k of
// `destination`.
struct AllToAll {
  Groups groups;
  std::uint32_t words = 0;
  std::string source;
  std::string destination;
  SymbolPlaces where{};
  static constexpr std::string_view name() { return "all_to_all"; }
  std::string problem() const { return groups.problem(); }
  void expand(MessageSink& sink) const;
  friend bool operator==(const AllToAll&, const AllToAll&) = default;
};

// What one tile of each group, the `root`-th, has to do with the others.
struct Rooted {
  Groups groups;
  std::uint32_t root = 0;
  std::uint32_t words = 0;
  std::string source;
  std::string destination;
  SymbolPlaces where{};
  std::string problem() const;
  friend bool operator==(const Rooted&, const Rooted&) = default;
};
// `words` words at the root's `source` go to `destination` of all others.
struct Broadcast : Rooted {
  static constexpr std::string_view name() { return "broadcast"; }
  void expand(MessageSink& sink) const;
  friend bool operator==(const Broadcast&, const Broadcast&) = default;
};
// The k-th sends `words` words at `source` to the root, which finds them at `destination` + 4 * words * k.
struct Gather : Rooted {
  static constexpr std::string_view name() { return "gather"; }
  void expand(MessageSink& sink) const;
  friend bool operator==(const Gather&, const Gather&) = default;
};
// The root sends block k of `words` words at `source` to `destination` of the k-th.
struct Scatter : Rooted {
  static constexpr std::string_view name() { return "scatter"; }
  void expand(MessageSink& sink) const;
  friend bool operator==(const Scatter&, const Scatter&) = default;
};

// The tiles are a grid of `rows` x `columns`, row after row, and then one of `columns` x `rows`: the block of
// row r and column c goes to the tile of row c and column r.
struct Transpose {
  std::vector<TileIndex> tiles;
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t words = 0;
  std::string source;
  std::string destination;
  SymbolPlaces where{};
  static constexpr std::string_view name() { return "transpose"; }
  std::string problem() const;
  void expand(MessageSink& sink) const;
  friend bool operator==(const Transpose&, const Transpose&) = default;
};

// What every tile of a grid sends to its neighbour at `to` (a step per axis; all 0 there is none): `count`
// pieces of `words` words, so many bytes apart.
struct Face {
  std::vector<std::int32_t> to;
  std::uint32_t words = 0;
  std::uint32_t source_offset = 0;
  std::uint32_t destination_offset = 0;
  std::uint32_t count = 1;
  std::uint32_t source_step = 0;       // bytes from piece to piece
  std::uint32_t destination_step = 0;  // the same
  friend bool operator==(const Face&, const Face&) = default;
};
// The tiles are a grid in C order. Beyond an open edge there is no neighbour, beyond a periodic one the tile
// of the other end.
struct Halo {
  std::vector<TileIndex> tiles;
  std::vector<std::uint32_t> extents;  // tiles per axis
  std::vector<bool> periodic;          // by axis
  std::vector<Face> faces;
  std::string source;
  std::string destination;
  SymbolPlaces where{};
  static constexpr std::string_view name() { return "halo"; }
  std::string problem() const;
  void expand(MessageSink& sink) const;
  friend bool operator==(const Halo&, const Halo&) = default;
};

// The k-th of `tiles` sends its `words` words at `source` to `destination` of the to[k]-th.
struct Permutation {
  std::vector<TileIndex> tiles;
  std::vector<std::uint32_t> to;
  std::uint32_t words = 0;
  std::string source;
  std::string destination;
  SymbolPlaces where{};
  static constexpr std::string_view name() { return "permutation"; }
  std::string problem() const;
  void expand(MessageSink& sink) const;
  friend bool operator==(const Permutation&, const Permutation&) = default;
};
// One cycle through all, so that nobody keeps its words (Sattolo's algorithm): to = 0, 1, ..., then for i
// from count - 1 down to 1 an exchange of to[i] and to[j], j = (draw * i) >> 32, a draw of std::mt19937 each.
std::vector<std::uint32_t> drawn_permutation(std::size_t count, std::uint32_t seed);

// The k-th of `senders` sends block j of its `source` to the j-th of `receivers`, which finds it at block k
// of its `destination`. Block (k, j) has words[k * receivers + j] words, or words[0] if that is all; blocks
// stand one behind the other, those that a tile would send to itself included.
struct ManyToMany {
  std::vector<TileIndex> senders;
  std::vector<TileIndex> receivers;
  std::vector<std::uint32_t> words;
  std::string source;
  std::string destination;
  SymbolPlaces where{};
  static constexpr std::string_view name() { return "many_to_many"; }
  std::string problem() const;
  void expand(MessageSink& sink) const;
  friend bool operator==(const ManyToMany&, const ManyToMany&) = default;
};

// `words` words at `source` + source_offset of `from` go to `destination` + destination_offset of every tile
// of `to`.
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
struct Messages {
  std::vector<Message> messages;
  static constexpr std::string_view name() { return "messages"; }
  static std::string problem() { return {}; }
  void expand(MessageSink& sink) const;
  friend bool operator==(const Messages&, const Messages&) = default;
};

// The same as lines of numbers. Lines that follow one another and differ in the receiver only are one message
// to all of them.
struct MessageTable {
  struct Line {
    TileIndex from;
    TileIndex to;
    std::uint32_t words = 0;
    std::uint32_t source_offset = 0;
    std::uint32_t destination_offset = 0;
    friend bool operator==(const Line&, const Line&) = default;
  };
  std::vector<Line> lines;
  std::string source;
  std::string destination;
  SymbolPlaces where{};
  static constexpr std::string_view name() { return Messages::name(); }
  static std::string problem() { return {}; }
  void expand(MessageSink& sink) const;
  friend bool operator==(const MessageTable&, const MessageTable&) = default;
};

// The messages of another pattern with other symbols.
struct Renamed {
  Pattern pattern;
  std::map<std::string, std::string> symbols{};  // these by those; others stay
  std::string source{};                          // of all messages, if not empty
  std::string destination{};                     // the same
  SymbolPlaces where{};                          // of the new symbols
  std::string_view name() const { return pattern.name(); }
  std::string problem() const { return pattern.problem(); }
  void expand(MessageSink& sink) const;
  friend bool operator==(const Renamed&, const Renamed&) = default;
};

}  // namespace ipusim::exchange_planner
