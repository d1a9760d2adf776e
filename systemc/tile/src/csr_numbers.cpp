#include "csr_numbers.hpp"

#include <stdexcept>
#include <string>

#include "ipusim/isa/isa.hpp"

namespace ipusim::tile {
namespace {

unsigned number(isa::Mode mode, const char* name) {
  const isa::Csr* found = isa::find_csr(mode, name);
  if (found == nullptr) throw std::logic_error(std::string{"isa/csr.yaml lacks "} + name);
  return found->index;
}

CsrNumbers look_up() {
  const auto w = [](const char* name) { return number(isa::Mode::worker, name); };
  const auto s = [](const char* name) { return number(isa::Mode::supervisor, name); };
  CsrNumbers n{};
  n.pc = w("PC");
  n.dbg_data = w("DBG_DATA");
  n.dbg_brk_id = w("DBG_BRK_ID");
  n.wsr = w("WSR");
  n.vertex_base = w("VERTEX_BASE");
  n.worker_base = w("WORKER_BASE");
  n.repeat_count = w("REPEAT_COUNT");
  n.repeat_first = w("REPEAT_FIRST");
  n.repeat_end = w("REPEAT_END");
  n.count_l = w("COUNT_L");
  n.count_u = w("COUNT_U");
  n.fp_sts = w("FP_STS");
  n.fp_clr = w("FP_CLR");
  n.fp_ctl = w("FP_CTL");
  n.prng_0_0 = w("PRNG_0_0");
  n.prng_seed = w("PRNG_SEED");
  n.tas = w("TAS");
  n.fp_nfmt = w("FP_NFMT");
  n.fp_scl = w("FP_SCL");
  n.ssr = s("SSR");
  n.cr = s("CR");
  n.tile_id = s("TILE_ID");
  n.fp_ictl = s("FP_ICTL");
  n.fp_infmt = s("FP_INFMT");
  n.fp_iscl = s("FP_ISCL");
  n.worker0_base = s("WORKER0_BASE");
  n.scount_l = s("SCOUNT_L");
  n.scount_u = s("SCOUNT_U");
  n.cccsload = s("CCCSLOAD");
  n.ctxt_sts = s("CTXT_STS");
  n.incoming_mux = s("INCOMING_MUX");
  n.incoming_delta = s("INCOMING_DELTA");
  n.incoming_format = s("INCOMING_FORMAT");
  n.incoming_base = s("INCOMING_BASE");
  n.incoming_dcount = s("INCOMING_DCOUNT");
  n.outgoing_base = s("OUTGOING_BASE");
  n.outgoing_delta = s("OUTGOING_DELTA");
  n.exchange_ctl = s("EXCHANGE_CTL");
  n.dbg_ctl = s("DBG_CTL");
  n.dbg_ecsr = s("DBG_ECSR");
  n.dbg_eclr = s("DBG_ECLR");
  n.dbg_ibrk0_ctl = s("DBG_IBRK0_CTL");
  n.dbg_ibrk0_pc = s("DBG_IBRK0_PC");
  n.dbg_ibrk0_vert = s("DBG_IBRK0_VERT");
  n.dbg_dbrk0_ctl = s("DBG_DBRK0_CTL");
  n.dbg_dbrk0_base = s("DBG_DBRK0_BASE");
  return n;
}

}  // namespace

const CsrNumbers& csr() {
  static const CsrNumbers numbers = look_up();
  return numbers;
}

}  // namespace ipusim::tile
