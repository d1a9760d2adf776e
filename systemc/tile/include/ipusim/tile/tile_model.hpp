// SPDX-License-Identifier: Apache-2.0
// The one interface of a tile: the fast model, the Verilated RTL and the lockstep pair implement it, and
// everything above (chip, host, tests) uses nothing else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/isa/exceptions.hpp"
#include "ipusim/isa/hazards.hpp"
#include "ipusim/isa/isa.hpp"
#include "ipusim/tile/activity.hpp"
#include "ipusim/tile/ports.hpp"
#include "ipusim/tile/tile_debug.hpp"

namespace ipusim {
class StateWriter;
class StateReader;
}  // namespace ipusim

namespace ipusim::tile {

// Why advance() returned.
enum class StopReason : std::uint8_t {
  limit,          // the cycle limit was reached
  idle,           // the supervisor was never started, and no worker runs
  sync,           // the supervisor issued a sync that the chip must release (`zone` says which)
  exchange_wait,  // the next cycle needs incoming words that are not known yet
  receive_wait,   // `sync 0`: waits for words that no known cycle brings (words_missing > 0)
  exception,      // a context excepted; `exception` says all about it. The tile runs no further
  mismatch        // lockstep only: the two models differ; `message` shows both sides
};

// What happened, by number and name (isa/exceptions.yaml, isa/hazards.yaml).
using isa::ExceptionCause;
using isa::ExceptionType;
using isa::HazardKind;

struct ExceptionReport {
  ExceptionType type = ExceptionType::none;
  ExceptionCause cause = ExceptionCause::none;
  Context context;
  ByteAddr pc;  // of the bundle that faulted
  Cycle cycle;  // in which it issued
  std::array<std::uint32_t, 2>
      words{};  // instruction words at pc (second: bundle or sendpicp), 0 if unreadable
  std::optional<ByteAddr> data_address;  // of the faulting access, where there is one
  friend bool operator==(const ExceptionReport&, const ExceptionReport&) = default;
};

struct Hazard {
  HazardKind kind{};
  Cycle cycle;
  ByteAddr address;        // of the incoming write, where there is one
  std::uint32_t word = 0;  // the word concerned; for receive_incomplete the number of missing words
  friend bool operator==(const Hazard&, const Hazard&) = default;
};

struct StopReport {
  StopReason reason = StopReason::limit;
  Cycle cycle;                      // see advance()
  unsigned sync_zone = 0;           // operand of the sync instruction, 0..15
  std::uint32_t words_missing = 0;  // receive_wait, and exchange_wait if only `sync 0` holds the tile
  ExceptionReport exception;
  std::string message;
};

struct RegisterWrite {
  enum class File : std::uint8_t { m, a, csr, accumulator } file{};
  std::uint16_t index = 0;  // CSR: upper-space numbers are index + 0x100
  std::uint32_t value = 0;
  friend bool operator==(const RegisterWrite&, const RegisterWrite&) = default;
};

struct MemoryWrite {
  ByteAddr address;
  std::uint8_t bytes = 0;  // 4 or 8
  std::uint64_t data = 0;
  friend bool operator==(const MemoryWrite&, const MemoryWrite&) = default;
};

// One retired bundle, as the lockstep checker and traces see it. Register writes are listed main lane
// first, then aux lane, ascending index; writes to $m12..$m15 and $a8..$a15 (dropped) are left out. CSR
// writes listed: the target of put/uput if its stored value can change, TAS when an operation uses it as
// scratch, FP_STS when an aux operation raises flags. Accumulators listed: those whose value changed.
struct RetireRecord {
  Cycle cycle;  // in which it issued
  Context context;
  ByteAddr pc;
  std::array<std::uint32_t, 2> words{};
  std::vector<RegisterWrite> registers;
  std::vector<MemoryWrite> memory;
  friend bool operator==(const RetireRecord&, const RetireRecord&) = default;
};

// Receives what a tile did, in order of cycle.
class TileObserver {
 public:
  virtual ~TileObserver() = default;
  // Whether on_retire() is wanted: making the records costs time. Asked once, at attach().
  virtual bool wants_retire() const { return true; }
  virtual void on_retire(const RetireRecord& record) = 0;
  // An incoming word was written.
  virtual void on_receive(Cycle at, const MemoryWrite& write) = 0;
  virtual void on_hazard(const Hazard& hazard) = 0;
};

// What tells one tile from another at construction.
struct TileParameters {
  TileId id;  // physical place, the value of TILE_ID
  isa::Arch arch = isa::Arch::ipu2;
  // Hazards that stop the tile with an exchange error: bit n for HazardKind n (docs/timing.md, 8).
  std::uint8_t exchange_errors = 0;
};

// A sync takes at least this long from issue to release, on any chip (the RTL's pipeline must have drained);
// real syncs take over a hundred cycles.
inline constexpr std::uint64_t min_release_delay = 8;

// A tile without SystemC. Time is the chip's common cycle line; the model never runs past what it may know.
class TileModel {
 public:
  virtual ~TileModel() = default;

