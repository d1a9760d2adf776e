// What a debugger sees of the RTL's registers: the state elements by name.
#include <stdexcept>
#include <string_view>

#include "Vipu_tile_top___024root.h"
#include "model.hpp"

#define IPUSIM_CONTEXTS(name) \
  top_->rootp->ipu_tile_top__DOT__u_tile__DOT__u_commit__DOT__u_contexts__DOT__##name
#define IPUSIM_CSRS(name) top_->rootp->ipu_tile_top__DOT__u_tile__DOT__u_commit__DOT__u_csr_file__DOT__##name
#define IPUSIM_ACCUMULATORS(name) \
  top_->rootp->ipu_tile_top__DOT__u_tile__DOT__u_engine_lane__DOT__u_accumulators__DOT__##name
#define IPUSIM_BREAKPOINTS(name) \
  top_->rootp->ipu_tile_top__DOT__u_tile__DOT__u_commit__DOT__u_breakpoints__DOT__##name
#define IPUSIM_DEBUG_UNIT(name) \
  top_->rootp->ipu_tile_top__DOT__u_tile__DOT__u_commit__DOT__u_debug_unit__DOT__##name
#define IPUSIM_EXCHANGE(name) \
  top_->rootp->ipu_tile_top__DOT__u_tile__DOT__u_commit__DOT__u_exchange__DOT__##name

