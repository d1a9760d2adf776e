// Numbers of the CSRs the tile gives a meaning to, looked up by name once, so that isa/csr.yaml stays the one
// place they are stated.
#pragma once

namespace ipusim::tile {

struct CsrNumbers {
  // worker
  unsigned pc, dbg_data, dbg_brk_id, wsr, vertex_base, worker_base, repeat_count, repeat_first, repeat_end,
      count_l, count_u;
  unsigned fp_sts, fp_clr, fp_ctl, prng_0_0, prng_seed, tas, fp_nfmt, fp_scl;
  // supervisor
  unsigned ssr, cr, tile_id, fp_ictl, fp_infmt, fp_iscl, worker0_base, scount_l, scount_u, cccsload, ctxt_sts;
  unsigned incoming_mux, incoming_delta, incoming_format, incoming_base, incoming_dcount;
  unsigned outgoing_base, outgoing_delta, exchange_ctl;
  unsigned dbg_ctl, dbg_ecsr, dbg_eclr, dbg_ibrk0_ctl, dbg_ibrk0_pc, dbg_ibrk0_vert, dbg_dbrk0_ctl,
      dbg_dbrk0_base;
};

const CsrNumbers& csr();
// INCOMING_*, OUTGOING_*, EXCHANGE_CTL and what else lies with them.
inline bool is_exchange_csr(unsigned index) { return index >> 4U == csr().incoming_mux >> 4U; }

// Upper-space CSRs (uget/uput) are numbered from here.
inline constexpr unsigned upper_csr_base = 0x100;

}  // namespace ipusim::tile
