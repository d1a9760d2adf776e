#include "random_program.hpp"

#include <vector>

namespace ipusim::tile::test {
namespace {

// Fixed roles: $m7 loop counter, $m8 data, $m9 wide data, $m10 delta (stepped), $m11 small offset. Delta and
// offset stay multiples of 16, so that any access through them is aligned.
constexpr std::uint32_t counter = 7, data_base = 8, wide_base = 9, delta = 10, offset = 11;

class Generator {
 public:
  Generator(const RandomProgramLayout& layout, std::uint32_t seed)
      : layout_(layout), random_(seed), careless_(seed % 8 == 0 ? 40 : 600), program_(layout.code) {
    for (const isa::Instruction& instruction : isa::all_instructions()) {
      if (usable(instruction)) {
        (instruction.lane == isa::Lane::main ? main_ : aux_).push_back(&instruction);
      }
    }
  }

  Program make() {
    prologue();
    const std::uint32_t blocks = 3 + pick(4);
    for (std::uint32_t i = 0; i < blocks; ++i) {
      block();
    }
    program_.add(Opcode::exitz_mmmn, {pick(16)});
    return program_;
  }

 private:
  static bool usable(const isa::Instruction& i) {
    const bool ipu2 = (i.arch_mask & static_cast<unsigned>(isa::Arch::ipu2)) != 0;
    return i.fast && i.rtl && ipu2 && i.mode != isa::Mode::supervisor && !i.control && !i.system;
  }

  std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }

  void prologue() {
    program_.add(Opcode::get_mmmn_zi, {0, isa::find_csr(isa::Mode::worker, "WSR")->index});
    program_.add(Opcode::shl_mmmn_zi, {1, 0, 8});
    program_.set_m(data_base, layout_.data.value());
    program_.set_m(wide_base, layout_.wide_data.value());
    program_.set_m(offset, 16 * pick(4));
    const std::uint32_t control = (pick(8) << 16U) | (pick(8) == 0 ? pick(8) : 0);
    program_.set_m(delta, control);
    program_.add(Opcode::stm32_mmmn, {data_base, 0, delta});
    program_.add(Opcode::ld32_mman, {data_base, 15, 0, 0});
    program_.add(Opcode::uput_aaan_zi, {0, isa::find_csr(isa::Mode::worker, "FP_CTL")->index & 0xFFU});
    program_.add(Opcode::ld128_mman_zi, {wide_base, 1, 0, 0});
    program_.add(Opcode::ld128_mman_zi, {wide_base, 1, 1, 4});
    program_.set_m(delta, 16 * pick(64));
    for (std::uint32_t m = 0; m < 7; ++m) {
      if (m != 1) {
        program_.add(Opcode::ld32_mmmn_zi, {wide_base, 1, 8 + m, m});
      }
    }
  }

  std::uint32_t destination_m() { return pick(8) == 0 ? 12 + pick(4) : pick(7); }

  std::uint32_t register_for(const isa::Operand& operand) {
    const bool written = operand.direction != isa::Direction::in;
    switch (operand.cls) {
      case isa::OperandClass::MR:
        return written ? destination_m() : pick(16);
      case isa::OperandClass::ARPair:
        return 2 * pick(8);
      case isa::OperandClass::ARQuad:
        return 4 * pick(4);
      default:
        return pick(16);
    }
  }

  std::uint32_t immediate_for(const isa::Operand& operand) {
    const auto bits = static_cast<std::uint32_t>(random_());
    switch (operand.cls) {
      case isa::OperandClass::high_immediate:
        return bits & 0xFFF00000U;
      case isa::OperandClass::signed_immediate: {
        const std::uint32_t sign = 1U << (operand.width - 1U);
        return ((bits & (2 * sign - 1)) ^ sign) - sign;
      }
      default:
        return bits & ((1U << operand.width) - 1U);
    }
  }

  Encoded encode_values(const isa::Instruction& i, const std::vector<std::uint32_t>& v) {
    switch (v.size()) {
      case 2:
        return encode(i.opcode, {v[0], v[1]});
      case 3:
        return encode(i.opcode, {v[0], v[1], v[2]});
      default:
        return encode(i.opcode, {v[0], v[1], v[2], v[3]});
    }
  }