namespace ipusim::rtl {
namespace {

constexpr unsigned m_registers_per_context = 16;
constexpr unsigned a_pairs_per_context = 4;
constexpr unsigned worker_base_bits = 21;

}  // namespace

std::uint32_t Model::m_register(Context context, unsigned index) const {
  constexpr unsigned worker_base = 12;
  constexpr unsigned vertex_base = 13;
  if (index >= m_registers_per_context) throw std::out_of_range("there are 16 MRF registers");
  if (index == worker_base) return IPUSIM_CONTEXTS(worker_base_q)[context.index()];
  if (index == vertex_base) return IPUSIM_CONTEXTS(vertex_base_q)[context.index()];
  if (index > vertex_base) return 0;
  return top_->rootp->ipu_tile_top__DOT__u_tile__DOT__u_issue__DOT__u_m_registers__DOT__registers_q
      [m_registers_per_context * context.index() + index];
}

std::uint32_t Model::a_register(Context context, unsigned index) const {
  if (index >= m_registers_per_context) throw std::out_of_range("there are 16 ARF registers");
  if (index >= 2 * a_pairs_per_context) return 0;
  const unsigned pair = a_pairs_per_context * context.index() + index / 2;
  return index % 2 == 0
             ? top_->rootp->ipu_tile_top__DOT__u_tile__DOT__u_issue__DOT__u_a_registers__DOT__even_q[pair]
             : top_->rootp->ipu_tile_top__DOT__u_tile__DOT__u_issue__DOT__u_a_registers__DOT__odd_q[pair];
}

std::uint32_t Model::accumulator(Context context, unsigned index) const {
  if (index >= accumulators) throw std::out_of_range("there are 32 accumulators");
  const auto c = context.index();
  return index % 2 == 0 ? IPUSIM_ACCUMULATORS(sums_q)[c][index / 2]
                        : IPUSIM_ACCUMULATORS(chains_q)[c][index / 2];
}

std::uint32_t Model::pc(Context context) const { return IPUSIM_CONTEXTS(pc_q)[context.index()]; }

bool Model::worker_active(unsigned worker) const { return (IPUSIM_CONTEXTS(active_q) & 1U << worker) != 0; }

std::uint32_t Model::error_status() const {
  constexpr unsigned place = 27;
  return std::uint32_t{IPUSIM_DEBUG_UNIT(status_o)} << place;
}

unsigned Model::exception_type(Context context) const { return IPUSIM_CONTEXTS(etype_q)[context.index()]; }

std::uint32_t Model::csr(Context context, const isa::Csr& csr, Cycle now) const {
  const auto c = context.index();
  const std::string_view name = csr.name;
  const auto prng = [&](unsigned word) -> std::uint32_t { return IPUSIM_CSRS(prng_q)[c][word]; };
  const std::uint32_t etype = static_cast<std::uint32_t>(IPUSIM_CONTEXTS(etype_q)[c]) << 4U;
  const auto value = [&]() -> std::uint32_t {
    if (name == "PC") return pc(context);
    if (name == "COUNT_L" || name == "SCOUNT_L") return static_cast<std::uint32_t>(now.value());
    if (name == "COUNT_U" || name == "SCOUNT_U") return static_cast<std::uint32_t>(now.value() >> 32U);
    if (name == "DBG_DATA") return IPUSIM_BREAKPOINTS(debug_data_q);
    if (name == "DBG_BRK_ID") return 0;
    // --- worker
    if (name == "WSR") {
      const auto in_repeat = (static_cast<std::uint32_t>(IPUSIM_CONTEXTS(except_in_repeat_q)) >> c) & 1U;
      return context.worker_number() | etype | in_repeat << 9U;
    }
    if (name == "VERTEX_BASE") return IPUSIM_CONTEXTS(vertex_base_q)[c];
    if (name == "WORKER_BASE") return IPUSIM_CONTEXTS(worker_base_q)[c];
    if (name == "REPEAT_COUNT") return IPUSIM_CONTEXTS(repeat_count_q)[c];
    if (name == "REPEAT_FIRST") return IPUSIM_CONTEXTS(repeat_first_q)[c];
    if (name == "REPEAT_END") return IPUSIM_CONTEXTS(repeat_end_q)[c];
    if (name == "FP_STS") return IPUSIM_CSRS(fp_sts_q)[c];
    if (name == "FP_CTL") return IPUSIM_CSRS(fp_ctl_q)[c];
    if (name == "PRNG_0_0") return prng(0);
    if (name == "PRNG_0_1") return prng(1);
    if (name == "PRNG_1_0") return prng(2);
    if (name == "PRNG_1_1") return prng(3);
    if (name == "TAS") return IPUSIM_CSRS(tas_q)[c];
    if (name == "FP_NFMT") return IPUSIM_CSRS(fp_nfmt_q)[c];
    if (name == "FP_SCL") return IPUSIM_CSRS(fp_scl_q)[c];
    // --- supervisor
    if (name == "SSR") {
      return etype | static_cast<std::uint32_t>(IPUSIM_CSRS(runall_error_q)) << 3U |
             static_cast<std::uint32_t>(IPUSIM_CSRS(local_condition_q));
    }
    if (name == "TILE_ID") return id_;
    if (name == "FP_ICTL") return IPUSIM_CSRS(fp_ictl_q);
    if (name == "FP_INFMT") return IPUSIM_CSRS(fp_infmt_q);
    if (name == "FP_ISCL") return IPUSIM_CSRS(fp_iscl_q);
    if (name.starts_with("WORKER") && name.ends_with("_BASE")) {
      const unsigned bit = worker_base_bits * static_cast<unsigned>(name[6] - '0');
      const auto& bases = IPUSIM_CSRS(worker_bases_q);
      const std::uint64_t both =
          bases[bit / 32] | (bit / 32 < 3 ? std::uint64_t{bases[bit / 32 + 1]} << 32U : 0U);
      return static_cast<std::uint32_t>(both >> (bit % 32)) & ((1U << worker_base_bits) - 1U);
    }
    if (name == "CCCSLOAD") return IPUSIM_CSRS(cccsload_q);
    if (name == "DBG_CTL") return IPUSIM_BREAKPOINTS(dbg_ctl_q);
    if (name == "DBG_ECSR") return IPUSIM_BREAKPOINTS(ecsr_q);
    if (name == "DBG_IBRK0_CTL") return IPUSIM_BREAKPOINTS(ibrk_ctl_q);
    if (name == "DBG_IBRK0_PC") return IPUSIM_BREAKPOINTS(ibrk_pc_q);
    if (name == "DBG_IBRK0_VERT") return IPUSIM_BREAKPOINTS(ibrk_vert_q);
    if (name == "DBG_DBRK0_CTL") return IPUSIM_BREAKPOINTS(dbrk_ctl_q);
    if (name == "DBG_DBRK0_BASE") return IPUSIM_BREAKPOINTS(dbrk_base_q);
    if (name == "DBG_DBRK0_SIDA") return IPUSIM_BREAKPOINTS(dbrk_sida_q);
    if (name == "INCOMING_MUX") return IPUSIM_EXCHANGE(mux_q);
    if (name == "INCOMING_DELTA") return IPUSIM_EXCHANGE(pointer_now) << 2U;
    if (name == "INCOMING_FORMAT") return 0;
    if (name == "INCOMING_BASE") return IPUSIM_EXCHANGE(base_put_q) << 2U;
    if (name == "INCOMING_DCOUNT") return IPUSIM_EXCHANGE(missing_q);
    if (name == "OUTGOING_BASE") return IPUSIM_EXCHANGE(outgoing_base_q) << 2U;
    if (name == "OUTGOING_DELTA") return IPUSIM_EXCHANGE(outgoing_delta_q) << 2U;
    if (name == "EXCHANGE_CTL") return IPUSIM_EXCHANGE(control_q);
    throw std::logic_error("the RTL tile does not know CSR " + std::string{name});
  };
  return value() & csr.mask;
}

}  // namespace ipusim::rtl
