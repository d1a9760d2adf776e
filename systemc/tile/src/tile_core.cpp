// SPDX-License-Identifier: Apache-2.0
#include "tile_core.hpp"

#include <algorithm>

namespace ipusim::tile {

TileCore::TileCore(const TileParameters& parameters, const isa::ArchInfo& arch)
    : debug(parameters.exchange_errors), memory(arch), parameters_(parameters) {
  reset();
}

void TileCore::reset() {
  if (activity != nullptr) activity->forget_open_runs();
  contexts_ = {};
  slot_returns_ = {};
  active_workers_ = 0;
  supervisor = {};
  supervisor_csrs_ = {};
  for (const isa::Csr& entry : isa::all_csrs()) {
    if (entry.mode == isa::Mode::supervisor) supervisor_csrs_[entry.index] = entry.reset;
  }
  supervisor_csrs_[isa::csr::tile_id] = parameters_.id.value();
  local_condition = false;
  runall_error = false;
  debug_data = 0;
  breakpoints = {};
  debug.reset();
  cwei.fill(0);
  memory.clear();
  exchange.reset(supervisor_csrs_[isa::csr::incoming_mux]);
  last_exchange_end = Cycle{0};
  arrived_at_zone.reset();
  pre_acknowledged = 0;
  count_put_since_sync = false;
}

std::uint32_t TileCore::ssr() const {
  namespace field = isa::csr_field;
  const auto etype = static_cast<std::uint32_t>(context(Context::supervisor()).exception);
  return field::ssr_lc.put(local_condition ? 1 : 0) | field::ssr_raerr.put(runall_error ? 1 : 0) |
         field::ssr_etype.put(etype);
}

std::uint32_t TileCore::wsr(Context worker) const {
  namespace field = isa::csr_field;
  const ContextState& c = context(worker);
  return field::wsr_ctxtid_m1.put(worker.worker_number()) |
         field::wsr_etype.put(static_cast<std::uint32_t>(c.exception)) |
         field::wsr_erpt.put(c.exception_in_repeat ? 1 : 0);
}

unsigned TileCore::status(Context who) const {
  const ContextState& c = context(who);
  if (c.exception == ExceptionType::none) return c.active ? status_active : 0;
  return isa::is_break(c.exception) ? 2 : 3;
}

std::uint32_t TileCore::context_statuses() const {
  std::uint32_t all = debug.status();
  for (unsigned i = 0; i < Context::count; ++i) all |= status(Context::from_index(i)) << (2 * i);
  return all;
}

std::uint32_t TileCore::read_csr(const isa::Csr& entry, Context who, Cycle at) const {
  const ContextState& c = context(who);
  const unsigned index = entry.index;
  if (index == isa::csr::pc) return c.pc;
  if (index == isa::csr::dbg_data) return debug_data;
  if (index == isa::csr::dbg_brk_id) return 0;  // there is one channel
  if (who.is_worker()) {
    if (index >= isa::upper_csr_base) return c.upper[index - isa::upper_csr_base];
    if (index == isa::csr::wsr) return wsr(who);
    if (index == isa::csr::vertex_base) return c.vertex_base;
    if (index == isa::csr::worker_base) return c.m[12];
    if (index == isa::csr::repeat_count) return c.repeat_count;
    if (index == isa::csr::repeat_first) return c.repeat_first;
    if (index == isa::csr::repeat_end) return c.repeat_end;
    if (index == isa::csr::count_l) return static_cast<std::uint32_t>(at.value());
    return static_cast<std::uint32_t>(at.value() >> 32U);  // COUNT_U, the last of a worker's CSRs
  }
  if (index == isa::csr::ssr) return ssr();
  if (index == isa::csr::ctxt_sts) return context_statuses();
  if (index == isa::csr::scount_l) return static_cast<std::uint32_t>(at.value());
  if (index == isa::csr::scount_u) return static_cast<std::uint32_t>(at.value() >> 32U);
  if (index == isa::csr::incoming_mux) return exchange.selected(at);
  if (index == isa::csr::incoming_muxpair) return exchange.selected_pair(at);
  if (index == isa::csr::incoming_format) return static_cast<std::uint32_t>(exchange.format(at));
  if (index == isa::csr::incoming_delta) return exchange.pointer(at);
  return supervisor_csrs_[index];
}

void TileCore::launch(unsigned number, std::uint32_t pc, std::uint32_t vertex_base, Cycle at) {
  ContextState& c = worker(number);
  c.pc = pc;
  c.vertex_base = vertex_base;
  c.m[12] = supervisor_csrs_[isa::csr::worker0_base + number];
  c.m[13] = vertex_base;
  c.upper[isa::csr::fp_ctl - isa::upper_csr_base] = supervisor_csrs_[isa::csr::fp_ictl];
  c.upper[isa::csr::fp_nfmt - isa::upper_csr_base] = supervisor_csrs_[isa::csr::fp_infmt];
  c.upper[isa::csr::fp_scl - isa::upper_csr_base] = supervisor_csrs_[isa::csr::fp_iscl];
  c.upper[isa::csr::fp_sts - isa::upper_csr_base] = 0;
  c.active = true;
  c.next_issue = at + isa::timing::launch;
  if (activity != nullptr) {
    // In the first turn of its slot.
    const std::uint64_t behind = (c.next_issue.value() + isa::timing::slots - number) % isa::timing::slots;
    const std::uint64_t wait = behind == 0 ? 0 : isa::timing::slots - behind;
    activity->launched(number, ByteAddr{pc}, c.next_issue + wait);
  }
  ++active_workers_;
}

void TileCore::exit(Context who, bool status, Cycle at) {
  ContextState& c = context(who);
  c.active = false;
  if (activity != nullptr) activity->exited(who.worker_number(), at);
  slot_returns_[who.worker_number()] = at + isa::timing::exit_return;
  --active_workers_;
  local_condition = local_condition && status;
  if (active_workers_ == 0 && supervisor.wait == SupervisorWait::workers) {
    supervisor.wait = SupervisorWait::none;
    supervisor.ready = std::max(at, supervisor.wait_since) + isa::timing::sync_local;
  }
}

std::optional<unsigned> TileCore::free_worker(Cycle at) const {
  for (unsigned n = 0; n < Context::workers; ++n) {
    if (!contexts_[n + 1].active && slot_has_returned(n, at)) return n;
  }
  return std::nullopt;
}

}  // namespace ipusim::tile
