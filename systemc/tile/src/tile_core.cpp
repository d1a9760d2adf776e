#include "tile_core.hpp"

#include <algorithm>

namespace ipusim::tile {

namespace {

// Field positions of SSR and WSR (isa/csr.yaml).
constexpr unsigned etype_shift = 4;
constexpr unsigned raerr_shift = 3;
constexpr unsigned erpt_shift = 9;

}  // namespace

TileCore::TileCore(const TileParameters& parameters, const isa::ArchInfo& arch)
    : debug(parameters.exchange_errors), memory(arch), parameters_(parameters) {
  reset();
}

void TileCore::reset() {
  contexts_ = {};
  slot_returns_ = {};
  active_workers_ = 0;
  supervisor = {};
  supervisor_csrs_ = {};
  for (const isa::Csr& entry : isa::all_csrs()) {
    if (entry.mode == isa::Mode::supervisor) supervisor_csrs_[entry.index] = entry.reset;
  }
  supervisor_csrs_[csr().tile_id] = parameters_.id.value();
  local_condition = false;
  runall_error = false;
  debug_data = 0;
  breakpoints = {};
  debug.reset();
  cwei.fill(0);
  memory.clear();
  exchange.reset(supervisor_csrs_[csr().incoming_mux]);
  last_exchange_end = Cycle{0};
  arrived_at_zone.reset();
  pre_acknowledged = 0;
  count_put_since_sync = false;
}

std::uint32_t TileCore::ssr() const {
  const auto etype = static_cast<std::uint32_t>(context(Context::supervisor()).exception);
  return static_cast<std::uint32_t>(local_condition) |
         static_cast<std::uint32_t>(runall_error) << raerr_shift | etype << etype_shift;
}

std::uint32_t TileCore::wsr(Context worker) const {
  const ContextState& c = context(worker);
  return worker.worker_number() | static_cast<std::uint32_t>(c.exception) << etype_shift |
         static_cast<std::uint32_t>(c.exception_in_repeat) << erpt_shift;
}

unsigned TileCore::status(Context who) const {
  const ContextState& c = context(who);
  if (c.exception == ExceptionType::none) return c.active ? status_active : 0;
  return is_break(c.exception) ? 2 : 3;
}

std::uint32_t TileCore::context_statuses() const {
  std::uint32_t all = debug.status();
  for (unsigned i = 0; i < Context::count; ++i) all |= status(Context::from_index(i)) << (2 * i);
  return all;
}

std::uint32_t TileCore::read_csr(const isa::Csr& entry, Context who, Cycle at) const {
  const CsrNumbers& n = csr();
  const ContextState& c = context(who);
  const unsigned index = entry.index;
  if (index == n.pc) return c.pc;
  if (index == n.dbg_data) return debug_data;
  if (index == n.dbg_brk_id) return 0;  // there is one channel
  if (who.is_worker()) {
    if (index >= upper_csr_base) return c.upper[index - upper_csr_base];
    if (index == n.wsr) return wsr(who);
    if (index == n.vertex_base) return c.vertex_base;
    if (index == n.worker_base) return c.m[12];
    if (index == n.repeat_count) return c.repeat_count;
    if (index == n.repeat_first) return c.repeat_first;
    if (index == n.repeat_end) return c.repeat_end;
    if (index == n.count_l) return static_cast<std::uint32_t>(at.value());
    return static_cast<std::uint32_t>(at.value() >> 32U);  // COUNT_U, the last of a worker's CSRs
  }
  if (index == n.ssr) return ssr();
  if (index == n.ctxt_sts) return context_statuses();
  if (index == n.scount_l) return static_cast<std::uint32_t>(at.value());
  if (index == n.scount_u) return static_cast<std::uint32_t>(at.value() >> 32U);
  if (index == n.incoming_mux) return exchange.selected(at);
  if (index == n.incoming_delta) return exchange.pointer(at);
  return supervisor_csrs_[index];
}

void TileCore::launch(unsigned number, std::uint32_t pc, std::uint32_t vertex_base, Cycle at) {
  ContextState& c = worker(number);
  c.pc = pc;
  c.vertex_base = vertex_base;
  c.m[12] = supervisor_csrs_[csr().worker0_base + number];
  c.m[13] = vertex_base;
  c.upper[csr().fp_ctl - upper_csr_base] = supervisor_csrs_[csr().fp_ictl];
  c.upper[csr().fp_nfmt - upper_csr_base] = supervisor_csrs_[csr().fp_infmt];
  c.upper[csr().fp_scl - upper_csr_base] = supervisor_csrs_[csr().fp_iscl];
  c.upper[csr().fp_sts - upper_csr_base] = 0;
  c.active = true;
  c.next_issue = at + isa::timing::launch;
  ++active_workers_;
}

void TileCore::exit(Context who, bool status, Cycle at) {
  ContextState& c = context(who);
  c.active = false;
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