  // Register state as after power-up, memory zero, now() = 0, not started.
  virtual void reset() = 0;

  virtual void attach(ExchangePort* exchange) = 0;
  virtual void attach(TileObserver* observer) = 0;  // may be null; retire records: only if wants_retire()

  // Counts in `activity` what the tile does from here on, through loads and resets, until the next call;
  // nullptr: nothing. Must outlive that. Changes nothing else. False: this model does not count by itself,
  // and its retire records have to be counted.
  virtual bool measure(Activity* activity) { return activity == nullptr; }

  // Debug access to memory, no time passes. Throws std::out_of_range outside tile memory.
  virtual void read_memory(ByteAddr address, std::span<std::byte> to) const = 0;
  virtual void write_memory(ByteAddr address, std::span<const std::byte> from) = 0;

  // The supervisor shall issue its first instruction, at pc, in the first cycle >= at. Once after a reset:
  // throws std::logic_error if it was called before.
  virtual void start(ByteAddr pc, Cycle at) = 0;

  // The sync reported by the last advance() is over: the supervisor issues its next instruction in the
  // first cycle >= at that has a free slot. at must be >= the sync's issue cycle + min_release_delay. Throws
  // std::logic_error if there is no such sync, or it was released before.
  virtual void release_sync(Cycle at) = 0;

  // Runs until a reason to stop, at most up to (not including) cycle `limit`.
  // StopReport::cycle: for `sync` and `exception` the cycle in which the instruction issued, otherwise
  // now(). Called again after `sync` without release_sync(), workers go on while the supervisor waits;
  // the report is then `limit`.
  virtual StopReport advance(Cycle limit) = 0;

  // The first cycle not yet simulated.
  virtual Cycle now() const = 0;

  // The first cycle after the events of the last exchange-class instruction (delay*, send*) that issued
  // before now(); 0 if none did. For accounting only.
  virtual Cycle last_exchange_end() const = 0;

  // State of a stopped tile, for debugging and final comparison. Unavailable registers read 0.
  virtual std::uint32_t read_register(Context context, RegisterWrite::File file, unsigned index) const = 0;
  virtual ByteAddr pc(Context context) const = 0;
  // CTXT_STS code: 0 inactive, 1 active, 2 excepted debug, 3 excepted otherwise.
  virtual unsigned context_status(Context context) const = 0;

  // All that the tile is, between any two calls of advance(): registers, memory, streams and writes on their
  // way, waits, breaks, errors, time. What is attached to it is no part of it. Two tiles of a kind that are
  // in the same state save the same bytes.
  virtual void save(StateWriter& to) const = 0;
  // The tile, made with the same parameters, goes on as the saved one would: every result, cycle and report
  // is the same. Throws StateError if the state is of another kind of tile, another design of it or other
  // parameters, or damaged; the tile then needs a reset() or another load().
  virtual void load(StateReader& from) = 0;

  // What a debugger outside may do to the tile.
  virtual TileDebug& debug() = 0;

  // "fast", "rtl" or "lockstep".
  virtual std::string kind() const = 0;
};

}  // namespace ipusim::tile
