// SPDX-License-Identifier: Apache-2.0
// What a tile sees of the chip around it. The tile models know these interfaces only; the exchange fabric
// implements them, and so do test benches.
#pragma once

#include <cstdint>
#include <optional>

#include "ipusim/base/types.hpp"

namespace ipusim::tile {

// The source field of INCOMING_MUX: 0..1471 a physical tile, 0x600.. an exchange block, 0x640 none.
using MuxSource = Strong<struct MuxSourceTag, std::uint16_t>;

// The two low bits of a send's control operand: which exchange directions the word is driven on.
// Bit 0 east, bit 1 west, both for multicast, none for a stream that drives no bus.
using Directions = Strong<struct DirectionsTag, std::uint8_t>;

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
  // An answer holds until the tile's next select_source() or pre_acknowledge(); ask again then.
  virtual Cycle known_until() = 0;

  // The first cycle >= from at which incoming() may hold a word or is not known yet, as long as the tile
  // selects no other source; Cycle::never() if there is none. Lets a model skip quiet time.
  virtual Cycle next_activity(Cycle from) = 0;

  // The word that is written to memory through the receive pointer at cycle `at`, if the selected bus
  // carried one: the whole path (wires and the tile's mux-delay pipe) is already in it.
  // Called at most once per cycle, with rising cycles.
  virtual std::optional<std::uint32_t> incoming(Cycle at) = 0;

  // One word leaves the tile at cycle `at`. Rising cycles, at most one per cycle.
  virtual void send(Cycle at, std::uint32_t word, Directions directions) = 0;

  // The incoming mux shows `source` from cycle `at` on.
  virtual void select_source(Cycle at, MuxSource source) = 0;

  // `count` = n+1 future syncs are acknowledged in advance (sans n).
  virtual void pre_acknowledge(Cycle at, std::uint32_t count) = 0;
};

}  // namespace ipusim::tile
