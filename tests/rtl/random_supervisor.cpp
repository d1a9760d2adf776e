#include "random_supervisor.hpp"

#include <algorithm>
#include <iterator>

namespace ipusim::tile::test {
namespace {

constexpr std::uint32_t counter = 7, data_base = 8, wide_base = 9, entry = 10, value = 11;
constexpr std::uint32_t zero = 15;

class Generator {
 public:
  Generator(const SupervisorLayout& layout, std::uint32_t seed)
      : layout_(layout), random_(seed), program_(layout.code) {
    for (const isa::Instruction& i : isa::all_instructions()) {
      if (i.fast && i.rtl && i.lane == isa::Lane::main && i.mode == isa::Mode::both && !i.control &&
          !i.system) {
        plain_.push_back(&i);
      }
    }
  }

  Program make() {
    prologue();
    const std::uint32_t blocks = 4 + pick(8);
    for (std::uint32_t i = 0; i < blocks; ++i) block();
    program_.add(Opcode::sync, {3});
    program_.add(Opcode::bri_mmmn_zi, {program_.here().value() - 4});
    return program_;
  }

 private:
  std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  std::uint32_t bits() { return static_cast<std::uint32_t>(random_()); }
  static unsigned csr(std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; }

  void put(std::string_view name, std::uint32_t v) {
    program_.set_m(value, v);
    program_.add(Opcode::put_mmmn_zi, {value, csr(name)});
  }

  void prologue() {
    for (std::uint32_t m = 0; m < 7; ++m) program_.set_m(m, bits());
    program_.set_m(data_base, layout_.data.value());
    program_.set_m(wide_base, layout_.wide_data.value());
    put("INCOMING_BASE", layout_.wide_data.value() + 0x800);
    put("FP_ICTL", pick(5) << 16U);
  }

  std::uint32_t destination() { return pick(8) == 0 ? 12 + pick(4) : pick(7); }

  void add(const isa::Instruction& i, const std::vector<std::uint32_t>& v) {
    switch (v.size()) {
      case 2:
        program_.add(i.opcode, {v[0], v[1]});
        break;
      case 3:
        program_.add(i.opcode, {v[0], v[1], v[2]});
        break;
      default:
        program_.add(i.opcode, {v[0], v[1], v[2], v[3]});
        break;
    }
  }

  void plain() {
    const isa::Instruction& i = *plain_[pick(static_cast<std::uint32_t>(plain_.size()))];
    std::vector<std::uint32_t> v;
    for (const isa::Operand& o : i.operands) {
      if (o.cls == isa::OperandClass::MR) {
        v.push_back(o.direction == isa::Direction::in ? pick(16) : destination());
      } else if (o.cls == isa::OperandClass::high_immediate) {
        v.push_back(bits() & 0xFFF00000U);
      } else if (o.cls == isa::OperandClass::signed_immediate) {
        const std::uint32_t sign = 1U << (o.width - 1U);
        v.push_back(((bits() & (2 * sign - 1)) ^ sign) - sign);
      } else {
        v.push_back(bits() & ((1U << o.width) - 1U));
      }
    }
    if (i.load || i.store) {
      // Reach the supervisor's data; the address register of a step form is set first.
      v[0] = pick(2) == 0 ? data_base : wide_base;
      if (i.opcode == Opcode::stm32_mmmn) {
        v[1] = zero;
      } else if (i.opcode == Opcode::stm32step_mmmn) {
        program_.set_m(5, layout_.data.value() + 4 * pick(256));
        v = {pick(7), 5, v[2]};
      } else if (i.operands[1].direction == isa::Direction::inout) {
        program_.set_m(5, 4 * pick(256));
        v[1] = 5;
      } else {
        v[1] = zero;
        v[2] = i.operands[2].cls == isa::OperandClass::MR ? zero : v[2] & 0xFFU;
      }
    }
    add(i, v);
  }

  void csr_access() {
    const auto all = isa::all_csrs();
    const isa::Csr& c = all[pick(static_cast<std::uint32_t>(all.size()))];
    if (c.mode == isa::Mode::worker || !c.rtl) return plain();
    if (c.access == isa::CsrAccess::read_only || pick(2) == 0) {
      program_.add(Opcode::get_mmmn_zi, {destination(), c.index});
      return;
    }
    std::uint32_t v = bits();
    if (c.name == "INCOMING_DCOUNT") v = 0;
    if (c.name == "INCOMING_FORMAT") v = 0;
    if (c.name == "EXCHANGE_CTL") v &= 7U;
    if (c.name == "INCOMING_BASE") v = layout_.wide_data.value() + 0x800 + 16 * pick(8);
    if (c.name == "INCOMING_DELTA") v = 4 * pick(256);
    if (c.name == "OUTGOING_BASE") v = layout_.data.value();
    if (c.name == "OUTGOING_DELTA") v = 4 * pick(64);
    if (c.name.starts_with("WORKER") && pick(8) != 0) return plain();  // faults while the worker is active
    put(c.name, v);
  }

