// SPDX-License-Identifier: Apache-2.0
#include "supervisor_generator.hpp"

#include "choice.hpp"
#include "faults.hpp"
#include "ipusim/isa/csr.hpp"
#include "memory_gadgets.hpp"

namespace ipusim::random {
namespace {

using isa::Instruction;
using isa::Opcode;

constexpr std::uint32_t entry = 10, value = 11;  // the workers' roles delta and offset

class Generator {
 public:
  Generator(const SupervisorLayout& layout, std::uint64_t seed, const Weights& weights)
      : layout_(layout),
        weights_(weights),
        choice_(seed),
        code_(layout.code),
        plain_(isa::Lane::main, true, weights, layout.arch),
        kinds_{{weights[Family::integer] + weights[Family::memory], &Generator::plain},
               {weights[Family::csr], &Generator::csr_access},
               {weights[Family::exchange] * (layout.peers.empty() ? 1 : 3) / 2, &Generator::exchange},
               {weights[Family::supervisor] / 2, &Generator::launch},
               {weights[Family::supervisor] / 3, &Generator::synchronise},
               {weights[Family::supervisor] / 3, &Generator::coefficients},
               {weights[Family::control] / 6, &Generator::branch},
               {weights[Family::control] / 10, &Generator::modify_code}} {
    for (const auto& [weight, make] : kinds_) total_ += weight;
    for (const Instruction& i : isa::all_instructions()) {
      if (!usable(i, layout.arch) || i.mode == isa::Mode::worker) continue;
      if (i.load || i.store) {
        (family_of(i) == Family::memory ? accesses_ : coefficient_loads_).push_back(&i);
      }
    }
  }

  Sequence make() {
    prologue();
    const std::uint32_t blocks = 4 + pick(8);
    const std::uint32_t fault_in = one_in(6) ? pick(blocks) : blocks;
    for (std::uint32_t i = 0; i < blocks; ++i) block(i == fault_in);
    return finish();
  }
  Sequence make_faulty() {
    prologue();
    if (total_ != 0) one();
    fault();
    fault();
    return finish();
  }

 private:
  Sequence finish() {
    const std::uint32_t loop = code_.next_label();
    code_.add(Opcode::sync, {3});
    code_.add_branch(Opcode::bri_mmmn_zi, {}, loop);
    return std::move(code_);
  }
  const isa::ArchInfo& map() const { return isa::arch_info(layout_.arch); }
  std::uint32_t pick(std::uint32_t n) { return choice_.pick(n); }
  bool one_in(std::uint32_t n) { return choice_.one_in(n); }

  void put(std::uint32_t csr, std::uint32_t v) {
    code_.set_m(value, v);
    code_.add(Opcode::put_mmmn_zi, {value, csr});
  }

  void prologue() {
    for (std::uint32_t m = 0; m < 7; ++m) code_.set_m(m, choice_.bits());
    code_.set_m(role::data, layout_.data.value());
    code_.set_m(role::wide_data, layout_.wide_data.value());
    put(isa::csr::incoming_base, layout_.wide_data.value() + 0x800);
    put(isa::csr::fp_ictl, pick(32) << 16U);
    if (!layout_.peers.empty()) code_.add(Opcode::sync, {3});  // from here on all tiles are in step
  }

  void plain() {
    if (one_in(8)) code_.set_m(pick(7), choice_.corner());
    const Instruction& i = plain_.draw(choice_);
    if (!i.load && !i.store) {
      code_.add_words(isa::encode(i, choice_.operands_for(i)), 1);
      return;
    }
    if (one_in(12)) {
      add_border_access(choice_, code_, i, map(), false);
      return;
    }
    // Reach the supervisor's data; the address register of a step form is set first.
    std::vector<std::uint32_t> v = choice_.operands_for(i);
    v[0] = one_in(2) ? role::data : role::wide_data;
    if (i.opcode == Opcode::stm32_mmmn) {
      v[1] = role::zero;
    } else if (i.opcode == Opcode::stm32step_mmmn) {
      code_.set_m(5, layout_.data.value() + 4 * pick(256));
      v = {pick(7), 5, v[2]};
    } else if (i.operands[1].direction == isa::Direction::inout) {
      code_.set_m(5, 4 * pick(256));
      v[1] = 5;
    } else {
      v[1] = role::zero;
      v[2] = i.operands[2].cls == isa::OperandClass::MR ? role::zero : v[2] & 0xFFU;
    }
    code_.add_words(isa::encode(i, v), 1);
  }

