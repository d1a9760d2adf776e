// SPDX-License-Identifier: Apache-2.0
// Random words, masks and values. Each word is one step of the worker's generator (docs/provenance.md).
#include "half_results.hpp"
#include "ipusim/arith/random_values.hpp"

namespace ipusim::tile {
namespace {

using arith::F16;
using arith::F32;
using isa::Opcode;
using U = std::uint32_t;

void random32(Machine& k, const Op& o) { k.write_a(o.operand[0], static_cast<U>(k.random_word())); }
void random64(Machine& k, const Op& o) {
  const std::uint64_t word = k.random_word();
  k.write_a(o.operand[0], static_cast<U>(word));
  k.write_a(o.operand[0] + 1, static_cast<U>(word >> 32U));
}

// op1 the values, op2 the probability. A generator step even if all are kept (O41, chosen).
void mask_halves(Machine& k, const Op& o) {
  const auto kept = arith::kept_elements(k.random_word(), k.a(o.operand[2]));
  std::array<U, 2> result;
  for (unsigned i = 0; i < 2; ++i)
    result[i] = k.a(o.operand[1] + i) & ((kept[2 * i] ? 0xFFFFU : 0U) | (kept[2 * i + 1] ? 0xFFFF0000U : 0U));
  for (unsigned i = 0; i < 2; ++i) k.write_a(o.operand[0] + i, result[i]);
}
void mask_singles(Machine& k, const Op& o) {
  const auto kept = arith::kept_elements(k.random_word(), k.a(o.operand[2]));
  const U first = kept[0] ? k.a(o.operand[1]) : 0;
  const U second = kept[1] ? k.a(o.operand[1] + 1) : 0;
  k.write_a(o.operand[0], first);
  k.write_a(o.operand[0] + 1, second);
}

// One generator step per value (O43, chosen).
void gaussian_halves(Machine& k, const Op& o) {
  const auto words = k.random_words<2>();
  k.write_a(o.operand[0], halves(arith::gaussian<F16>(words[0]), arith::gaussian<F16>(words[1])));
}
void gaussian_singles(Machine& k, const Op& o) {
  const auto words = k.random_words<2>();
  k.write_a(o.operand[0], arith::gaussian<F32>(words[0]));
  k.write_a(o.operand[0] + 1, arith::gaussian<F32>(words[1]));
}

template <unsigned registers>
constexpr auto fractions_of_halves = [](auto& k, const Op& o) {
  std::array<U, registers> result;
  for (unsigned i = 0; i < registers; ++i) {
    const U u = k.a(o.operand[1] + i);
    result[i] =
        halves(arith::signed_fraction<F16>(half_of(u, 0)), arith::signed_fraction<F16>(half_of(u, 1)));
  }
  for (unsigned i = 0; i < registers; ++i) k.write_a(o.operand[0] + i, result[i]);
};
template <unsigned registers>
constexpr auto fractions_of_singles = [](auto& k, const Op& o) {
  std::array<U, registers> result;
  for (unsigned i = 0; i < registers; ++i) result[i] = arith::signed_fraction<F32>(k.a(o.operand[1] + i));
  for (unsigned i = 0; i < registers; ++i) k.write_a(o.operand[0] + i, result[i]);
};

}  // namespace

void add_random_handlers(HandlerTable& t) {
  t.add(Opcode::urand32_aaan, random32);
  t.add(Opcode::urand64_aaan, random64);
  t.add(Opcode::f16v4rmask_aaan, mask_halves);
  t.add(Opcode::f32v2rmask_aaan, mask_singles);
  t.add(Opcode::f16v2grand_aaan, gaussian_halves);
  t.add(Opcode::f32v2grand_aaan, gaussian_singles);
  t.add(Opcode::f16v2sufromui_aaan, fractions_of_halves<1>);
  t.add(Opcode::f16v4sufromui_aaan, fractions_of_halves<2>);
  t.add(Opcode::f32sufromui_aaan, fractions_of_singles<1>);
  t.add(Opcode::f32v2sufromui_aaan, fractions_of_singles<2>);
}

}  // namespace ipusim::tile
