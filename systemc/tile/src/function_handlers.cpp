// SPDX-License-Identifier: Apache-2.0
// Division, roots and transcendental functions of f32; transcendental functions of f16, two lanes.
#include "half_results.hpp"
#include "ipusim/arith/division.hpp"
#include "ipusim/arith/functions.hpp"

namespace ipusim::tile {
namespace {

using arith::Function;
using isa::Opcode;

constexpr auto quotient = [](auto& k, const Op& o) {
  k.write_a(o.operand[0], taken(k, arith::divide(k.a(o.operand[1]), k.a(o.operand[2]), f32_environment(k))));
};
template <auto operation>
constexpr auto root = [](auto& k, const Op& o) {
  k.write_a(o.operand[0], taken(k, operation(k.a(o.operand[1]), f32_environment(k))));
};
template <Function function>
constexpr auto single = [](auto& k, const Op& o) {
  k.write_a(o.operand[0], taken(k, arith::evaluate(function, k.a(o.operand[1]), rounding(k))));
};
template <Function function>
constexpr auto two_halves = [](auto& k, const Op& o) {
  HalfResults round{k};
  if (round.refused()) return;
  const std::uint32_t x = k.a(o.operand[1]);
  const auto lane = [&](unsigned i) {
    return taken(k, arith::evaluate_half(function, half_of(x, i), round.rules(), round.random(i)));
  };
  const std::uint16_t low = lane(0);
  k.write_a(o.operand[0], halves(low, lane(1)));
};

template <Function function>
void add_function(HandlerTable& t, Opcode one, Opcode two) {
  t.add(one, single<function>);
  t.add(two, two_halves<function>);
}

}  // namespace

void add_function_handlers(HandlerTable& t) {
  t.add(Opcode::f32div_aaan, quotient);
  t.add(Opcode::f32sqrt_aaan, root<arith::square_root>);
  t.add(Opcode::f32oox_aaan, root<arith::reciprocal>);
  t.add(Opcode::f32oorx_aaan, root<arith::reciprocal_square_root>);
  add_function<Function::exp>(t, Opcode::f32exp_aaan, Opcode::f16v2exp_aaan);
  add_function<Function::exp2>(t, Opcode::f32exp2_aaan, Opcode::f16v2exp2_aaan);
  add_function<Function::ln>(t, Opcode::f32ln_aaan, Opcode::f16v2ln_aaan);
  add_function<Function::log2>(t, Opcode::f32log2_aaan, Opcode::f16v2log2_aaan);
  add_function<Function::tanh>(t, Opcode::f32tanh_aaan, Opcode::f16v2tanh_aaan);
  add_function<Function::sigm>(t, Opcode::f32sigm_aaan, Opcode::f16v2sigm_aaan);
}

}  // namespace ipusim::tile
