// SPDX-License-Identifier: Apache-2.0
// The machine of the fast path: handlers write at once instead of collecting effects. What an aux half does
// can be undone until the main half has succeeded: its results wait beside the registers, accumulators are
// copied first.
#pragma once

#include <array>

#include "code_cache.hpp"
#include "tile_core.hpp"

namespace ipusim::tile {

struct DirectMachine {
  DirectMachine(CodeCache& code_cache, TileCore& tile_core)
      : code(code_cache), core(tile_core), memory(tile_core.memory) {}

  CodeCache& code;
  TileCore& core;
  Memory& memory;
  ContextState* context_at = nullptr;
  Cycle now{0};
  std::uint32_t next = 0;
  std::uint8_t flags = 0;
  bool failed = false;

  // Executes the bundle of a worker and moves its PC, or changes nothing and returns false: then it faults,
  // or needs the way through collected effects for another reason.
  bool run(ContextState& c, const Bundle& bundle, Cycle at);

  // --- What handlers use, like that of Machine. A handler finds its faults before it writes anything.
  std::uint32_t m(std::uint32_t n) const { return context_at->m[n]; }
  std::uint32_t a(std::uint32_t n) const { return context_at->a[n]; }
  void write_m(std::uint32_t n, std::uint32_t value) {
    if (n < writable_m) context_at->m[n] = value;
  }
  void write_a(std::uint32_t n, std::uint32_t value) {
    if (n < writable_a) results_[n & results_mask_] = value;
  }
  std::uint32_t next_pc() const { return next; }
  void branch(std::uint32_t target) { next = target; }
  void start_repeat(std::uint32_t count, std::uint32_t bundles) {
    next = context_at->start_repeat(next, next + 8 * bundles, count);
  }
  void raise_flags(std::uint8_t raised) { flags |= raised; }
  // Where something may break, bundles go the other way.
  bool note_access(AccessKind, std::uint32_t, std::uint32_t) { return true; }
  template <class T>
  T load(std::uint32_t address) const {
    return memory.load<T>(address);
  }
  template <class T>
  void store(std::uint32_t address, T value) {
    if (memory.in_region0(address)) code.note_store(address, now, memory);
    memory.store(address, value);
  }
  std::uint32_t upper_csr(unsigned index) const { return context_at->upper[index - isa::upper_csr_base]; }
  std::uint32_t fp_control() const { return context_at->upper[fp_ctl]; }
  Accumulators& accumulators() { return context_at->accumulators; }
  const CoefficientRows::Store& coefficients() const { return core.cwei; }
  const arith::UnitRow& coefficient_row(std::size_t set, std::size_t column) {
    return core.coefficient_rows.row(core.cwei, set, column);
  }
  std::uint32_t tas() const { return context_at->upper[tas_]; }
  void write_tas(std::uint32_t value) { context_at->upper[tas_] = value; }
  void fault(ExceptionCause, std::optional<ByteAddr> = std::nullopt) { failed = true; }

 private:
  bool run_aux(const Op& op);
  void undo_aux(const Op& op, std::uint32_t status);
  void finish_aux(const Op& op);
  void keep_results_aside(bool aside) {
    results_ = aside ? waiting_.data() : context_at->a.data();
    results_mask_ = aside ? 1U : 15U;
  }

  // An aux operation writes at most an aligned pair of registers.
  std::array<std::uint32_t, 2> waiting_{};
  std::uint32_t* results_ = nullptr;
  std::uint32_t results_mask_ = 0;
  Accumulators saved_;
  std::uint32_t saved_tas_ = 0;

  // Looked up once.
  const unsigned fp_sts = isa::csr::fp_sts - isa::upper_csr_base;
  const unsigned fp_ctl = isa::csr::fp_ctl - isa::upper_csr_base;
  const unsigned tas_ = isa::csr::tas - isa::upper_csr_base;
};

// The aux half with its results aside, or nothing if it faults or raises a flag that is enabled.
inline bool DirectMachine::run_aux(const Op& op) {
  keep_results_aside(true);
  if (op.accumulates) {
    saved_ = context_at->accumulators;
    saved_tas_ = tas();
  }
  flags = 0;
  op.direct(*this, op);
  if (failed) [[unlikely]]
    return false;
  if (flags != 0) [[unlikely]] {
    if ((context_at->upper[fp_ctl] & flags) != 0) {
      undo_aux(op, context_at->upper[fp_sts]);
      return false;
    }
    context_at->upper[fp_sts] |= flags;
  }
  return true;
}

inline void DirectMachine::undo_aux(const Op& op, std::uint32_t status) {
  context_at->upper[fp_sts] = status;
  if (op.accumulates) {
    context_at->accumulators = saved_;
    write_tas(saved_tas_);
  }
}

inline void DirectMachine::finish_aux(const Op& op) {
  const std::uint32_t first = op.operand[0];
  if (op.results == 0 || first >= writable_a) return;
  context_at->a[first] = waiting_[first & 1U];
  if (op.results == 2) context_at->a[first + 1] = waiting_[1];
}

inline bool DirectMachine::run(ContextState& c, const Bundle& bundle, Cycle at) {
  if (c.repeat_count != 0 && !bundle.allowed_in_repeat) return false;
  context_at = &c;
  now = at;
  next = c.pc + bundle.bytes;
  failed = false;
  switch (bundle.direct) {
    case DirectForm::none:
      return false;
    case DirectForm::main:
      keep_results_aside(false);
      bundle.main.direct(*this, bundle.main);
      if (failed) [[unlikely]]
        return false;
      break;
    case DirectForm::aux:
      if (!run_aux(bundle.main)) return false;
      finish_aux(bundle.main);
      break;
    case DirectForm::pair: {
      const std::uint32_t status = c.upper[fp_sts];
      if (!run_aux(bundle.aux)) return false;
      keep_results_aside(false);
      bundle.main.direct(*this, bundle.main);
      if (failed) [[unlikely]] {
        undo_aux(bundle.aux, status);
        return false;
      }
      finish_aux(bundle.aux);
      break;
    }
  }
  // What is not allowed in a repeat may have started one.
  c.pc = bundle.allowed_in_repeat ? c.go_on(next) : next;
  return true;
}

}  // namespace ipusim::tile
