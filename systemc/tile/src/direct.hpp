// The machine of the fast path: handlers write at once. It may be used only where that cannot be told from
// collecting effects first: see Bundle::direct and DirectMachine::run().
#pragma once

#include <array>

#include "code_cache.hpp"
#include "tile_core.hpp"

namespace ipusim::tile {

struct DirectMachine {
  DirectMachine(CodeCache& code_cache, Memory& tile_memory) : code(code_cache), memory(tile_memory) {}

  CodeCache& code;
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
    if (n < writable_a) context_at->a[n] = value;
  }
  std::uint32_t next_pc() const { return next; }
  void branch(std::uint32_t target) { next = target; }
  void start_repeat(std::uint32_t count, std::uint32_t bundles) {
    context_at->repeat_first = next;
    context_at->repeat_end = next + 8 * bundles;
    context_at->repeat_count = count;
    if (count == 0) next = context_at->repeat_end;
  }
  void raise_flags(std::uint8_t raised) { flags |= raised; }
  void note_access(std::uint32_t) {}
  template <class T>
  T load(std::uint32_t address) const {
    return memory.load<T>(address);
  }
  template <class T>
  void store(std::uint32_t address, T value) {
    if (memory.in_region0(address)) code.note_store(address, now, memory);
    memory.store(address, value);
  }
  std::uint32_t fp_control() const { return context_at->upper[fp_ctl]; }
  void fault(ExceptionType, ExceptionCause, std::optional<ByteAddr> = std::nullopt) { failed = true; }

 private:
  struct AuxState;
  AuxState aux_state(const Op& op) const;
  void restore(const AuxState& before);
  bool run_aux(const Op& op, const AuxState& before);

  // Looked up once.
  const unsigned fp_sts = csr().fp_sts - upper_csr_base;
  const unsigned fp_ctl = csr().fp_ctl - upper_csr_base;
};

// What an aux operation can change: at most an aligned pair of registers, and FP_STS.
struct DirectMachine::AuxState {
  std::uint32_t* pair;
  std::uint32_t low;
  std::uint32_t high;
  std::uint32_t status;
};

inline DirectMachine::AuxState DirectMachine::aux_state(const Op& op) const {
  std::uint32_t* pair = &context_at->a[op.operand[0] & 14U];
  return {pair, pair[0], pair[1], context_at->upper[fp_sts]};
}

inline void DirectMachine::restore(const AuxState& before) {
  before.pair[0] = before.low;
  before.pair[1] = before.high;
  context_at->upper[fp_sts] = before.status;
}

// The aux half, or nothing if it raises a flag that is enabled.
inline bool DirectMachine::run_aux(const Op& op, const AuxState& before) {
  flags = 0;
  op.direct(*this, op);
  if (flags != 0) [[unlikely]] {
    if ((context_at->upper[fp_ctl] & flags) != 0) {
      restore(before);
      return false;
    }
    context_at->upper[fp_sts] |= flags;
  }
  return true;
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
      bundle.main.direct(*this, bundle.main);
      if (failed) [[unlikely]]
        return false;
      break;
    case DirectForm::aux:
      if (!run_aux(bundle.main, aux_state(bundle.main))) return false;
      break;
    case DirectForm::aux_then_main: {
      const AuxState before = aux_state(bundle.aux);
      if (!run_aux(bundle.aux, before)) return false;
      bundle.main.direct(*this, bundle.main);
      if (failed) [[unlikely]] {
        restore(before);
        return false;
      }
      break;
    }
    case DirectForm::main_then_aux:
      // What main has written stays, so aux must not be able to fault.
      if ((c.upper[fp_ctl] & fp_enables) != 0) return false;
      bundle.main.direct(*this, bundle.main);
      if (failed || !run_aux(bundle.aux, aux_state(bundle.aux))) [[unlikely]]
        return false;
      break;
  }
  if (bundle.allowed_in_repeat && c.repeat_count != 0 && next == c.repeat_end && --c.repeat_count != 0) {
    next = c.repeat_first;
  }
  c.pc = next;
  return true;
}

}  // namespace ipusim::tile
