// SPDX-License-Identifier: Apache-2.0
// f32 addition, subtraction, multiplication and compares: scalar, two lanes, and one operand for both lanes.
#include "direct.hpp"
#include "float_control.hpp"
#include "ipusim/arith/operations.hpp"

namespace ipusim::tile {
namespace {

using arith::F32;
using arith::Relation;
using isa::Opcode;
using U = std::uint32_t;

template <auto operation>
constexpr auto arithmetic = [](auto& k, U x, U y) { return taken(k, operation(x, y, f32_environment(k))); };
template <Relation relation>
constexpr auto comparison = [](auto& k, U x, U y) {
  const auto result = arith::compare<F32>(x, y, relation, arith::Denormals::flush);
  k.raise_flags(result.flags);
  return result.holds ? 0xFFFFFFFFU : U{0};
};

template <auto f>
constexpr auto scalar =
    [](auto& k, const Op& o) { k.write_a(o.operand[0], f(k, k.a(o.operand[1]), k.a(o.operand[2]))); };
// All sources are read before the first lane is written: a machine may write at once.
template <auto f>
constexpr auto two_lanes = [](auto& k, const Op& o) {
  const U first = f(k, k.a(o.operand[1]), k.a(o.operand[2]));
  const U second = f(k, k.a(o.operand[1] + 1), k.a(o.operand[2] + 1));
  k.write_a(o.operand[0], first);
  k.write_a(o.operand[0] + 1, second);
};
template <auto f>
constexpr auto two_lanes_broadcast = [](auto& k, const Op& o) {
  const U first = f(k, k.a(o.operand[1]), k.a(o.operand[2]));
  const U second = f(k, k.a(o.operand[1]), k.a(o.operand[2] + 1));
  k.write_a(o.operand[0], first);
  k.write_a(o.operand[0] + 1, second);
};

template <auto f>
void add_forms(HandlerTable& t, Opcode one, Opcode two, Opcode broadcast) {
  t.add(one, scalar<f>);
  t.add(two, two_lanes<f>);
  t.add(broadcast, two_lanes_broadcast<f>);
}

}  // namespace

void add_float_handlers(HandlerTable& t) {
  add_forms<arithmetic<arith::add<F32>>>(t, Opcode::f32add_aaan, Opcode::f32v2add_aaan,
                                         Opcode::f32v2add_aaat);
  add_forms<arithmetic<arith::subtract<F32>>>(t, Opcode::f32sub_aaan, Opcode::f32v2sub_aaan,
                                              Opcode::f32v2sub_aaat);
  add_forms<arithmetic<arith::multiply<F32>>>(t, Opcode::f32mul_aaan, Opcode::f32v2mul_aaan,
                                              Opcode::f32v2mul_aaat);
  add_forms<comparison<Relation::equal>>(t, Opcode::f32cmpeq_aaan, Opcode::f32v2cmpeq_aaan,
                                         Opcode::f32v2cmpeq_aaat);
  add_forms<comparison<Relation::not_equal>>(t, Opcode::f32cmpne_aaan, Opcode::f32v2cmpne_aaan,
                                             Opcode::f32v2cmpne_aaat);
  add_forms<comparison<Relation::less>>(t, Opcode::f32cmplt_aaan, Opcode::f32v2cmplt_aaan,
                                        Opcode::f32v2cmplt_aaat);
  add_forms<comparison<Relation::less_equal>>(t, Opcode::f32cmple_aaan, Opcode::f32v2cmple_aaan,
                                              Opcode::f32v2cmple_aaat);
  add_forms<comparison<Relation::greater>>(t, Opcode::f32cmpgt_aaan, Opcode::f32v2cmpgt_aaan,
                                           Opcode::f32v2cmpgt_aaat);
  add_forms<comparison<Relation::greater_equal>>(t, Opcode::f32cmpge_aaan, Opcode::f32v2cmpge_aaan,
                                                 Opcode::f32v2cmpge_aaat);
}

}  // namespace ipusim::tile