  // Mostly good addresses: bases and deltas of the program, small offsets; one access in `careless_` is left
  // to chance.
  Encoded memory_access(const isa::Instruction& i) {
    const bool anything = pick(careless_) == 0;
    const std::uint32_t base = i.id.starts_with("ld128") || pick(2) == 0 ? wide_base : data_base;
    std::vector<std::uint32_t> values;
    for (const isa::Operand& operand : i.operands) {
      const bool is_register = operand.cls <= isa::OperandClass::Broadcast;
      values.push_back(is_register ? register_for(operand) : immediate_for(operand) & 0xFFU);
      if (!is_register && operand.cls == isa::OperandClass::signed_immediate) {
        values.back() = 16 * (pick(5) - 2U);
      }
    }
    if (anything) {
      return encode_values(i, values);
    }
    if (i.opcode == Opcode::stm32_mmmn) {
      return encode(i.opcode, {base, offset, values[2]});
    }
    if (i.opcode == Opcode::stm32step_mmmn) {
      return encode(i.opcode, {15, base, values[2]});  // stride 0: the base stays
    }
    const bool step = i.operands[1].direction == isa::Direction::inout;
    values[0] = base;
    values[1] = step || pick(2) == 0 ? delta : 15;
    if (i.operands[2].cls == isa::OperandClass::MR) {
      values[2] = step ? (pick(2) == 0 ? offset : 15) : offset;
    }
    return encode_values(i, values);
  }

  Encoded instruction(const std::vector<const isa::Instruction*>& from) {
    const isa::Instruction& i = *from[pick(static_cast<std::uint32_t>(from.size()))];
    if (i.load || i.store) {
      return memory_access(i);
    }
    std::vector<std::uint32_t> values;
    for (const isa::Operand& operand : i.operands) {
      values.push_back(operand.cls <= isa::OperandClass::Broadcast ? register_for(operand)
                                                                   : immediate_for(operand));
    }
    return encode_values(i, values);
  }

  static bool is_a(isa::OperandClass cls) {
    return cls == isa::OperandClass::AR || cls == isa::OperandClass::ARPair ||
           cls == isa::OperandClass::ARQuad;
  }
  static std::uint32_t written_a(Encoded word) {
    const isa::Instruction& i = isa::instruction(isa::decode(word.first, isa::Mode::worker));
    std::uint32_t mask = 0;
    for (const isa::Operand& operand : i.operands) {
      if (is_a(operand.cls) && operand.direction != isa::Direction::in) {
        const unsigned n = operand.cls == isa::OperandClass::AR       ? 1
                           : operand.cls == isa::OperandClass::ARPair ? 2
                                                                      : 4;
        mask |= ((1U << n) - 1U) << operand.value(word.first);
      }
    }
    return mask;
  }

  void bundle() {
    const Encoded main = instruction(main_);
    Encoded aux = instruction(aux_);
    while ((written_a(main) & written_a(aux)) != 0) {
      aux = instruction(aux_);
    }
    program_.add_bundle(main, aux);
  }

  void some_instructions() {
    const std::uint32_t n = 1 + pick(8);
    for (std::uint32_t i = 0; i < n; ++i) {
      if (program_.here().value() % 8 == 0 && pick(2) == 0) {
        bundle();
      } else {
        program_.add_word(instruction(pick(2) == 0 ? main_ : aux_).first);
      }
    }
  }

  void repeat() {
    const std::uint32_t bundles = 1 + pick(3);
    program_.align(8);
    program_.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {pick(6), bundles - 1}), instruction(aux_));
    for (std::uint32_t i = 0; i < bundles; ++i) {
      bundle();
    }
  }

  void block() {
    program_.add(Opcode::setzi_mmmn_zi, {counter, pick(4)});
    const ByteAddr loop = program_.here();
    some_instructions();
    if (pick(2) == 0) {
      repeat();
    }
    if (pick(3) == 0) {
      // Skips one word, or not.
      const Opcode branches[] = {Opcode::brz_mmmn_zi, Opcode::brnz_mmmn_zi, Opcode::brneg_mmmn_zi,
                                 Opcode::brpos_mmmn_zi};
      program_.add(branches[pick(4)], {pick(16), (program_.here() + 8).value()});
      program_.add_word(instruction(main_).first);
    }
    if (pick(4) == 0) {
      program_.add(Opcode::get_mmmn_zi, {pick(7), isa::find_csr(isa::Mode::worker, "COUNT_L")->index});
    }
    some_instructions();
    program_.add(Opcode::brnzdec_mmmn_zi, {counter, loop.value()});
  }

  RandomProgramLayout layout_;
  std::mt19937 random_;
  std::uint32_t careless_;
  Program program_;
  std::vector<const isa::Instruction*> main_;
  std::vector<const isa::Instruction*> aux_;
};

}  // namespace

Program random_worker(const RandomProgramLayout& layout, std::uint32_t seed) {
  return Generator(layout, seed).make();
}

}  // namespace ipusim::tile::test
