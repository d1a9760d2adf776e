// SPDX-License-Identifier: Apache-2.0
// What a tile sees of the chip around it. The tile models know these interfaces only; the exchange fabric
// implements them, and so do test benches.
#pragma once

#include <cstdint>
#include <optional>

#include "ipusim/base/types.hpp"

namespace ipusim::tile {

// The source field of INCOMING_MUX and INCOMING_MUXPAIR: 0..1471 a physical tile, 0x600.. an exchange block,
// 0x640 none.
using MuxSource = Strong<struct MuxSourceTag, std::uint16_t>;

// The two low bits of a send's control operand: which exchange directions the word is driven on.
// Bit 0 east, bit 1 west, both for multicast, none for a stream that drives no bus.
using Directions = Strong<struct DirectionsTag, std::uint8_t>;

// INCOMING_FORMAT: what a tile takes from the exchange. Items are 64 bits that the tile and its partner take
// together, and of which each writes all (docs/exchange.md, "Pairs").
enum class ReceiveFormat : std::uint8_t { words = 0, items_from_east = 1, items_from_west = 2 };
constexpr bool is_format(std::uint32_t value) {
  return value <= static_cast<std::uint32_t>(ReceiveFormat::items_from_west);
}
constexpr ReceiveFormat last_enumerator(ReceiveFormat) { return ReceiveFormat::items_from_west; }

// The exchange side of a tile. All cycles are tile clock cycles on the common chip time line.
//
// Event cycles: a timed instruction with count field n that issues at cycle t covers events at cycles
// t .. t+n. Item i of a send leaves at t+i; the control of delaypic/delayxpic acts at t+n, the control of
// sendpic/sendpicp at t.
class ExchangePort {
 public:
  virtual ~ExchangePort() = default;

  // incoming(t) may be asked for every t < known_until(). A model that reaches known_until() returns
  // StopReason::exchange_wait from advance() and is called again when the rest of the chip has caught up.
  // An answer holds until the tile's next select_source(), select_pair(), set_format() or pre_acknowledge();
  // ask again then.
  virtual Cycle known_until() = 0;

  // The first cycle >= from at which incoming() or incoming_item() may hold something or is not known yet, as
  // long as the tile selects nothing else; Cycle::never() if there is none. Lets a model skip quiet time.
  virtual Cycle next_activity(Cycle from) = 0;

  // The word that is written to memory through the receive pointer at cycle `at`, if the selected bus
  // carried one: the whole path (wires and the tile's mux-delay pipe) is already in it.
  // Called at most once per cycle, with rising cycles, and only for cycles of format `words`.
  virtual std::optional<std::uint32_t> incoming(Cycle at) = 0;
  // The same for cycles of the other formats: the item that the tile and its partner write. The first word in
  // memory is the low half.
  virtual std::optional<std::uint64_t> incoming_item(Cycle at) = 0;

  // One word leaves the tile at cycle `at`. Rising cycles, at most one per cycle.
  virtual void send(Cycle at, std::uint32_t word, Directions directions) = 0;

  // One 64-bit item leaves at cycle `at`: its low half on the tile's own bus, its high half on the partner's.
  // Rising cycles, in one line with those of send().
  virtual void send_item(Cycle at, std::uint64_t item, Directions directions) = 0;

  // The incoming mux shows `source` from cycle `at` on.
  virtual void select_source(Cycle at, MuxSource source) = 0;
  // The tile writes `source` to INCOMING_MUXPAIR at cycle `at`, for itself and its partner.
  virtual void select_pair(Cycle at, MuxSource source) = 0;
  // What is written to memory from cycle `from` on is of this format.
  virtual void set_format(Cycle from, ReceiveFormat format) = 0;

  // `count` = n+1 future syncs are acknowledged in advance (sans n).
  virtual void pre_acknowledge(Cycle at, std::uint32_t count) = 0;
};

}  // namespace ipusim::tile