  void csr_access() {
    if (one_in(6)) return breakpoint();
    const isa::Csr& c = choice_.of(isa::all_csrs());
    if (c.mode == isa::Mode::worker || !usable(c, layout_.arch)) return plain();
    if (c.access == isa::CsrAccess::read_only || one_in(2)) {
      code_.add(Opcode::get_mmmn_zi, {choice_.written_m(), c.index});
      return;
    }
    std::uint32_t v = choice_.bits();
    if (c.name == "INCOMING_DCOUNT") v = one_in(2) ? 0 : pick(6);
    if (c.name == "INCOMING_FORMAT") v = one_in(20) ? 3 : format();
    if (c.name == "EXCHANGE_CTL") v &= 0xFU;
    if (c.name == "INCOMING_BASE") v = receive_base();
    if (c.name == "INCOMING_DELTA") v = 4 * pointer();
    if (c.name == "INCOMING_MUX") v = source();
    if (c.name == "INCOMING_MUXPAIR") v = source();
    if (c.name == "OUTGOING_BASE") v = layout_.data.value();
    if (c.name == "OUTGOING_DELTA") v = distance();
    if (c.name == "CCCSLOAD") v = layout_.wide_data.value() + 16 * pick(64);
    if (c.name == "DBG_CTL") v = one_in(8) ? 1 : 0;  // a break ends the program
    if (c.name == "DBG_ECSR") v = one_in(4) ? 0x2F : 0xF;
    if (c.name == "DBG_DBRK0_CTL" && !one_in(20)) v &= ~0x44U;  // fields that are refused
    if (c.name.starts_with("WORKER") && !one_in(30)) {
      code_.add(Opcode::sync, {2});  // faults while the worker is active
    }
    put(c.index, v);
  }

  // Where something may come by.
  void breakpoint() {
    const bool in_worker = !layout_.worker_code.empty() && one_in(2);
    if (one_in(2)) {
      put(isa::csr::dbg_ibrk0_ctl, (in_worker ? 2U : 1U) | (one_in(6) ? 4U : 0U));
      if (one_in(6)) put(isa::csr::dbg_ibrk0_vert, layout_.worker_data.value());
      const ByteAddr code =
          in_worker ? choice_.of(std::span<const ByteAddr>{layout_.worker_code}) : layout_.code;
      put(isa::csr::dbg_ibrk0_pc, code.value() + 4 * pick(256));
    } else {
      put(isa::csr::dbg_dbrk0_ctl,
          (1 + pick(3)) | (one_in(3) ? pick(8) : 7U) << 3U | (one_in(3) ? 1 + pick(127) : 0x7FU) << 15U);
      put(isa::csr::dbg_dbrk0_base, (in_worker ? layout_.worker_data : layout_.data).value() + pick(2048));
    }
    put(isa::csr::dbg_ctl, 1);
  }

  // Now and then in an element of code, but beside it, or outside memory. A worker's code may lie in two
  // elements: it begins a little before one.
  std::uint32_t receive_base() {
    if (one_in(3)) {
      const std::uint32_t worker = choice_.of(std::span<const ByteAddr>{layout_.worker_code}).value();
      return one_in(2) ? worker - 0x400 : worker + 0x1A00;
    }
    const std::uint32_t base = layout_.wide_data.value() + 0x800 + 16 * pick(8);
    if (one_in(6)) return layout_.code.value() + 0x2800;
    if (one_in(6)) return map().region1_base - 16;
    return one_in(10) ? 0x1FF000 : base;
  }

  // The bus of a tile, or of its partner.
  std::uint32_t source() {
    if (layout_.peers.empty() || one_in(6)) return pick(0x700);
    const std::uint32_t peer = choice_.of(std::span<const TileId>{layout_.peers}).value();
    return one_in(4) ? peer ^ 2U : peer;
  }
  std::uint32_t format() { return one_in(2) ? 0 : pick(3); }
  // In words: mostly where items of 64 bits may go, too.
  std::uint32_t pointer() { return one_in(4) ? pick(256) : 2 * pick(128); }
  // In bytes, from OUTGOING_BASE.
  std::uint32_t distance() { return one_in(10) ? 4 * pick(64) : 8 * pick(32); }
  // Directions, and whether items have 64 bits.
  std::uint32_t control() {
    const std::uint32_t directions = layout_.peers.empty() || one_in(4) ? pick(4) : 1 + pick(3);
    return directions | (one_in(3) ? 4U : 0U);
  }
  // Selector and value of a PIC.
  std::pair<std::uint32_t, std::uint32_t> pic() {
    return one_in(3) ? std::pair{1U, format()} : std::pair{0U, pointer()};
  }

