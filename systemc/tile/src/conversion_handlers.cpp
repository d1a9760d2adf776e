// SPDX-License-Identifier: Apache-2.0
// f32 to and from integers, rounding to integral values, class codes, sums of neighbouring f16 lanes.
#include "half_results.hpp"
#include "ipusim/arith/classify.hpp"
#include "ipusim/arith/integer_conversion.hpp"
#include "ipusim/arith/operations.hpp"

namespace ipusim::tile {
namespace {

using arith::F16;
using arith::F32;
using isa::Opcode;
using U = std::uint32_t;

template <auto operation>
constexpr auto converted = [](auto& k, const Op& o) {
  k.write_a(o.operand[0], taken(k, operation(k.a(o.operand[1]), rounding(k))));
};
// op2: the rounding mode.
constexpr auto integral = [](auto& k, const Op& o) {
  const auto mode = arith::rounding_from_code(o.operand[2]);
  k.write_a(o.operand[0], taken(k, arith::round_to_integral(k.a(o.operand[1]), mode)));
};

// One byte per element, the first lowest.
template <unsigned elements>
constexpr auto classes_of_singles = [](auto& k, const Op& o) {
  U codes = 0;
  for (unsigned i = 0; i < elements; ++i)
    codes |= static_cast<U>(arith::classify<F32>(k.a(o.operand[1] + i))) << (8 * i);
  k.write_a(o.operand[0], codes);
};
template <unsigned elements>
constexpr auto classes_of_halves = [](auto& k, const Op& o) {
  U codes = 0;
  for (unsigned i = 0; i < elements; ++i)
    codes |= static_cast<U>(arith::classify<F16>(half_of(k.a(o.operand[1] + i / 2), i % 2))) << (8 * i);
  k.write_a(o.operand[0], codes);
};

// The f32 sum of each pair of neighbouring lanes (O28, chosen).
template <unsigned sums>
constexpr auto sums_of_halves = [](auto& k, const Op& o) {
  std::array<U, sums> result;
  for (unsigned i = 0; i < sums; ++i) {
    const U source = k.a(o.operand[1] + i);
    result[i] = taken(k, arith::add<F32>(entering(k, half_of(source, 0)), entering(k, half_of(source, 1)),
                                         f32_environment(k)));
  }
  for (unsigned i = 0; i < sums; ++i) k.write_a(o.operand[0] + i, result[i]);
};

}  // namespace

void add_conversion_handlers(HandlerTable& t) {
  t.add(Opcode::f32fromi32_aaan, converted<arith::from_signed>);
  t.add(Opcode::f32fromui32_aaan, converted<arith::from_unsigned>);
  t.add(Opcode::f32toi32_aaan, converted<arith::to_signed>);
  t.add(Opcode::f32toui32_aaan, converted<arith::to_unsigned>);
  t.add(Opcode::f32int_aaan_ef, integral);
  t.add(Opcode::f32class_aaan, classes_of_singles<1>);
  t.add(Opcode::f32v2class_aaan, classes_of_singles<2>);
  t.add(Opcode::f16v2class_aaan, classes_of_halves<2>);
  t.add(Opcode::f16v4class_aaan, classes_of_halves<4>);
  t.add(Opcode::f16v2sum_aaan, sums_of_halves<1>);
  t.add(Opcode::f16v4sum_aaan, sums_of_halves<2>);
}

}  // namespace ipusim::tile
