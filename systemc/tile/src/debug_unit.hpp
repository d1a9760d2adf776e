// SPDX-License-Identifier: Apache-2.0
// What the debug side and errors leave in a tile (docs/timing.md, 8): the request to stop, the row that
// cannot be read, the error fields of CTXT_STS, and the late stop of the current cycle.
#pragma once

#include <cstdint>
#include <optional>

#include "execution.hpp"

namespace ipusim::tile {

class DebugUnit {
 public:
  static constexpr std::uint32_t row_bytes = 8;

  // `stopping` is TileParameters::exchange_errors.
  explicit DebugUnit(std::uint8_t stopping) : stopping_(stopping) {}
  void reset() { *this = DebugUnit{stopping_}; }

  void request_break(const RemoteBreak& request, Cycle from) {
    break_ = request;
    break_from_ = from;
  }
  void set_bad_row(std::optional<std::uint32_t> address) {
    bad_row_ = address ? std::optional{*address / row_bytes} : std::nullopt;
  }
  // Whether a bundle may stop, or an access may err, at all.
  bool armed() const { return break_.contexts != 0 || bad_row_; }

  // `timed_exchange`: the bundle is a send or delay instruction of the supervisor.
  bool stops(Context who, Cycle at, bool timed_exchange) const {
    return holds(break_.contexts, who) && at >= break_from_ && (!timed_exchange || break_.in_exchange);
  }
  // `size` bytes of memory, a power of two, at a multiple of it.
  bool unreadable(std::uint32_t address, std::uint32_t size) const {
    return bad_row_ && address / row_bytes <= *bad_row_ && *bad_row_ <= (address + size - 1) / row_bytes;
  }

  // ---- Errors of the current cycle
  void note_hazard(HazardKind kind, std::optional<std::uint32_t> address);
  void note_unreadable_item(std::uint32_t address);
  void note_memory_error() { memory_error_ = true; }
  // The cycle is over: its exchange error goes to the status. What the tile has to stop for, if anything.
  std::optional<Fault> settle();

  // ---- ERERR [29:27], EERR [30], MERR [31] of CTXT_STS
  std::uint32_t status() const;
  void clear_status() {
    memory_error_ = false;
    exchange_error_ = 0;
  }

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    // How it was made is no state.
    auto& [stopping, request, from, bad_row, cycle_error, late, memory_error, exchange_error] = self;
    archive(request, from, bad_row, cycle_error, late, memory_error, exchange_error);
  }

 private:
  std::uint8_t stopping_;
  RemoteBreak break_;
  Cycle break_from_{0};
  std::optional<std::uint32_t> bad_row_;  // by number

  unsigned cycle_error_ = 0;  // the lowest code of this cycle; 0: none
  std::optional<Fault> late_;
  bool memory_error_ = false;
  unsigned exchange_error_ = 0;
};

}  // namespace ipusim::tile
