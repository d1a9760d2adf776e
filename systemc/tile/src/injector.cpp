// SPDX-License-Identifier: Apache-2.0
#include "injector.hpp"

#include "write_back.hpp"

namespace ipusim::tile {
namespace {

constexpr std::uint32_t coissue_bit = 0x80000000U;

// INCOMING_*, OUTGOING_*, EXCHANGE_CTL and what else lies with them.
bool is_exchange_csr(unsigned index) { return index >> 4U == isa::csr::incoming_mux >> 4U; }

// What acts on time, on other contexts or on the exchange.
bool acts_outside_its_context(const Op& op) {
  return op.info->outward || (op.info->opcode == isa::Opcode::put_mmmn_zi && is_exchange_csr(op.operand[1]));
}

}  // namespace

Injection Injector::inject(Context who, std::uint32_t word, Cycle now) {
  if (core_.status(who) == TileCore::status_active) return Injection::not_quiescent;
  if ((word & coissue_bit) != 0) return Injection::refused;
  const Bundle bundle = decode_bundle(word, 0, 0, who.is_worker(), core_.memory.arch().arch);
  if (bundle.illegal.type != ExceptionType::none || !bundle.modelled ||
      acts_outside_its_context(bundle.main)) {
    return Injection::refused;
  }
  ContextState& context = core_.context(who);
  Machine k{core_, context, core_.memory, now, who};
  k.injected = true;
  k.fx.next_pc = context.pc + bundle.bytes;
  // Waits are counted from bundles that issue: this is none.
  const SupervisorState before = core_.supervisor;
  bundle.main.handler(k, bundle.main);
  core_.supervisor = before;
  const bool traps = (k.fx.fp_flags & core_.worker_csr(context, isa::csr::fp_ctl)) != 0;
  if (k.fx.fault.type != ExceptionType::none || traps) return Injection::faulted;
  commit(context, k);
  return Injection::done;
}

void Injector::commit(ContextState& context, Machine& k) {
  context.upper[isa::csr::fp_sts - isa::upper_csr_base] |= k.fx.fp_flags;
  if (k.new_accumulators) context.accumulators = *k.new_accumulators;
  write_registers(core_, context, k.fx);
  if (const MemoryWrite& store = k.fx.store; store.bytes != 0) {
    const std::uint32_t address = store.address.value();
    if (store.bytes == 8)
      core_.memory.store(address, store.data);
    else
      core_.memory.store(address, static_cast<std::uint32_t>(store.data));
    if (core_.memory.in_region0(address)) code_.drop(address, store.bytes);
  }
  if (k.fx.taken) context.pc = k.fx.next_pc;
}

}  // namespace ipusim::tile
