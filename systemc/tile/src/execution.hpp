// SPDX-License-Identifier: Apache-2.0
// What an instruction handler works on: a context, the memory, and the effects it wants. Effects of a bundle
// are collected first and committed together, so that both halves read before either writes and a fault
// leaves nothing behind.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "accumulators.hpp"
#include "coefficients.hpp"
#include "ipusim/isa/isa.hpp"
#include "ipusim/tile/state.hpp"
#include "ipusim/tile/tile_model.hpp"
#include "memory.hpp"

namespace ipusim::tile {

struct Machine;
struct DirectMachine;
struct Op;
using Handler = void (*)(Machine&, const Op&);
using DirectHandler = void (*)(DirectMachine&, const Op&);

// One decoded instruction. `operand[i]` is op<i> of the instruction file: register number or extended value.
struct Op {
  Handler handler = nullptr;
  DirectHandler direct = nullptr;  // null: only `handler` can execute it
  std::array<std::uint32_t, 6> operand{};
  const isa::Instruction* info = nullptr;
  std::uint8_t results = 0;  // A registers written, from $a<op0> on: what an aux operation can have
  bool accumulates = false;  // may write accumulators or TAS
  isa::Opcode opcode = isa::Opcode::invalid;
};

enum class AccessKind : std::uint8_t { load, store };

struct Fault {
  ExceptionType type = ExceptionType::none;
  ExceptionCause cause = ExceptionCause::none;
  std::optional<ByteAddr> address;

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [type, cause, address] = self;
    archive(type, cause, address);
  }
};
constexpr Fault fault_of(ExceptionCause cause, std::optional<ByteAddr> address = std::nullopt) {
  return {isa::type_of(cause), cause, address};
}

// Registers from here on are read-only.
inline constexpr std::uint32_t writable_m = 12;
inline constexpr std::uint32_t writable_a = 8;

// The architectural state of one context. $m12..$m15 and $a8..$a15 are kept at what they read as.
struct ContextState {
  std::array<std::uint32_t, 16> m{};
  std::array<std::uint32_t, 16> a{};
  std::uint32_t pc = 0;
  bool active = false;
  Cycle next_issue{0};
  std::uint32_t repeat_count = 0;
  std::uint32_t repeat_first = 0;
  std::uint32_t repeat_end = 0;
  std::uint32_t vertex_base = 0;
  std::array<std::uint32_t, 16> upper{};  // CSRs 0x100.. of a worker
  Accumulators accumulators;              // kept from exit to the next launch (O16, chosen)
  ExceptionType exception = ExceptionType::none;
  bool exception_in_repeat = false;

  // Begins a repeat of the code from `first` up to `end`. Returns where the context goes on.
  std::uint32_t start_repeat(std::uint32_t first, std::uint32_t end, std::uint32_t count) {
    repeat_first = first;
    repeat_end = end;
    repeat_count = count;
    return count == 0 ? end : first;
  }
  // A bundle, none that starts a repeat, goes on at `next`. Returns where the context does: at the end of a
  // repeat's body at its beginning, while there are passes left.
  std::uint32_t go_on(std::uint32_t next) {
    return repeat_count != 0 && next == repeat_end && --repeat_count != 0 ? repeat_first : next;
  }

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [m, a, pc, active, next_issue, repeat_count, repeat_first, repeat_end, vertex_base, upper,
           accumulators, exception, exception_in_repeat] = self;
    archive(m, a, pc, active, next_issue, repeat_count, repeat_first, repeat_end, vertex_base, upper,
            accumulators, exception, exception_in_repeat);
  }
};

struct Effects {
  std::array<RegisterWrite, 16> registers;  // of both halves
  unsigned register_count = 0;
  MemoryWrite store;  // bytes == 0: none
  std::uint32_t next_pc = 0;
  bool taken = false;  // next_pc is a branch's target
  bool starts_repeat = false;
  std::uint32_t repeat_count = 0;
  std::uint32_t repeat_end = 0;
  std::uint8_t fp_flags = 0;
  unsigned supervisor_wait = 1;  // cycles to the supervisor's next issue
  Fault fault;
};

class TileCore;

struct Machine {
  TileCore& core;
  ContextState& state;
  const Memory& memory;
  Cycle now;
  Context id;
  Effects fx{};
  std::array<std::uint32_t, 3> accessed_at{};  // data accesses made
  unsigned access_count = 0;
  bool injected = false;                           // from outside: meets no breaks
  std::optional<Accumulators> new_accumulators{};  // an effect: set if any is written

