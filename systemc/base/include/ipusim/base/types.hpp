// SPDX-License-Identifier: Apache-2.0
// Strong types for the quantities every floor of the model talks about, so that a cycle is never taken
// for an address or a logical tile index for a physical tile id.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>

namespace ipusim {

// A value of type Rep that only mixes with values of the same Tag.
template <class Tag, class Rep>
class Strong {
 public:
  using rep = Rep;
  constexpr Strong() = default;
  constexpr explicit Strong(Rep value) : value_(value) {}
  constexpr Rep value() const { return value_; }
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

 private:
  Rep value_{};
};

// A point on, or a distance along, the tile clock. Unit: one tile clock cycle.
class Cycle : public Strong<struct CycleTag, std::uint64_t> {
 public:
  using Strong::Strong;
  static constexpr Cycle never() { return Cycle{std::numeric_limits<std::uint64_t>::max()}; }
  constexpr Cycle& operator+=(std::uint64_t n) { return *this = Cycle{value() + n}; }
  friend constexpr Cycle operator+(Cycle a, std::uint64_t n) { return Cycle{a.value() + n}; }
  friend constexpr Cycle operator-(Cycle a, std::uint64_t n) { return Cycle{a.value() - n}; }
  friend constexpr std::uint64_t operator-(Cycle a, Cycle b) { return a.value() - b.value(); }
};

// A byte address in one tile's 21-bit address space.
class ByteAddr : public Strong<struct ByteAddrTag, std::uint32_t> {
 public:
  using Strong::Strong;
  friend constexpr ByteAddr operator+(ByteAddr a, std::uint32_t n) { return ByteAddr{a.value() + n}; }
  friend constexpr std::uint32_t operator-(ByteAddr a, ByteAddr b) { return a.value() - b.value(); }
};

// A physical place on the chip: row*64 + column*4 + lane. What TILE_ID, mux values and packets carry.
class TileId : public Strong<struct TileIdTag, std::uint16_t> {
 public:
  using Strong::Strong;
  constexpr unsigned row() const { return value() >> 6U; }
  constexpr unsigned column() const { return (value() >> 2U) & 15U; }
  constexpr unsigned lane() const { return value() & 3U; }
};

// A tile's position in the description of its chip or, where a whole system is at hand, in that of the
// system: there the tiles of the first chip come first (config::TileNames).
using TileIndex = Strong<struct TileIndexTag, std::uint32_t>;

// A chip's position in the system description.
using ChipIndex = Strong<struct ChipIndexTag, std::uint32_t>;

// One of the seven contexts of a tile: the supervisor or worker 0..5.
class Context {
 public:
  static constexpr unsigned workers = 6;
  static constexpr unsigned count = workers + 1;
  constexpr Context() = default;
  static constexpr Context supervisor() { return Context{}; }
  static constexpr Context worker(unsigned n) { return Context{n + 1}; }
  constexpr bool is_supervisor() const { return index_ == 0; }
  constexpr bool is_worker() const { return index_ != 0; }
  // Only for workers: 0..5.
  constexpr unsigned worker_number() const { return index_ - 1; }
  // 0 = supervisor, 1..6 = workers: the numbering of CTXT_STS and of the debug interface.
  constexpr unsigned index() const { return index_; }
  static constexpr Context from_index(unsigned index) { return Context{index}; }
  std::string name() const {
    return is_supervisor() ? std::string{"supervisor"} : "worker " + std::to_string(worker_number());
  }
  friend constexpr auto operator<=>(const Context&, const Context&) = default;

 private:
  constexpr explicit Context(unsigned index) : index_(index) {}
  unsigned index_ = 0;
};

}  // namespace ipusim
