// SPDX-License-Identifier: Apache-2.0
// Branches, calls, rpt, exit, trap, and what the supervisor starts: run, runall, sync, sans.
#include "direct.hpp"
#include "ipusim/isa/sync_zones.hpp"

namespace ipusim::tile {
namespace {

using isa::Opcode;
using U = std::uint32_t;

constexpr auto br = [](auto& k, const Op& o) { k.branch(k.m(o.operand[0])); };
constexpr auto bri = [](auto& k, const Op& o) { k.branch(o.operand[0]); };

constexpr auto zero = [](U x) { return x == 0; };
constexpr auto not_zero = [](U x) { return x != 0; };
constexpr auto negative = [](U x) { return x >> 31U != 0; };
constexpr auto positive = [](U x) { return x >> 31U == 0; };
template <auto condition>
constexpr auto br_if = [](auto& k, const Op& o) {
  if (condition(k.m(o.operand[0]))) k.branch(o.operand[1]);
};

constexpr auto brnzdec = [](auto& k, const Op& o) {
  const U count = k.m(o.operand[0]);
  if (count == 0) return;
  k.write_m(o.operand[0], count - 1);
  k.branch(o.operand[1]);
};

constexpr auto call = [](auto& k, const Op& o) {
  k.write_m(o.operand[0], k.next_pc());
  k.branch(o.operand[1]);
};

void trap(Machine& k, const Op& o) {
  const bool odd = (o.operand[0] & 1U) != 0;
  k.fault({odd ? ExceptionType::pbrk1 : ExceptionType::pbrk0, ExceptionCause::trap, std::nullopt});
}

constexpr auto rpt_register = [](auto& k, const Op& o) {
  k.start_repeat(k.m(o.operand[0]) & k.memory.arch().repeat_count_mask, o.operand[1] + 1);
};
constexpr auto rpt_immediate = [](auto& k, const Op& o) { k.start_repeat(o.operand[0], o.operand[1] + 1); };

// exit* stand alone: nothing of their bundle can fault, so they act at once.
template <auto condition>
void exit_with(Machine& k, const Op& o) {
  k.core.exit(k.id, condition(k.m(o.operand[0])), k.now);
}

// Checks shared by run and runall; `vertex_base` as the operand register gives it.
bool can_launch(Machine& k, U entry, U vertex_base) {
  if (entry % 4 != 0 || !k.memory.in_region0(entry)) {
    k.fault(ExceptionCause::invalid_worker_pc, ByteAddr{entry});
    return false;
  }
  if (vertex_base % 4 != 0) {
    k.fault(ExceptionCause::misaligned_vertex_base, ByteAddr{vertex_base});
    return false;
  }
  return true;
}

constexpr U vertex_base_mask = isa::csr_mask::vertex_base;

void run(Machine& k, const Op& o) {
  const U entry = k.m(o.operand[0]);
  const U base = k.m(o.operand[1]);
  if (!can_launch(k, entry, base)) return;
  // The tile's loop issues `run` only when a worker is free.
  const unsigned worker = k.core.free_worker(k.now).value();
  k.core.launch(worker, entry, (k.memory.arch().memory_base + base + o.operand[2]) & vertex_base_mask, k.now);
  k.fx.supervisor_wait = isa::timing::run;
}

void runall(Machine& k, const Op& o) {
  const U entry = k.m(o.operand[0]);
  const U base = k.m(o.operand[1]);
  if (!can_launch(k, entry, base)) return;
  if (k.core.any_worker_active()) {
    k.core.runall_error = true;
    k.fault(ExceptionCause::workers_active);
    return;
  }
  for (unsigned n = 0; n < Context::workers; ++n) {
    k.core.launch(n, entry, (base + n * 4 * o.operand[2]) & vertex_base_mask, k.now);
  }
  k.fx.supervisor_wait = isa::timing::runall;
}

void sync(Machine& k, const Op& o) {
  if (k.core.breakpoints.on_sync()) {
    k.fault(ExceptionCause::break_on_sync);
    return;
  }
  SupervisorState& supervisor = k.core.supervisor;
  supervisor.wait_since = k.now;
  const U zone = o.operand[0];
  if (zone == isa::sync_zone::local) {
    if (k.core.any_worker_active()) {
      supervisor.wait = SupervisorWait::workers;
    } else {
      k.fx.supervisor_wait = isa::timing::sync_local;
    }
  } else if (zone == isa::sync_zone::receive) {
    if (k.core.supervisor_csr(isa::csr::incoming_dcount) != 0) {
      supervisor.wait = SupervisorWait::words;
    } else {
      k.fx.supervisor_wait = isa::timing::sync_receive;
    }
  } else {
    supervisor.wait = SupervisorWait::chip;
    k.core.arrived_at_zone = zone;
  }
}

void sans(Machine& k, const Op& o) { k.core.pre_acknowledged = o.operand[0] + 1; }

}  // namespace

void add_control_handlers(HandlerTable& t) {
  t.add(Opcode::br_mmmn, br);
  t.add(Opcode::bri_mmmn_zi, bri);
  t.add(Opcode::brz_mmmn_zi, br_if<zero>);
  t.add(Opcode::brnz_mmmn_zi, br_if<not_zero>);
  t.add(Opcode::brneg_mmmn_zi, br_if<negative>);
  t.add(Opcode::brpos_mmmn_zi, br_if<positive>);
  t.add(Opcode::brnzdec_mmmn_zi, brnzdec);
  t.add(Opcode::call_mmmn_zi, call);
  t.add(Opcode::trap_mmmn_zi, trap);
  t.add(Opcode::rpt_mmmn_zi, rpt_register);
  t.add(Opcode::rpt_mmmn_zi_zi, rpt_immediate);
  t.add(Opcode::exitz_mmmn, exit_with<zero>);
  t.add(Opcode::exitnz_mmmn, exit_with<not_zero>);
  t.add(Opcode::exitneg_mmmn, exit_with<negative>);
  t.add(Opcode::exitpos_mmmn, exit_with<positive>);
  t.add(Opcode::run_mmmn_zi, run);
  t.add(Opcode::runall_mmmn_zi, runall);
  t.add(Opcode::sync, sync);
  t.add(Opcode::sans, sans);
}

}  // namespace ipusim::tile
