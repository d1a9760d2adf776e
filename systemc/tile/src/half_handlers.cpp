// SPDX-License-Identifier: Apache-2.0
// f16 arithmetic, compares, extremes and conversions; f32 extremes and sums of magnitudes.
#include "half_results.hpp"
#include "ipusim/arith/half_arithmetic.hpp"
#include "ipusim/arith/selection.hpp"

namespace ipusim::tile {
namespace {

using arith::Denormals;
using arith::Extreme;
using arith::F16;
using arith::F32;
using arith::Relation;
using isa::Opcode;
using U = std::uint32_t;
using Half = std::uint16_t;

// ---- f16, two or four lanes

enum class First { plain, lower, upper };  // the first source: lane by lane, or one half for all lanes

template <First first, class K>
Half first_source(const K& k, U reg, unsigned lane) {
  if constexpr (first == First::lower) return half_of(k.a(reg), 0);
  if constexpr (first == First::upper) return half_of(k.a(reg), 1);
  return half_of(k.a(reg + lane / 2), lane % 2);
}

template <unsigned lanes, class K>
void write_halves(K& k, U reg, const std::array<Half, lanes>& values) {
  for (unsigned i = 0; i < lanes; i += 2) k.write_a(reg + i / 2, halves(values[i], values[i + 1]));
}

// f(k, x, y, lane's HalfResults, lane) for operations whose results are rounded.
template <auto operation, unsigned lanes, First first>
constexpr auto rounded = [](auto& k, const Op& o) {
  HalfResults round{k};
  if (round.refused()) return;
  std::array<Half, lanes> result;
  for (unsigned i = 0; i < lanes; ++i) {
    const Half x = first_source<first>(k, o.operand[1], i);
    const Half y = half_of(k.a(o.operand[2] + i / 2), i % 2);
    result[i] = taken(k, operation(x, y, round.rules(), round.random(i)));
  }
  write_halves<lanes>(k, o.operand[0], result);
};
// f(k, x, y) for those that are not.
template <auto f, unsigned lanes, First first>
constexpr auto plain = [](auto& k, const Op& o) {
  std::array<Half, lanes> result;
  for (unsigned i = 0; i < lanes; ++i)
    result[i] = f(k, first_source<first>(k, o.operand[1], i), half_of(k.a(o.operand[2] + i / 2), i % 2));
  write_halves<lanes>(k, o.operand[0], result);
};

template <Relation relation>
constexpr auto half_compare = [](auto& k, Half x, Half y) {
  const auto result = arith::compare<F16>(x, y, relation, Denormals::keep);
  k.raise_flags(result.flags);
  return result.holds ? Half{0xFFFF} : Half{0};
};
template <Extreme extreme, bool magnitudes>
constexpr auto half_extreme = [](auto& k, Half x, Half y) {
  if (magnitudes) {
    x = arith::magnitude<F16>(x);
    y = arith::magnitude<F16>(y);
  }
  return taken(k, arith::select<F16>(x, y, extreme, Denormals::keep));
};
constexpr auto add_magnitudes = [](Half x, Half y, arith::HalfRules rules, std::optional<Half> random) {
  return arith::add_half(arith::magnitude<F16>(x), arith::magnitude<F16>(y), rules, random);
};

// op1 values, op2 the register with both bounds: lowest in the lower half.
template <unsigned lanes>
constexpr auto half_clamp = [](auto& k, const Op& o) {
  const Half low = half_of(k.a(o.operand[2]), 0);
  const Half high = half_of(k.a(o.operand[2]), 1);
  std::array<Half, lanes> result;
  for (unsigned i = 0; i < lanes; ++i) {
    const Half raised = taken(k, arith::select<F16>(half_of(k.a(o.operand[1] + i / 2), i % 2), low,
                                                    Extreme::maximum, Denormals::keep));
    result[i] = taken(k, arith::select<F16>(raised, high, Extreme::minimum, Denormals::keep));
  }
  write_halves<lanes>(k, o.operand[0], result);
};

// Largest of each pair of lanes; of two lanes it stands in both halves of the result (O27, chosen).
template <unsigned lanes>
constexpr auto half_largest = [](auto& k, const Op& o) {
  std::array<Half, 2> result;
  for (unsigned i = 0; i < 2; ++i) {
    const U reg = k.a(o.operand[1] + (lanes == 4 ? i : 0));
    result[i] = half_extreme<Extreme::maximum, false>(k, half_of(reg, 0), half_of(reg, 1));
  }
  k.write_a(o.operand[0], halves(result[0], result[1]));
};

template <auto operation>
void add_rounded(HandlerTable& t, const std::array<Opcode, 6>& ops) {
  t.add(ops[0], rounded<operation, 2, First::plain>);
  t.add(ops[1], rounded<operation, 2, First::lower>);
  t.add(ops[2], rounded<operation, 2, First::upper>);
  t.add(ops[3], rounded<operation, 4, First::plain>);
  t.add(ops[4], rounded<operation, 4, First::lower>);
  t.add(ops[5], rounded<operation, 4, First::upper>);
}
template <Relation relation>
void add_compare(HandlerTable& t, const std::array<Opcode, 6>& ops) {
  t.add(ops[0], plain<half_compare<relation>, 2, First::plain>);
  t.add(ops[1], plain<half_compare<relation>, 2, First::lower>);
  t.add(ops[2], plain<half_compare<relation>, 2, First::upper>);
  t.add(ops[3], plain<half_compare<relation>, 4, First::plain>);
  t.add(ops[4], plain<half_compare<relation>, 4, First::lower>);
  t.add(ops[5], plain<half_compare<relation>, 4, First::upper>);
}

// ---- Conversions

constexpr auto half_to_single = [](auto& k, const Op& o) {
  k.write_a(o.operand[0], taken(k, arith::widen(half_of(k.a(o.operand[1]), 0))));
};
constexpr auto halves_to_singles = [](auto& k, const Op& o) {
  const U source = k.a(o.operand[1]);
  const U low = taken(k, arith::widen(half_of(source, 0)));
  const U high = taken(k, arith::widen(half_of(source, 1)));
  k.write_a(o.operand[0], low);
  k.write_a(o.operand[0] + 1, high);
};
constexpr auto single_to_half = [](auto& k, const Op& o) {
  HalfResults round{k};
  if (round.refused()) return;
  const Half half = round(k.a(o.operand[1]), 0);
  k.write_a(o.operand[0], halves(half, half));
};
template <unsigned registers>
constexpr auto singles_to_halves = [](auto& k, const Op& o) {
  HalfResults round{k};
  if (round.refused()) return;
  std::array<U, registers> result;
  for (unsigned i = 0; i < registers; ++i)
    result[i] = round.pair(k.a(o.operand[1] + 2 * i), k.a(o.operand[1] + 2 * i + 1), 2 * i);
  for (unsigned i = 0; i < registers; ++i) k.write_a(o.operand[0] + i, result[i]);
};

// ---- f32

template <class K>
U single_extreme(K& k, U x, U y, Extreme extreme) {
  return taken(k, arith::select<F32>(x, y, extreme, Denormals::flush));
}
template <Extreme extreme, bool magnitudes>
constexpr auto extreme_of = [](auto& k, U x, U y) {
  return magnitudes ? single_extreme(k, arith::magnitude<F32>(x), arith::magnitude<F32>(y), extreme)
                    : single_extreme(k, x, y, extreme);
};
constexpr auto sum_of_magnitudes = [](auto& k, U x, U y) {
  return taken(k, arith::add<F32>(arith::magnitude<F32>(x), arith::magnitude<F32>(y), f32_environment(k)));
};
template <auto f, unsigned lanes>
constexpr auto singles = [](auto& k, const Op& o) {
  std::array<U, lanes> result;
  for (unsigned i = 0; i < lanes; ++i) result[i] = f(k, k.a(o.operand[1] + i), k.a(o.operand[2] + i));
  for (unsigned i = 0; i < lanes; ++i) k.write_a(o.operand[0] + i, result[i]);
};
// op2: the pair of bounds, for all lanes.
template <unsigned lanes>
constexpr auto clamp = [](auto& k, const Op& o) {
  const U low = k.a(o.operand[2]);
  const U high = k.a(o.operand[2] + 1);
  std::array<U, lanes> result;
  for (unsigned i = 0; i < lanes; ++i)
    result[i] = single_extreme(k, single_extreme(k, k.a(o.operand[1] + i), low, Extreme::maximum), high,
                               Extreme::minimum);
  for (unsigned i = 0; i < lanes; ++i) k.write_a(o.operand[0] + i, result[i]);
};

void add_half_arithmetic(HandlerTable& t) {
  using enum Opcode;
  add_rounded<arith::add_half>(
      t, {f16v2add_aaan, f16v2add_aaal, f16v2add_aaau, f16v4add_aaan, f16v4add_aaal, f16v4add_aaau});
  add_rounded<arith::subtract_half>(
      t, {f16v2sub_aaan, f16v2sub_aaal, f16v2sub_aaau, f16v4sub_aaan, f16v4sub_aaal, f16v4sub_aaau});
  add_rounded<arith::multiply_half>(
      t, {f16v2mul_aaan, f16v2mul_aaal, f16v2mul_aaau, f16v4mul_aaan, f16v4mul_aaal, f16v4mul_aaau});
  t.add(f16v2absadd_aaan, rounded<add_magnitudes, 2, First::plain>);
  t.add(f16v4absadd_aaan, rounded<add_magnitudes, 4, First::plain>);
  t.add(f16v2max_aaan, plain<half_extreme<Extreme::maximum, false>, 2, First::plain>);
  t.add(f16v4max_aaan, plain<half_extreme<Extreme::maximum, false>, 4, First::plain>);
  t.add(f16v2min_aaan, plain<half_extreme<Extreme::minimum, false>, 2, First::plain>);
  t.add(f16v4min_aaan, plain<half_extreme<Extreme::minimum, false>, 4, First::plain>);
  t.add(f16v2absmax_aaan, plain<half_extreme<Extreme::maximum, true>, 2, First::plain>);
  t.add(f16v4absmax_aaan, plain<half_extreme<Extreme::maximum, true>, 4, First::plain>);
  t.add(f16v2clamp_aaan, half_clamp<2>);
  t.add(f16v4clamp_aaan, half_clamp<4>);
  t.add(f16v2maxc_aaan, half_largest<2>);
  t.add(f16v4maxc_aaan, half_largest<4>);
}

void add_half_compares(HandlerTable& t) {
  using enum Opcode;
  add_compare<Relation::equal>(t, {f16v2cmpeq_aaan, f16v2cmpeq_aaal, f16v2cmpeq_aaau, f16v4cmpeq_aaan,
                                   f16v4cmpeq_aaal, f16v4cmpeq_aaau});
  add_compare<Relation::not_equal>(t, {f16v2cmpne_aaan, f16v2cmpne_aaal, f16v2cmpne_aaau, f16v4cmpne_aaan,
                                       f16v4cmpne_aaal, f16v4cmpne_aaau});
  add_compare<Relation::less>(t, {f16v2cmplt_aaan, f16v2cmplt_aaal, f16v2cmplt_aaau, f16v4cmplt_aaan,
                                  f16v4cmplt_aaal, f16v4cmplt_aaau});
  add_compare<Relation::less_equal>(t, {f16v2cmple_aaan, f16v2cmple_aaal, f16v2cmple_aaau, f16v4cmple_aaan,
                                        f16v4cmple_aaal, f16v4cmple_aaau});
  add_compare<Relation::greater>(t, {f16v2cmpgt_aaan, f16v2cmpgt_aaal, f16v2cmpgt_aaau, f16v4cmpgt_aaan,
                                     f16v4cmpgt_aaal, f16v4cmpgt_aaau});
  add_compare<Relation::greater_equal>(t, {f16v2cmpge_aaan, f16v2cmpge_aaal, f16v2cmpge_aaau, f16v4cmpge_aaan,
                                           f16v4cmpge_aaal, f16v4cmpge_aaau});
}

}  // namespace

void add_half_handlers(HandlerTable& t) {
  using enum Opcode;
  add_half_arithmetic(t);
  add_half_compares(t);
  t.add(f16tof32_aaan, half_to_single);
  t.add(f16v2tof32_aaan, halves_to_singles);
  t.add(f32tof16_aaan, single_to_half);
  t.add(f32v2tof16_aaan, singles_to_halves<1>);
  t.add(f32v4tof16_aaan, singles_to_halves<2>);
  t.add(f32max_aaan, singles<extreme_of<Extreme::maximum, false>, 1>);
  t.add(f32v2max_aaan, singles<extreme_of<Extreme::maximum, false>, 2>);
  t.add(f32min_aaan, singles<extreme_of<Extreme::minimum, false>, 1>);
  t.add(f32v2min_aaan, singles<extreme_of<Extreme::minimum, false>, 2>);
  t.add(f32absmax_aaan, singles<extreme_of<Extreme::maximum, true>, 1>);
  t.add(f32v2absmax_aaan, singles<extreme_of<Extreme::maximum, true>, 2>);
  t.add(f32absadd_aaan, singles<sum_of_magnitudes, 1>);
  t.add(f32v2absadd_aaan, singles<sum_of_magnitudes, 2>);
  t.add(f32clamp_aaan, clamp<1>);
  t.add(f32v2clamp_aaan, clamp<2>);
}

}  // namespace ipusim::tile