  void exchange() {
    const std::uint32_t source = pick(0x700);
    switch (pick(8)) {
      case 0:
        program_.add(Opcode::delay, {pick(40)});
        break;
      case 1:
        program_.add(Opcode::delaypic, {pick(20), 0, pick(256)});
        break;
      case 2:
        program_.add(Opcode::delayxpic, {pick(20), 0, source});
        break;
      case 3:
        put("OUTGOING_BASE", layout_.data.value());
        program_.add(Opcode::send, {pick(30), pick(256), pick(4)});
        break;
      case 4:
        put("OUTGOING_BASE", layout_.data.value());
        put("OUTGOING_DELTA", 4 * pick(64));
        program_.add(Opcode::sendoff, {pick(30), pick(64), pick(4)});
        break;
      case 5: {
        put("OUTGOING_BASE", layout_.wide_data.value());
        put("OUTGOING_DELTA", 4 * pick(64));
        const std::uint32_t kind = 2 * pick(2);
        program_.add(Opcode::sendpic, {pick(30), kind, kind == 0 ? source : pick(256)});
        break;
      }
      case 6:
        put("OUTGOING_BASE", layout_.data.value());
        if (program_.here().value() % 8 != 0) program_.add_word(nop().first);
        program_.add(Opcode::sendpicp, {pick(30), pick(256), pick(4), 0, source, pick(256)});
        break;
      default:
        program_.add(Opcode::sans, {pick(3)});
        break;
    }
  }

  void launch() {
    const auto& codes = layout_.worker_code;
    program_.set_m(entry, codes[pick(static_cast<std::uint32_t>(codes.size()))].value());
    if (pick(4) == 0) {
      program_.add(Opcode::sync, {2});
      program_.set_m(value, layout_.worker_data.value());
      program_.add(Opcode::runall_mmmn_zi, {entry, value, 0x100 + pick(16)});
    } else {
      // relative to the memory base
      program_.set_m(value, layout_.worker_data.value() - isa::arch_info(isa::Arch::ipu2).memory_base);
      program_.add(Opcode::run_mmmn_zi, {entry, value, 4 * pick(64)});
    }
  }

  void one() {
    const std::uint32_t kind = pick(40);
    if (kind < 28) {
      plain();
    } else if (kind < 32) {
      csr_access();
    } else if (kind < 36) {
      exchange();
    } else if (kind < 38) {
      launch();
    } else if (kind == 38) {
      program_.add(Opcode::sync, {pick(3) == 0 ? 3U : 2U});
    } else {
      const Opcode branches[] = {Opcode::brz_mmmn_zi, Opcode::brnz_mmmn_zi, Opcode::brneg_mmmn_zi,
                                 Opcode::brpos_mmmn_zi};
      program_.add(branches[pick(4)], {pick(16), (program_.here() + 8).value()});
      program_.add_word(nop().first);
    }
  }

  void block() {
    program_.set_m(counter, pick(3));
    const ByteAddr loop = program_.here();
    const std::uint32_t n = 5 + pick(25);
    for (std::uint32_t i = 0; i < n; ++i) one();
    program_.add(Opcode::brnzdec_mmmn_zi, {counter, loop.value()});
  }

  SupervisorLayout layout_;
  std::mt19937 random_;
  Program program_;
  std::vector<const isa::Instruction*> plain_;
};

}  // namespace

Program random_supervisor(const SupervisorLayout& layout, std::uint32_t seed) {
  return Generator(layout, seed).make();
}

bool executed_alike(std::uint32_t word) {
  for (const isa::Mode mode : {isa::Mode::worker, isa::Mode::supervisor}) {
    for (const std::uint32_t candidate : {word, word & ~coissue_bit}) {
      const Opcode opcode = isa::decode(candidate, mode);
      if (opcode == Opcode::invalid) continue;
      const isa::Instruction& info = isa::instruction(opcode);
      if (info.fast != info.rtl) return false;
    }
  }
  return true;
}

Program random_words(ByteAddr code, std::uint32_t count, isa::Mode mode, std::uint32_t seed) {
  std::mt19937 random(seed);
  Program program(code);
  const auto all = isa::all_instructions();
  while (program.words().size() < count) {
    const isa::Instruction& instruction = all[random() % all.size()];
    std::uint32_t word = instruction.match | (static_cast<std::uint32_t>(random()) & ~instruction.mask);
    // Bundles often enough to get past the first word.
    if (mode == isa::Mode::worker && program.here().value() % 8 != 0 && random() % 2 == 0) {
      word |= program.words().back() & coissue_bit;
    }
    if (mode == isa::Mode::supervisor && random() % 4 != 0) word &= ~coissue_bit;
    if (random() % 16 == 0) word ^= 1U << (random() % 32);
    if (executed_alike(word)) program.add_word(word);
  }
  return program;
}

}  // namespace ipusim::tile::test
