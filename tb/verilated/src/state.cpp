// SPDX-License-Identifier: Apache-2.0
// What a debugger sees of the RTL's registers: the state elements by name.
#include <stdexcept>
#include <string>

#include "Vipu_tile_top___024root.h"
#include "ipusim/isa/csr.hpp"
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
  // ERERR and the bits above it.
  return std::uint32_t{IPUSIM_DEBUG_UNIT(status_o)} << isa::csr_field::ctxt_sts_ererr.lsb;
}

unsigned Model::exception_type(Context context) const { return IPUSIM_CONTEXTS(etype_q)[context.index()]; }

std::uint32_t Model::csr(Context context, const isa::Csr& csr, Cycle now) const {
  const auto value = [&]() -> std::uint32_t {
    switch (csr.index) {
      case isa::csr::pc:
        return pc(context);
      case isa::csr::count_l:  // the supervisor's SCOUNT, too
        return static_cast<std::uint32_t>(now.value());
      case isa::csr::count_u:
        return static_cast<std::uint32_t>(now.value() >> 32U);
      case isa::csr::dbg_data:
        return IPUSIM_BREAKPOINTS(debug_data_q);
      case isa::csr::dbg_brk_id:
        return 0;
      default:
        return context.is_worker() ? worker_csr(context, csr) : supervisor_csr(context, csr);
    }
  };
  static_assert(isa::csr::count_l == isa::csr::scount_l && isa::csr::count_u == isa::csr::scount_u);
  return value() & csr.mask;
}

std::uint32_t Model::worker_csr(Context context, const isa::Csr& csr) const {
  namespace field = isa::csr_field;
  const auto c = context.index();
  switch (csr.index) {
    case isa::csr::wsr:
      return field::wsr_ctxtid_m1.put(context.worker_number()) |
             field::wsr_etype.put(IPUSIM_CONTEXTS(etype_q)[c]) |
             field::wsr_erpt.put((std::uint32_t{IPUSIM_CONTEXTS(except_in_repeat_q)} >> c) & 1U);
    case isa::csr::vertex_base:
      return IPUSIM_CONTEXTS(vertex_base_q)[c];
    case isa::csr::worker_base:
      return IPUSIM_CONTEXTS(worker_base_q)[c];
    case isa::csr::repeat_count:
      return IPUSIM_CONTEXTS(repeat_count_q)[c];
    case isa::csr::repeat_first:
      return IPUSIM_CONTEXTS(repeat_first_q)[c];
    case isa::csr::repeat_end:
      return IPUSIM_CONTEXTS(repeat_end_q)[c];
    case isa::csr::fp_sts:
      return IPUSIM_CSRS(fp_sts_q)[c];
    case isa::csr::fp_ctl:
      return IPUSIM_CSRS(fp_ctl_q)[c];
    case isa::csr::prng_0_0:
    case isa::csr::prng_0_1:
    case isa::csr::prng_1_0:
    case isa::csr::prng_1_1:
      return IPUSIM_CSRS(prng_q)[c][csr.index - isa::csr::prng_0_0];
    case isa::csr::tas:
      return IPUSIM_CSRS(tas_q)[c];
    case isa::csr::fp_nfmt:
      return IPUSIM_CSRS(fp_nfmt_q)[c];
    case isa::csr::fp_scl:
      return IPUSIM_CSRS(fp_scl_q)[c];
    default:
      throw std::logic_error("the RTL tile does not know CSR " + std::string{csr.name});
  }
}

std::uint32_t Model::base_of_worker(unsigned worker) const {
  constexpr unsigned width = isa::address_bits;
  const unsigned bit = width * worker;
  const auto& bases = IPUSIM_CSRS(worker_bases_q);
  const std::uint64_t both =
      bases[bit / 32] | (bit / 32 < 3 ? std::uint64_t{bases[bit / 32 + 1]} << 32U : 0U);
  return static_cast<std::uint32_t>(both >> (bit % 32)) & isa::address_mask;
}

std::uint32_t Model::supervisor_csr(Context context, const isa::Csr& csr) const {
  namespace field = isa::csr_field;
  switch (csr.index) {
    case isa::csr::ssr:
      return field::ssr_etype.put(IPUSIM_CONTEXTS(etype_q)[context.index()]) |
             field::ssr_raerr.put(IPUSIM_CSRS(runall_error_q)) |
             field::ssr_lc.put(IPUSIM_CSRS(local_condition_q));
    case isa::csr::tile_id:
      return id_;
    case isa::csr::fp_ictl:
      return IPUSIM_CSRS(fp_ictl_q);
    case isa::csr::fp_infmt:
      return IPUSIM_CSRS(fp_infmt_q);
    case isa::csr::fp_iscl:
      return IPUSIM_CSRS(fp_iscl_q);
    case isa::csr::worker0_base:
    case isa::csr::worker1_base:
    case isa::csr::worker2_base:
    case isa::csr::worker3_base:
    case isa::csr::worker4_base:
    case isa::csr::worker5_base:
      return base_of_worker(csr.index - isa::csr::worker0_base);
    case isa::csr::cccsload:
      return IPUSIM_CSRS(cccsload_q);
    case isa::csr::dbg_ctl:
      return IPUSIM_BREAKPOINTS(dbg_ctl_q);
    case isa::csr::dbg_ecsr:
      return IPUSIM_BREAKPOINTS(ecsr_q);
    case isa::csr::dbg_ibrk0_ctl:
      return IPUSIM_BREAKPOINTS(ibrk_ctl_q);
    case isa::csr::dbg_ibrk0_pc:
      return IPUSIM_BREAKPOINTS(ibrk_pc_q);
    case isa::csr::dbg_ibrk0_vert:
      return IPUSIM_BREAKPOINTS(ibrk_vert_q);
    case isa::csr::dbg_dbrk0_ctl:
      return IPUSIM_BREAKPOINTS(dbrk_ctl_q);
    case isa::csr::dbg_dbrk0_base:
      return IPUSIM_BREAKPOINTS(dbrk_base_q);
    case isa::csr::dbg_dbrk0_sida:
      return IPUSIM_BREAKPOINTS(dbrk_sida_q);
    case isa::csr::incoming_mux:
      return IPUSIM_EXCHANGE(mux_q);
    case isa::csr::incoming_delta:
      return IPUSIM_EXCHANGE(pointer_now) << 2U;
    case isa::csr::incoming_muxpair:
      return IPUSIM_EXCHANGE(pair_q);
    case isa::csr::incoming_format:
      return IPUSIM_EXCHANGE(format_now);
    case isa::csr::incoming_base:
      return IPUSIM_EXCHANGE(base_put_q) << 2U;
    case isa::csr::incoming_dcount:
      return IPUSIM_EXCHANGE(missing_q);
    case isa::csr::outgoing_base:
      return IPUSIM_EXCHANGE(outgoing_base_q) << 2U;
    case isa::csr::outgoing_delta:
      return IPUSIM_EXCHANGE(outgoing_delta_q) << 2U;
    case isa::csr::exchange_ctl:
      return IPUSIM_EXCHANGE(control_q);
    default:
      throw std::logic_error("the RTL tile does not know CSR " + std::string{csr.name});
  }
}

}  // namespace ipusim::rtl
