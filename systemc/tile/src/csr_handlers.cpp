// SPDX-License-Identifier: Apache-2.0
// get, put, uget, uput.
#include "tile_core.hpp"

namespace ipusim::tile {
namespace {

using isa::Opcode;
using U = std::uint32_t;

const isa::Csr* find(Machine& k, unsigned index) {
  const isa::Csr* found = isa::find_csr(k.id.is_worker() ? isa::Mode::worker : isa::Mode::supervisor, index);
  if (found == nullptr || (found->arch_mask & static_cast<unsigned>(k.memory.arch().arch)) == 0) {
    k.fault(ExceptionCause::invalid_csr);
    return nullptr;
  }
  if (!found->fast) {
    k.fault(ExceptionCause::unimplemented_csr);
    return nullptr;
  }
  return found;
}

const isa::Csr* find_writable(Machine& k, unsigned index) {
  const isa::Csr* found = find(k, index);
  if (found != nullptr && found->access == isa::CsrAccess::read_only) {
    k.fault(ExceptionCause::read_only_csr);
    return nullptr;
  }
  return found;
}

U read(Machine& k, const isa::Csr& entry) {
  if (entry.access == isa::CsrAccess::write_only) return 0;
  return k.core.read_csr(entry, k.id, k.now) & entry.mask;
}

void get(Machine& k, const Op& o) {
  if (const isa::Csr* entry = find(k, o.operand[1])) k.write_m(o.operand[0], read(k, *entry));
}
void uget(Machine& k, const Op& o) {
  if (const isa::Csr* entry = find(k, isa::upper_csr_base + o.operand[1]))
    k.write_a(o.operand[0], read(k, *entry));
}

// PRNG_SEED's four words (isa/csr.yaml).
void seed(Machine& k, U v) {
  const U first = isa::csr::prng_0_0;
  k.write_csr(first, v);
  k.write_csr(first + 1, ~v);
  k.write_csr(first + 2, v << 13U | ~v >> 19U);
  k.write_csr(first + 3, ~v << 13U | v >> 19U);
}

void uput(Machine& k, const Op& o) {
  const isa::Csr* entry = find_writable(k, isa::upper_csr_base + o.operand[1]);
  if (entry == nullptr) return;
  const U value = k.a(o.operand[0]) & entry->mask;
  if (entry->index == isa::csr::fp_clr) {
    k.write_csr(isa::csr::fp_sts, k.core.worker_csr(k.state, isa::csr::fp_sts) & ~value);
    if (isa::csr_field::fp_clr_zaacc.get(value) != 0) k.accumulators() = {};
  } else if (entry->index == isa::csr::prng_seed) {
    seed(k, value);
  } else {
    k.write_csr(entry->index, value);
  }
}

// The supervisor has no bundles, so a put that does not fault acts at once.
void put_supervisor(Machine& k, unsigned index, U value) {
  TileCore& core = k.core;
  if (index >= isa::csr::worker0_base && index < isa::csr::worker0_base + Context::workers &&
      core.worker(index - isa::csr::worker0_base).active) {
    k.fault(ExceptionCause::workers_active);
    return;
  }
  if (index == isa::csr::incoming_format && !is_format(value)) {
    k.fault(ExceptionCause::exchange_format);
    return;
  }
  if (Breakpoints::has_unknown_fields(index, value)) {
    k.fault(ExceptionCause::unimplemented_csr);
    return;
  }
  if (index == isa::csr::dbg_eclr) return;  // while this executes no context of the tile is excepted
  if (index == isa::csr::cr) {
    if (isa::csr_field::cr_lc_clr.get(value) != 0) core.local_condition = false;
    if (isa::csr_field::cr_lc_set.get(value) != 0) core.local_condition = true;
    if (isa::csr_field::cr_zcwei.get(value) != 0) core.cwei.fill(0);
    k.write_csr(isa::csr::ssr, core.ssr());
    return;
  }
  core.set_supervisor_csr(index, value);
  core.breakpoints.put(index, value);
  if (index == isa::csr::incoming_dcount) core.count_put_since_sync = true;
  if (index == isa::csr::incoming_mux) core.exchange.select(k.now, value);
  if (index == isa::csr::incoming_muxpair) core.exchange.select_pair(k.now, value);
  if (index == isa::csr::incoming_format)
    core.exchange.set_format(k.now + isa::timing::format_delay,
                             ReceiveFormat{static_cast<std::uint8_t>(value)});
  if (index == isa::csr::incoming_delta) core.exchange.set_pointer(k.now + isa::timing::pointer_delay, value);
  if (index == isa::csr::incoming_base) core.exchange.set_base(k.now + isa::timing::pointer_delay, value);
  k.write_csr(index, value);
}

void put(Machine& k, const Op& o) {
  const isa::Csr* entry = find_writable(k, o.operand[1]);
  if (entry == nullptr) return;
  const U value = k.m(o.operand[0]) & entry->mask;
  if (k.id.is_worker()) {  // DBG_DATA: all else in a worker's lower space is read-only
    k.write_csr(entry->index, value);
    return;
  }
  put_supervisor(k, entry->index, value);
  k.fx.supervisor_wait = isa::timing::supervisor_put;
}

}  // namespace

void add_csr_handlers(HandlerTable& t) {
  t.add(Opcode::get_mmmn_zi, get);
  t.add(Opcode::put_mmmn_zi, put);
  t.add(Opcode::uget_aaan_zi, uget);
  t.add(Opcode::uput_aaan_zi, uput);
}

}  // namespace ipusim::tile
