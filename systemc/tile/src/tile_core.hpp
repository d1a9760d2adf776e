// SPDX-License-Identifier: Apache-2.0
// The state of a tile that instructions act on beyond their own context: CSRs, the other contexts, the
// supervisor's waits, the exchange.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "breakpoints.hpp"
#include "debug_unit.hpp"
#include "exchange_unit.hpp"
#include "execution.hpp"
#include "ipusim/isa/csr.hpp"
#include "memory.hpp"

namespace ipusim::tile {

// What the supervisor stands still for, beyond a fixed number of cycles.
enum class SupervisorWait : std::uint8_t { none, not_started, workers, words, chip };
constexpr SupervisorWait last_enumerator(SupervisorWait) { return SupervisorWait::chip; }

struct SupervisorState {
  SupervisorWait wait = SupervisorWait::not_started;
  Cycle ready{0};                        // earliest next issue while wait == none
  bool for_operands = false;             // `ready` counts what the bundle at hand waits for
  Cycle wait_since{0};                   // issue cycle of the sync
  std::array<Cycle, 16> result_ready{};  // per MRF register

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [wait, ready, for_operands, wait_since, result_ready] = self;
    archive(wait, ready, for_operands, wait_since, result_ready);
  }
};

class TileCore {
 public:
  TileCore(const TileParameters& parameters, const isa::ArchInfo& arch);
  void reset();

  ContextState& context(Context c) { return contexts_[c.index()]; }
  const ContextState& context(Context c) const { return contexts_[c.index()]; }
  ContextState& worker(unsigned n) { return contexts_[n + 1]; }
  bool any_worker_active() const { return active_workers_ != 0; }
  unsigned active_workers() const { return active_workers_; }

  std::uint32_t worker_csr(const ContextState& c, unsigned upper_index) const {
    return c.upper[upper_index - isa::upper_csr_base];
  }
  std::uint32_t supervisor_csr(unsigned index) const { return supervisor_csrs_[index]; }
  void set_supervisor_csr(unsigned index, std::uint32_t value) { supervisor_csrs_[index] = value; }
  // Current value of a CSR that exists, is modelled and readable.
  std::uint32_t read_csr(const isa::Csr& csr, Context who, Cycle at) const;

  // SSR without ETYPE, whose bits come from the supervisor's exception.
  std::uint32_t ssr() const;
  std::uint32_t wsr(Context worker) const;
  // CTXT_STS code: 0 inactive, 1 active, 2 excepted debug, 3 excepted otherwise.
  static constexpr unsigned status_active = 1;
  unsigned status(Context c) const;
  std::uint32_t debug_data = 0;  // DBG_DATA, one word for all contexts
  bool local_condition = false;  // SSR.LC
  bool runall_error = false;     // SSR.RAERR

  void launch(unsigned worker, std::uint32_t pc, std::uint32_t vertex_base, Cycle at);
  void exit(Context worker, bool status, Cycle at);
  // The lowest worker that `run` can take at `at`, if any.
  std::optional<unsigned> free_worker(Cycle at) const;
  // Whether the slot of an inactive worker is free again at `at`.
  bool slot_has_returned(unsigned worker, Cycle at) const { return at >= slot_returns_[worker]; }

  Breakpoints breakpoints;
  DebugUnit debug;
  // Whether a bundle may stop, or an access may err, for more than its own faults.
  bool watched() const { return breakpoints.armed() || debug.armed(); }
  SupervisorState supervisor;
  // The coefficient store: column k of unit n is cwei[4 * n + k], four f16 or two f32.
  std::array<std::uint64_t, 64> cwei{};
  CoefficientRows coefficient_rows;
  Memory memory;
  ExchangeUnit exchange;
  Cycle last_exchange_end{0};

  // Set by `sync` and `sans` for the tile's loop.
  std::optional<unsigned> arrived_at_zone;
  std::uint32_t pre_acknowledged = 0;
  // INCOMING_DCOUNT was put after the last sync of the chip: it belongs to the phase still to come.
  bool count_put_since_sync = false;