  void exchange() {
    const std::uint32_t data = layout_.data.value();
    switch (pick(10)) {
      case 0:
        code_.add(Opcode::delay, {pick(40)});
        break;
      case 8:
        put(isa::csr::incoming_base, receive_base());
        break;
      case 1: {
        const auto [selector, v] = pic();
        code_.add(Opcode::delaypic, {pick(20), selector, v});
        break;
      }
      case 2:
        code_.add(Opcode::delayxpic, {pick(20), one_in(3) ? 1U : 0U, source()});
        break;
      case 3:
        put(isa::csr::outgoing_base, data);
        code_.add(Opcode::send, {pick(30), pick(256), control()});
        break;
      case 4:
        put(isa::csr::outgoing_base, data);
        put(isa::csr::outgoing_delta, distance());
        code_.add(Opcode::sendoff, {pick(30), pick(64), control()});
        break;
      case 5: {
        put(isa::csr::outgoing_base, layout_.wide_data.value());
        put(isa::csr::outgoing_delta, distance());
        const auto [selector, v] = pic();
        if (one_in(2)) {
          code_.add(Opcode::sendpic, {pick(30), 2 + selector, v});
        } else {
          code_.add(Opcode::sendpic, {pick(30), one_in(3) ? 1U : 0U, source()});
        }
        break;
      }
      case 6: {
        put(isa::csr::outgoing_base, data);
        const auto [selector, v] = pic();
        const std::uint32_t xpic = source() | (one_in(3) ? 0x2000U : 0U);
        code_.add(Opcode::sendpicp, {pick(30), pick(256), control(), selector, xpic, v});
        break;
      }
      case 7:
        code_.add(Opcode::sans, {pick(3)});
        break;
      default:
        if (!layout_.words_arrive) return plain();
        put(isa::csr::incoming_dcount, pick(8));
        code_.add(Opcode::sync, {0});
    }
  }

  void launch() {
    code_.set_m(entry, choice_.of(std::span<const ByteAddr>{layout_.worker_code}).value());
    if (one_in(4)) {
      if (!one_in(20)) code_.add(Opcode::sync, {2});
      code_.set_m(value, layout_.worker_data.value());
      code_.add(Opcode::runall_mmmn_zi, {entry, value, 0x100 + pick(16)});
      return;
    }
    // relative to the memory base
    code_.set_m(value, layout_.worker_data.value() - map().memory_base);
    const std::uint32_t times = 1 + pick(6);
    for (std::uint32_t i = 0; i < times; ++i) code_.add(Opcode::run_mmmn_zi, {entry, value, 4 * pick(64)});
  }

  void synchronise() { code_.add(Opcode::sync, {one_in(3) ? 3U : 2U}); }

  void coefficients() {
    if (coefficient_loads_.empty()) return;
    const Instruction& i = *choice_.of(std::span<const Instruction* const>{coefficient_loads_});
    put(isa::csr::cccsload, layout_.wide_data.value() + 16 * pick(64));
    const std::uint32_t n = 1 + pick(6);
    for (std::uint32_t k = 0; k < n; ++k) code_.add(i.opcode, {2 * pick(one_in(100) ? 128 : 32)});
  }

  void branch() {
    static constexpr Opcode branches[] = {Opcode::brz_mmmn_zi,     Opcode::brnz_mmmn_zi,
                                          Opcode::brneg_mmmn_zi,   Opcode::brpos_mmmn_zi,
                                          Opcode::brnzdec_mmmn_zi, Opcode::call_mmmn_zi};
    const Opcode opcode = choice_.of(branches);
    const std::uint32_t tested = opcode != Opcode::call_mmmn_zi && one_in(3) ? role::zero : pick(7);
    code_.add_branch(opcode, {tested}, code_.next_label() + 2);
    code_.add_word(nop_word());
  }