  std::uint32_t m(std::uint32_t n) const { return state.m[n]; }
  std::uint32_t a(std::uint32_t n) const { return state.a[n]; }
  // Within one handler a later write of a register replaces an earlier one.
  void write_m(std::uint32_t n, std::uint32_t value) { write(RegisterWrite::File::m, n, writable_m, value); }
  void write_a(std::uint32_t n, std::uint32_t value) { write(RegisterWrite::File::a, n, writable_a, value); }
  void write_csr(std::uint32_t n, std::uint32_t value) {
    fx.registers[fx.register_count++] = {RegisterWrite::File::csr, static_cast<std::uint16_t>(n), value};
  }
  std::uint32_t next_pc() const { return fx.next_pc; }
  void branch(std::uint32_t target) {
    fx.next_pc = target;
    fx.taken = true;
  }
  // The body of `bundles` bundles that begins at next_pc() shall run `count` times.
  void start_repeat(std::uint32_t count, std::uint32_t bundles) {
    fx.starts_repeat = true;
    fx.repeat_count = count;
    fx.repeat_end = fx.next_pc + 8 * bundles;
  }
  std::uint32_t fp_control() const;
  std::uint32_t upper_csr(unsigned index) const;  // of the worker
  // The accumulators to be changed in place.
  Accumulators& accumulators() {
    if (!new_accumulators) new_accumulators = state.accumulators;
    return *new_accumulators;
  }
  const CoefficientRows::Store& coefficients() const;
  const arith::UnitRow& coefficient_row(std::size_t set, std::size_t column);
  std::uint32_t tas() const;
  void write_tas(std::uint32_t value);
  // Words of the context's random generator, which takes a step for each. Once per instruction at most.
  template <unsigned steps>
  std::array<std::uint64_t, steps> random_words();
  std::uint64_t random_word() { return random_words<1>()[0]; }
  void raise_flags(std::uint8_t flags) { fx.fp_flags |= flags; }
  template <class T>
  T load(std::uint32_t address) const {
    return memory.load<T>(address);
  }
  // An access that nothing else forbids. False: it meets a memory error or stops at a data break.
  bool note_access(AccessKind kind, std::uint32_t address, std::uint32_t size);
  template <class T>
  void store(std::uint32_t address, T value) {
    fx.store = {ByteAddr{address}, sizeof(T), value};
  }
  // Faults of the operation outrank those of the address, memory errors and data breaks; within a rank the
  // main half, which executes first, wins (docs/timing.md, 2).
  void fault(const Fault& found) {
    const ExceptionType type = found.type;
    if (fx.fault.type == ExceptionType::none ||
        (type == ExceptionType::invalid_operation &&
         (fx.fault.type == ExceptionType::invalid_address || fx.fault.type == ExceptionType::conflict ||
          fx.fault.type == ExceptionType::memory_error || fx.fault.type == ExceptionType::data_break)) ||
        (type == ExceptionType::memory_error && fx.fault.type == ExceptionType::data_break)) {
      fx.fault = found;
    }
  }
  void fault(ExceptionCause cause, std::optional<ByteAddr> address = std::nullopt) {
    fault(fault_of(cause, address));
  }

 private:
  // Registers from `limit` on are read-only: their writes are dropped.
  void write(RegisterWrite::File file, std::uint32_t n, std::uint32_t limit, std::uint32_t value) {
    if (n >= limit) return;
    for (unsigned i = 0; i < fx.register_count; ++i) {
      RegisterWrite& w = fx.registers[i];
      if (w.file == file && w.index == n) {
        w.value = value;
        return;
      }
    }
    fx.registers[fx.register_count++] = {file, static_cast<std::uint16_t>(n), value};
  }
};

// Handlers of the modelled instructions by opcode, filled by one function per family. A handler written for
// any machine (a generic lambda) serves both; one that takes a Machine has no direct form.
class HandlerTable {
 public:
  static const HandlerTable& instance();
  Handler find(isa::Opcode opcode) const { return rows_[static_cast<std::size_t>(opcode)].handler; }
  DirectHandler find_direct(isa::Opcode opcode) const {
    return rows_[static_cast<std::size_t>(opcode)].direct;
  }
  bool accumulates(isa::Opcode opcode) const { return rows_[static_cast<std::size_t>(opcode)].accumulates; }
  void add(isa::Opcode opcode, Handler handler) {
    rows_[static_cast<std::size_t>(opcode)] = {handler, nullptr, false};
  }
  template <class AnyMachine>
  void add(isa::Opcode opcode, AnyMachine handler) {
    rows_[static_cast<std::size_t>(opcode)] = {handler, handler, false};
  }
  // One that may write accumulators or TAS.
  template <class AnyMachine>
  void add_accumulating(isa::Opcode opcode, AnyMachine handler) {
    rows_[static_cast<std::size_t>(opcode)] = {handler, handler, true};
  }

 private:
  struct Row {
    Handler handler = nullptr;
    DirectHandler direct = nullptr;
    bool accumulates = false;
  };
  HandlerTable();
  std::array<Row, 512> rows_{};
};

void add_alu_handlers(HandlerTable& table);
void add_control_handlers(HandlerTable& table);
void add_memory_handlers(HandlerTable& table);
void add_pace_handlers(HandlerTable& table);
void add_float_handlers(HandlerTable& table);
void add_half_handlers(HandlerTable& table);
void add_conversion_handlers(HandlerTable& table);
void add_random_handlers(HandlerTable& table);
void add_quarter_handlers(HandlerTable& table);
void add_function_handlers(HandlerTable& table);
void add_accumulator_handlers(HandlerTable& table);
void add_engine_handlers(HandlerTable& table);
void add_csr_handlers(HandlerTable& table);
void add_exchange_handlers(HandlerTable& table);

}  // namespace ipusim::tile