  Activity* activity = nullptr;  // who counts what happens; may be null

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self);

 private:
  std::uint32_t context_statuses() const;

  TileParameters parameters_;
  std::array<ContextState, Context::count> contexts_;
  std::array<Cycle, Context::workers> slot_returns_{};  // after the last exit
  unsigned active_workers_ = 0;
  std::array<std::uint32_t, 256> supervisor_csrs_{};
};

template <class Archive, class Self>
void TileCore::visit_state(Archive& archive, Self& self) {
  // Not saved: who counts; the coefficients as the engines read them follow from the store, the count of
  // active workers from the contexts.
  auto& [debug_data, local_condition, runall_error, breakpoints, debug, supervisor, cwei, coefficient_rows,
         memory, exchange, last_exchange_end, arrived_at_zone, pre_acknowledged, count_put_since_sync,
         activity, parameters, contexts, slot_returns, active_workers, supervisor_csrs] = self;
  same_parameters(archive, parameters);
  archive(debug_data, local_condition, runall_error, breakpoints, debug, supervisor, cwei, memory);
  ExchangeUnit::visit_state(archive, exchange, memory);
  archive(last_exchange_end, arrived_at_zone, pre_acknowledged, count_put_since_sync, contexts, slot_returns,
          supervisor_csrs);
  if constexpr (Archive::is_reader) {
    if (activity != nullptr) activity->forget_open_runs();
    active_workers = 0;
    for (unsigned n = 0; n < Context::workers; ++n) active_workers += self.worker(n).active ? 1U : 0U;
  }
}

inline std::uint32_t Machine::upper_csr(unsigned index) const { return core.worker_csr(state, index); }
inline bool Machine::note_access(AccessKind kind, std::uint32_t address, std::uint32_t size) {
  accessed_at[access_count++] = address;
  if (kind == AccessKind::load && core.debug.unreadable(address, size)) {
    fault(ExceptionCause::memory_error, ByteAddr{address});
    return false;
  }
  if (injected || !core.breakpoints.on_access(id, kind, address, size)) return true;
  fault(ExceptionCause::data_break, ByteAddr{address});
  return false;
}
inline std::uint32_t Machine::fp_control() const { return core.worker_csr(state, isa::csr::fp_ctl); }
inline const CoefficientRows::Store& Machine::coefficients() const { return core.cwei; }
inline const arith::UnitRow& Machine::coefficient_row(std::size_t set, std::size_t column) {
  return core.coefficient_rows.row(core.cwei, set, column);
}
inline std::uint32_t Machine::tas() const { return core.worker_csr(state, isa::csr::tas); }
inline void Machine::write_tas(std::uint32_t value) { write_csr(isa::csr::tas, value); }
template <unsigned steps>
std::array<std::uint64_t, steps> Machine::random_words() {
  const unsigned first = isa::csr::prng_0_0;
  const auto word = [&](unsigned i) { return std::uint64_t{core.worker_csr(state, first + i)}; };
  std::uint64_t s0 = word(0) | word(1) << 32U;
  std::uint64_t s1 = word(2) | word(3) << 32U;
  std::array<std::uint64_t, steps> words;
  for (std::uint64_t& out : words) {
    // xoroshiro128aox
    const std::uint64_t sx = s0 ^ s1;
    const std::uint64_t sa = s0 & s1;
    out = sx ^ (std::rotl(sa, 1) | std::rotl(sa, 2));
    s0 = std::rotl(s0, 55) ^ sx ^ (sx << 14U);
    s1 = std::rotl(sx, 36);
  }
  write_csr(first, static_cast<std::uint32_t>(s0));
  write_csr(first + 1, static_cast<std::uint32_t>(s0 >> 32U));
  write_csr(first + 2, static_cast<std::uint32_t>(s1));
  write_csr(first + 3, static_cast<std::uint32_t>(s1 >> 32U));
  return words;
}

}  // namespace ipusim::tile