  // Writes an instruction a few words ahead and runs into it.
  void modify_code() {
    const std::uint32_t ahead = 1 + pick(9);
    code_.set_m(0, one_in(2) ? nop_word()
                             : isa::encode(isa::instruction(Opcode::add_mmmn_si), std::array{1U, 1U, 1U})[0]);
    code_.add_branch(Opcode::call_mmmn_zi, {3}, code_.next_label() + 1);
    code_.add(Opcode::st32_mmmn_zi, {3, role::zero, ahead, 0});
    for (std::uint32_t i = 0; i < 9; ++i) code_.add_word(nop_word());
  }

  void bad_stream() {
    switch (pick(4)) {
      case 0:
        code_.add(Opcode::send, {pick(60), pick(1U << 18U), pick(8)});
        break;
      case 1:
        code_.add(Opcode::sendoff, {pick(60), pick(1000), pick(8)});
        break;
      case 2:
        put(isa::csr::exchange_ctl, 2 * pick(8));
        code_.add(Opcode::sendpic, {pick(60), pick(4), pick(256)});
        break;
      default:
        code_.add(Opcode::sendpicp,
                  {pick(60), pick(1U << 18U), pick(8), pick(2), pick(1U << 14U), pick(256)});
    }
  }

  void bad_coefficients() {
    if (coefficient_loads_.empty()) return;
    const Instruction& i = *choice_.of(std::span<const Instruction* const>{coefficient_loads_});
    const std::uint32_t data = layout_.wide_data.value();
    const std::uint32_t addresses[] = {data, 0, layout_.data.value(), data + 4, data + 8};
    put(isa::csr::cccsload, choice_.of(addresses));
    code_.add(i.opcode, {pick(100)});
  }

  void fault() {
    switch (pick(9)) {
      case 8:
        bad_coefficients();
        break;
      case 0:
        add_border_access(choice_, code_, *choice_.of(std::span<const Instruction* const>{accesses_}), map(),
                          true);
        break;
      case 1: {
        // A worker that cannot start.
        const std::uint32_t entries[] = {0, map().region1_base, layout_.worker_code[0].value() + 2,
                                         map().memory_end};
        code_.set_m(entry, choice_.of(entries));
        code_.set_m(value, pick(3));
        code_.add(Opcode::run_mmmn_zi, {entry, value, 0});
        break;
      }
      case 2:  // a stream that leaves memory
        put(isa::csr::outgoing_base, 0x1FFFF0);
        bad_stream();
        break;
      case 3:
        code_.add(Opcode::delaypic, {pick(20), 1, pick(6)});
        break;
      case 4:  // a vertex base that is none
        code_.set_m(entry, layout_.worker_code[0].value());
        code_.set_m(value, 1 + pick(3));
        code_.add(one_in(2) ? Opcode::run_mmmn_zi : Opcode::runall_mmmn_zi, {entry, value, 0});
        break;
      case 5: {  // two words at an odd place, or not
        const isa::Words words = isa::encode(isa::instruction(Opcode::sendpicp),
                                             std::array{pick(30), pick(256), 0U, 0U, source(), pick(256)});
        code_.add_words(words, 2);
        break;
      }
      default:
        add_fault(choice_, code_, isa::Mode::supervisor, map());
    }
  }

  void one() {
    std::uint32_t left = pick(total_);
    for (const auto& [weight, make] : kinds_) {
      if (left < weight) return (this->*make)();
      left -= weight;
    }
  }

  void block(bool with_fault) {
    code_.set_m(role::counter, one_in(3) ? pick(3) : 0);
    const std::uint32_t loop = code_.next_label();
    const std::uint32_t n = 5 + pick(25);
    for (std::uint32_t i = 0; i < n && total_ != 0; ++i) one();
    if (with_fault) fault();
    code_.add_branch(Opcode::brnzdec_mmmn_zi, {role::counter}, loop);
  }

  SupervisorLayout layout_;
  Weights weights_;
  Choice choice_;
  Sequence code_;
  Pool plain_;
  std::vector<std::pair<unsigned, void (Generator::*)()>> kinds_;
  unsigned total_ = 0;
  std::vector<const Instruction*> accesses_;
  std::vector<const Instruction*> coefficient_loads_;
};

}  // namespace

Sequence make_supervisor(const SupervisorLayout& layout, std::uint64_t seed, const Weights& weights) {
  return Generator(layout, seed, weights).make();
}

Sequence make_faulty_supervisor(const SupervisorLayout& layout, std::uint64_t seed, const Weights& weights) {
  return Generator(layout, seed, weights).make_faulty();
}

}  // namespace ipusim::random
