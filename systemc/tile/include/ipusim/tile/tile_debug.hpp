// SPDX-License-Identifier: Apache-2.0
// What a debugger outside the tile may do to it: the tile's side of the debug window (docs/debug.md). The
// chip maps the registers of the window (DBG_RBRK, DBG_IEXEC, DBG_ECLR, ...) to it, and test benches use it
// directly.
//
// Sources: names, numbers and fields of the registers, that an excepted or inactive context executes injected
// words, and that clearing an exception resumes at the saved PC are public; cycles and corner cases are
// chosen (docs/timing.md, 8).
#pragma once

#include <cstdint>
#include <optional>

#include "ipusim/base/types.hpp"

namespace ipusim::tile {

// Contexts by number: bit 0 the supervisor, bit n + 1 worker n.
using ContextMask = std::uint8_t;
constexpr ContextMask mask_of(Context context) { return static_cast<ContextMask>(1U << context.index()); }
constexpr bool holds(ContextMask contexts, Context context) { return (contexts & mask_of(context)) != 0; }

// DBG_RBRK: contexts that shall stop.
struct RemoteBreak {
  ContextMask contexts = 0;
  bool in_exchange = false;  // ATOV: also where the supervisor would issue a send or delay instruction
  friend bool operator==(const RemoteBreak&, const RemoteBreak&) = default;
};

enum class Injection : std::uint8_t {
  done,
  not_quiescent,  // the context is active: nothing was executed
  refused,        // the word is nothing that can be injected: nothing was executed
  faulted         // the instruction would except: nothing of it was done
};

// A tile goes on no earlier than this long after the exception that stopped it (the RTL's pipeline must have
// drained, and every short wait of the contexts be over).
inline constexpr std::uint64_t min_resume_delay = 40;

class TileDebug {
 public:
  virtual ~TileDebug() = default;

  // From cycle max(at, now()) on, a context of `request` stops with type rbrk, cause remote_break, in the
  // cycle in which it would issue its next bundle. Replaces the last request; one of no contexts ends it.
  virtual void set_remote_break(const RemoteBreak& request, Cycle at) = 0;

  // The 8 bytes of tile memory at the multiple of 8 at or below `row` cannot be read from now on; nullopt:
  // all can. Reading them from here (read_memory()) gives what they hold. Throws std::out_of_range outside
  // tile memory.
  virtual void set_memory_error(std::optional<ByteAddr> row) = 0;

  // Writes DBG_DATA or DBG_ECSR (CSR number), as a `put` of the cycle before now() would. Throws
  // std::invalid_argument for any other.
  virtual void write_debug_csr(unsigned csr, std::uint32_t value) = 0;

  // Executes one instruction word in a context that is inactive or excepted; no time passes.
  virtual Injection inject(Context context, std::uint32_t word) = 0;

  // Clears the exception of these contexts (ETYPE, ERPT or PERR) and, for the supervisor's bit, ERERR, EERR
  // and MERR. If the tile had stopped with an exception of one of them it goes on: now() is `at`, and every
  // context that was active issues again in its first turn from there on, at its PC. Returns whether it does.
  // Throws std::logic_error if it would go on but `at` is before the exception's cycle + min_resume_delay, or
  // the exception came inside the events of an exchange instruction (last_exchange_end()), whose words are
  // lost.
  virtual bool clear_exceptions(ContextMask contexts, Cycle at) = 0;
};

}  // namespace ipusim::tile
