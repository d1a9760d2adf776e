// SPDX-License-Identifier: Apache-2.0
#include "layout.hpp"

#include <algorithm>
#include <map>

namespace ipusim::operands {
namespace {

using isa::OperandClass;

// Bytes of a single access.
U access_bytes(const isa::Instruction& instruction) {
  const std::string_view m = instruction.mnemonic;
  U bits = 0;
  for (std::size_t i = m.find_first_of("0123456789"); i < m.size() && m[i] >= '0' && m[i] <= '9'; ++i)
    bits = 10 * bits + static_cast<U>(m[i] - '0');
  return bits / 8;
}

U random_immediate(const isa::Instruction& instruction, const isa::Operand& operand, std::mt19937& random) {
  const auto any = static_cast<U>(random());
  if (instruction.mnemonic == "uget" || instruction.mnemonic == "uput")
    return isa::find_csr(isa::Mode::worker, "TAS")->index & 0xFFU;
  if (instruction.mnemonic == "get") return isa::find_csr(isa::Mode::worker, "WSR")->index;
  // Flags that every accumulating instruction takes, selectors of no stride.
  if (instruction.id.ends_with("_ef")) return any & 1U;
  if (addressing_of(instruction) == Addressing::sum && operand.cls == OperandClass::unsigned_immediate)
    return any & 3U;
  const U mask = (1U << operand.width) - 1U;
  switch (operand.cls) {
    case OperandClass::high_immediate:
      return (any & mask) << 20U;
    case OperandClass::signed_immediate: {
      const U sign = 1U << (operand.width - 1U);
      return ((any & mask) ^ sign) - sign;
    }
    default:
      return any & mask;
  }
}

// f32 and pairs of f16: zeros, denormals, the largest, infinities, NaNs, numbers; some are integer corners
// too.
U random_value(std::mt19937& random) {
  static constexpr std::array<U, 20> corners{0,          1,          0x80000000, 0xFFFFFFFF, 0x7FFFFFFF,
                                             0x3F800000, 0xBF800000, 0x00400000, 0x7F7FFFFF, 0xFF7FFFFF,
                                             0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001, 0x3C00BC00,
                                             0x7BFF0001, 0x7C00FC00, 0x7E007C01, 0x80000400, 0x40490FDB};
  const auto any = static_cast<U>(random());
  switch (any % 4) {
    case 0:
      return corners.at((any >> 8U) % corners.size());
    case 1:  // an f32 of moderate size
      return (static_cast<U>(random()) & 0x80FFFFFFU) | 0x3F000000U;
    case 2:  // two f16 of moderate size
      return (static_cast<U>(random()) & 0x8FFF8FFFU) | 0x30003000U;
    default:
      return static_cast<U>(random());
  }
}

struct Term {
  U reg;
  U scale;
};

// Registers that make the address; those that hold nothing left out.
std::vector<Term> address_terms(const Step& step) {
  const isa::Instruction& i = *step.instruction;
  std::vector<Term> terms;
  if (addressing_of(i) == Addressing::single) {
    terms = {{step.operands[1], 1}};
  } else if (i.mnemonic == "stm32") {
    terms = {{step.operands[0], 1}, {step.operands[1], 4}};
  } else {
    terms = {{step.operands[0], 1}, {step.operands[1], 1}};
    const bool scaled = i.mnemonic.find("step") == std::string_view::npos;
    if (scaled && is_register(i.operands[2])) terms.push_back({step.operands[2], access_bytes(i)});
  }
  std::erase_if(terms, [](const Term& t) { return t.reg >= m_count; });
  return terms;
}

constexpr U grain = 16;  // no access is wider

// The first register carries the address, the others multiples of the widest access.
bool set_addresses(const Step& step, State& state, const Places& places, std::mt19937& random) {
  const std::vector<Term> terms = address_terms(step);
  if (terms.empty()) return false;
  const isa::Instruction& i = *step.instruction;
  const U place = i.store ? places.store : access_bytes(i) == grain ? places.wide : places.first;
  U carried = 0;
  for (const Term& term : terms) {
    state.m.at(term.reg) = grain * (static_cast<U>(random()) % 4);
    if (term.reg == terms.front().reg) carried += term.scale;
  }
  state.m.at(terms.front().reg) = (place / carried + grain) / grain * grain;
  return true;
}

// Packed addresses, or base, pointer and deltas, each in another element.
void set_several(const Step& step, State& state, const Places& places) {
  const isa::Instruction& i = *step.instruction;
  if (i.mnemonic.find("pace") != std::string_view::npos) {
    constexpr U bits = 21, high = 11;
    const U pair = step.operands[1];
    state.m.at(pair) = places.first | (places.store & ((1U << high) - 1U)) << bits;
    state.m.at(pair + 1) = places.second | (places.store >> high) << bits;
    return;
  }
  state.m.at(step.operands[0]) = places.first;
  if (i.mnemonic != "ldb16b16") state.m.at(step.operands[1]) = places.second;
  state.m.at(step.operands[2]) = 0x40000010;
}

}  // namespace

bool is_register(const isa::Operand& operand) { return operand.cls <= OperandClass::Broadcast; }
bool in_m_file(const isa::Operand& operand) {
  return operand.cls == OperandClass::MR || operand.cls == OperandClass::MRPair;
}
unsigned span_of(const isa::Operand& operand) {
  if (operand.cls == OperandClass::MRPair || operand.cls == OperandClass::ARPair) return 2;
  return operand.cls == OperandClass::ARQuad ? 4 : 1;
}
bool reads(const isa::Operand& operand) { return operand.direction != isa::Direction::out; }
bool writes(const isa::Operand& operand) { return operand.direction != isa::Direction::in; }
unsigned live_registers(const isa::Operand& operand) { return in_m_file(operand) ? m_count : a_count; }

Addressing addressing_of(const isa::Instruction& i) {
  if ((!i.load && !i.store) || i.mode == isa::Mode::supervisor) return Addressing::none;
  if (i.mnemonic == "stm32step") return Addressing::single;
  const auto has = [&](std::string_view part) { return i.mnemonic.find(part) != std::string_view::npos; };
  return has("pace") || has("ldd16") || has("b16b16") || has("64a32") ? Addressing::several : Addressing::sum;
}

bool is_covered(const isa::Instruction& i) {
  if (i.mode == isa::Mode::supervisor || i.words != 1) return false;
  return !i.mnemonic.starts_with("exit") && i.mnemonic != "rpt" && i.mnemonic != "trap" &&
         i.mnemonic != "put";
}

bool overlap(const Step& step, std::size_t i, std::size_t j) {
  const isa::Operand &x = step.instruction->operands[i], &y = step.instruction->operands[j];
  if (!is_register(x) || !is_register(y) || in_m_file(x) != in_m_file(y)) return false;
  return step.operands[i] < step.operands[j] + span_of(y) && step.operands[j] < step.operands[i] + span_of(x);
}

Step distinct_operands(const isa::Instruction& instruction, std::mt19937& random) {
  Step step{&instruction, std::vector<U>(instruction.operands.size())};
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < step.operands.size(); ++i) {
    if (is_register(instruction.operands[i]))
      order.push_back(i);
    else
      step.operands[i] = random_immediate(instruction, instruction.operands[i], random);
  }
  // Wide ones first: they need aligned places.
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return span_of(instruction.operands[x]) > span_of(instruction.operands[y]);
  });
  for (std::size_t n = 0; n < order.size(); ++n) {
    const isa::Operand& operand = instruction.operands[order[n]];
    const auto is_taken = [&] {
      return std::any_of(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(n),
                         [&](std::size_t earlier) { return overlap(step, earlier, order[n]); });
    };
    const U span = span_of(operand);
    do step.operands[order[n]] = static_cast<U>(random()) % (live_registers(operand) / span) * span;
    while (is_taken());
  }
  return step;
}

std::optional<std::array<State, workers>> states_for(const Step& step, std::mt19937& random) {
  std::array<State, workers> states;
  for (unsigned w = 0; w < workers; ++w) {
    State& state = states.at(w);
    for (U& m : state.m) m = random_value(random);
    for (U& a : state.a) a = random_value(random);
    const Addressing addressing = addressing_of(*step.instruction);
    if (addressing == Addressing::several) set_several(step, state, places_of(w));
    if ((addressing == Addressing::sum || addressing == Addressing::single) &&
        !set_addresses(step, state, places_of(w), random))
      return std::nullopt;
  }
  return states;
}

}  // namespace ipusim::operands
