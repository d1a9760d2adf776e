// SPDX-License-Identifier: Apache-2.0
// Timed exchange instructions (docs/timing.md, 6).
#include <bit>

#include "tile_core.hpp"

namespace ipusim::tile {
namespace {

using isa::Opcode;
using U = std::uint32_t;

constexpr U control_directions = 3;
constexpr U control_64_bit = 4;
// SEV, SWV and S64 of EXCHANGE_CTL mirror the control operand.
constexpr U ctl_directions_shift = isa::csr_field::exchange_ctl_sev.lsb;
constexpr U ctl_stream_mask = isa::csr_field::exchange_ctl_sev.mask() |
                              isa::csr_field::exchange_ctl_swv.mask() |
                              isa::csr_field::exchange_ctl_s64.mask();
constexpr U selector_format = 1;
constexpr U selector_pair = 1;
constexpr U delta_mask = isa::csr_mask::outgoing_delta;
constexpr U source_mask = isa::csr_mask::incoming_mux;
static_assert(isa::csr_mask::incoming_delta == delta_mask);

// The instruction takes n+1 events.
void occupy(Machine& k, U n) {
  k.fx.supervisor_wait = n + 1;
  k.core.last_exchange_end = k.now + n + 1;
}

bool pic_allowed(Machine& k, U selector, U value) {
  if (selector != selector_format || is_format(value)) return true;
  k.fault(ExceptionCause::exchange_format);
  return false;
}
void pic(Machine& k, Cycle at, U selector, U value) {
  if (selector == selector_format) {
    k.core.exchange.set_format(at + isa::timing::format_delay,
                               ReceiveFormat{static_cast<std::uint8_t>(value)});
  } else {
    k.core.exchange.set_pointer(at + isa::timing::pointer_delay, (4 * value) & delta_mask);
  }
}
void xpic(Machine& k, Cycle at, U selector, U source) {
  if (selector == selector_pair) {
    k.core.exchange.select_pair(at, source);
  } else {
    k.core.exchange.select(at, source);
  }
}

U item_bytes(U control) { return (control & control_64_bit) != 0 ? 8 : 4; }

// n+1 items from OUTGOING_BASE + delta; false if that faulted.
bool stream(Machine& k, U n, U delta, U control) {
  TileCore& core = k.core;
  const U directions = control & control_directions;
  const U first = core.supervisor_csr(isa::csr::outgoing_base) + delta;
  const U size = item_bytes(control);
  const U bytes = size * (n + 1);
  if (directions != 0 && (first % size != 0 || !k.memory.contains(first, bytes))) {
    k.fault(ExceptionCause::exchange_address, ByteAddr{first});
    return false;
  }
  core.exchange.start_stream(k.now, first, n + 1, size, Directions{static_cast<std::uint8_t>(directions)});
  core.set_supervisor_csr(isa::csr::outgoing_delta, (delta + bytes) & delta_mask);
  const U ctl = core.supervisor_csr(isa::csr::exchange_ctl) & ~ctl_stream_mask;
  core.set_supervisor_csr(isa::csr::exchange_ctl, ctl | control << ctl_directions_shift);
  return true;
}

void delay(Machine& k, const Op& o) { occupy(k, o.operand[0]); }

void delaypic(Machine& k, const Op& o) {
  if (!pic_allowed(k, o.operand[1], o.operand[2])) return;
  pic(k, k.now + o.operand[0], o.operand[1], o.operand[2]);
  occupy(k, o.operand[0]);
}

void delayxpic(Machine& k, const Op& o) {
  xpic(k, k.now + o.operand[0], o.operand[1], o.operand[2]);
  occupy(k, o.operand[0]);
}

void send(Machine& k, const Op& o) {
  const U delta = item_bytes(o.operand[2]) * o.operand[1];
  if (stream(k, o.operand[0], delta, o.operand[2])) occupy(k, o.operand[0]);
}

void sendoff(Machine& k, const Op& o) {
  const U delta = k.core.supervisor_csr(isa::csr::outgoing_delta) + item_bytes(o.operand[2]) * o.operand[1];
  if (stream(k, o.operand[0], delta, o.operand[2])) occupy(k, o.operand[0]);
}

void sendpic(Machine& k, const Op& o) {
  const bool is_pic = (o.operand[1] & 2U) != 0;
  const U selector = o.operand[1] & 1U;
  const U source = o.operand[2] & source_mask;  // an XPIC uses the low bits only
  if (is_pic && !pic_allowed(k, selector, o.operand[2])) return;
  const U control = (k.core.supervisor_csr(isa::csr::exchange_ctl) & ctl_stream_mask) >> ctl_directions_shift;
  if (!stream(k, o.operand[0], k.core.supervisor_csr(isa::csr::outgoing_delta), control)) return;
  if (is_pic) {
    pic(k, k.now, selector, o.operand[2]);
  } else {
    xpic(k, k.now, selector, source);
  }
  occupy(k, o.operand[0]);
}

void sendpicp(Machine& k, const Op& o) {
  const U control = o.operand[2];
  const U xpic_selector = o.operand[4] >> std::bit_width(source_mask);
  const U source = o.operand[4] & source_mask;
  if (!pic_allowed(k, o.operand[3], o.operand[5])) return;
  if (control != 0 && !stream(k, o.operand[0], item_bytes(control) * o.operand[1], control)) return;
  xpic(k, k.now, xpic_selector, source);
  pic(k, k.now, o.operand[3], o.operand[5]);
  occupy(k, o.operand[0]);
}

}  // namespace

void add_exchange_handlers(HandlerTable& t) {
  t.add(Opcode::delay, delay);
  t.add(Opcode::delaypic, delaypic);
  t.add(Opcode::delayxpic, delayxpic);
  t.add(Opcode::send, send);
  t.add(Opcode::sendoff, sendoff);
  t.add(Opcode::sendpic, sendpic);
  t.add(Opcode::sendpicp, sendpicp);
}

}  // namespace ipusim::tile
