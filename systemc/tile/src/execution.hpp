// What an instruction handler works on: a context, the memory, and the effects it wants. Effects of a bundle
// are collected first and committed together, so that both halves read before either writes and a fault
// leaves nothing behind.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "ipusim/isa/isa.hpp"
#include "ipusim/tile/tile_model.hpp"
#include "memory.hpp"

namespace ipusim::tile {

struct Machine;
struct Op;
using Handler = void (*)(Machine&, const Op&);

// One decoded instruction. `operand[i]` is op<i> of the instruction file: register number or extended value.
struct Op {
  Handler handler = nullptr;
  std::array<std::uint32_t, 6> operand{};
  const isa::Instruction* info = nullptr;
};

struct Fault {
  ExceptionType type = ExceptionType::none;
  ExceptionCause cause = ExceptionCause::none;
  std::optional<ByteAddr> address;
};

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
  ExceptionType exception = ExceptionType::none;
  bool exception_in_repeat = false;
};

struct Effects {
  std::array<RegisterWrite, 8> registers;
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
  ContextState& context;
  const Memory& memory;
  Cycle now;
  Context id;
  Effects fx{};
  bool accessed = false;  // a data access was made, at `accessed_at`
  std::uint32_t accessed_at = 0;

  std::uint32_t m(std::uint32_t n) const { return context.m[n]; }
  std::uint32_t a(std::uint32_t n) const { return context.a[n]; }
  // Within one handler a later write of a register replaces an earlier one.
  void write_m(std::uint32_t n, std::uint32_t value) { write(RegisterWrite::File::m, n, 12, value); }
  void write_a(std::uint32_t n, std::uint32_t value) { write(RegisterWrite::File::a, n, 8, value); }
  void write_csr(std::uint32_t n, std::uint32_t value) {
    fx.registers[fx.register_count++] = {RegisterWrite::File::csr, static_cast<std::uint16_t>(n), value};
  }
  void branch(std::uint32_t target) {
    fx.next_pc = target;
    fx.taken = true;
  }
  // Faults of the operation outrank faults of the address; within a rank the main half, which executes first,
  // wins (docs/timing.md, 2).
  void fault(ExceptionType type, ExceptionCause cause, std::optional<ByteAddr> address = std::nullopt) {
    if (fx.fault.type == ExceptionType::none ||
        (fx.fault.type == ExceptionType::invalid_address && type == ExceptionType::invalid_operation)) {
      fx.fault = {type, cause, address};
    }
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

// Handlers of the modelled instructions by opcode, filled by one function per family.
class HandlerTable {
 public:
  static const HandlerTable& instance();
  Handler find(isa::Opcode opcode) const { return handlers_[static_cast<std::size_t>(opcode)]; }
  void add(isa::Opcode opcode, Handler handler) { handlers_[static_cast<std::size_t>(opcode)] = handler; }

 private:
  HandlerTable();
  std::array<Handler, 512> handlers_{};
};

void add_alu_handlers(HandlerTable& table);
void add_control_handlers(HandlerTable& table);
void add_memory_handlers(HandlerTable& table);
void add_float_handlers(HandlerTable& table);
void add_csr_handlers(HandlerTable& table);
void add_exchange_handlers(HandlerTable& table);

}  // namespace ipusim::tile
