// SPDX-License-Identifier: Apache-2.0
// Multiply-accumulate, reductions into accumulators, their read-out, and the sort through them.
#include <algorithm>

#include "half_results.hpp"

namespace ipusim::tile {
namespace {

using arith::dot_f16;
using arith::fused_f32;
using isa::Opcode;
using U = std::uint32_t;
using H = std::uint16_t;

constexpr H half_one = 0x3C00;
constexpr U f32_one = 0x3F800000;
constexpr U minus_zero = 0x80000000;  // adds nothing, not even a sign

constexpr auto f32mac = [](auto& k, const Op& o) {
  auto& sum = k.accumulators().sum;
  sum[0] = taken(k, fused_f32(sum[0], k.a(o.operand[0]), k.a(o.operand[1])));
};
constexpr auto f32v2mac = [](auto& k, const Op& o) {
  auto& sum = k.accumulators().sum;
  for (U i = 0; i < 2; ++i)
    sum[i] = taken(k, fused_f32(sum[i], k.a(o.operand[0] + i), k.a(o.operand[1] + i)));
};

// Register i's two products go to sum i.
template <U registers>
constexpr auto half_mac = [](auto& k, const Op& o) {
  auto& sum = k.accumulators().sum;
  for (U i = 0; i < registers; ++i) {
    const U x = k.a(o.operand[0] + i);
    const U y = k.a(o.operand[1] + i);
    sum[i] = taken(k, dot_f16<2>(sum[i], {half_of(x, 0), half_of(x, 1)}, {half_of(y, 0), half_of(y, 1)}));
  }
};

// What is added of each element.
enum class Reduction { plain, absolute, square };

template <Reduction reduction, U elements>
constexpr auto half_acc = [](auto& k, const Op& o) {
  auto& sum = k.accumulators().sum;
  for (U i = 0; i < elements; ++i) {
    H e = half_of(k.a(o.operand[0] + i / 2), i % 2);
    if constexpr (reduction == Reduction::absolute) e &= 0x7FFFU;
    sum[i] = taken(k, dot_f16<1>(sum[i], {e}, {reduction == Reduction::square ? e : half_one}));
  }
};
template <Reduction reduction>
constexpr auto f32_acc = [](auto& k, const Op& o) {
  auto& sum = k.accumulators().sum;
  for (U i = 0; i < 4; ++i) {
    U e = k.a(o.operand[0] + i);
    if constexpr (reduction == Reduction::absolute) e &= ~arith::F32::sign_mask;
    sum[i] = taken(k, fused_f32(sum[i], e, reduction == Reduction::square ? e : f32_one));
  }
};

// The outer product of two pairs; the flags operand has no meaning known.
constexpr auto f32v2aop = [](auto& k, const Op& o) {
  auto& sum = k.accumulators().sum;
  for (U i = 0; i < 4; ++i) {
    sum[i] = taken(k, fused_f32(sum[i], k.a(o.operand[0] + i % 2), k.a(o.operand[1] + i / 2)));
  }
};

// The first source as written is op2; it is scaled.
constexpr auto f32v2axpy = [](auto& k, const Op& o) {
  auto& sum = k.accumulators().sum;
  const U scale = k.tas();
  for (U i = 0; i < 2; ++i) {
    const U result = sum[i];
    sum[i] = taken(k, fused_f32(k.a(o.operand[1] + i), scale, k.a(o.operand[2] + i)));
    k.write_a(o.operand[0] + i, result);
  }
};

constexpr auto f16v4mix = [](auto& k, const Op& o) {
  HalfResults narrow{k};
  if (narrow.refused()) return;
  auto& sum = k.accumulators().sum;
  const auto x = four_halves(k, o.operand[1]);
  const auto y = four_halves(k, o.operand[2]);
  const U scales = k.tas();
  const U low = narrow.pair(sum[0], sum[1], 0);
  const U high = narrow.pair(sum[2], sum[3], 2);
  for (U i = 0; i < 4; ++i) {
    sum[i] = taken(k, dot_f16<2>(minus_zero, {half_of(scales, 0), half_of(scales, 1)}, {x[i], y[i]}));
  }
  k.write_a(o.operand[0], low);
  k.write_a(o.operand[0] + 1, high);
};

constexpr auto f16v4gacc = [](auto& k, const Op& o) {
  HalfResults narrow{k};
  if (narrow.refused()) return;
  const auto& sum = k.accumulators().sum;
  const U low = narrow.pair(sum[0], sum[1], 0);
  const U high = narrow.pair(sum[2], sum[3], 2);
  k.write_a(o.operand[0], low);
  k.write_a(o.operand[0] + 1, high);
};

// gina: two of a set's sums, or of its chain, leave at the front and two enter at the back.
constexpr U gina_chain = 1;
constexpr U gina_set1 = 2;
U* gina_row(Accumulators& accumulators, U flags) {
  auto& file = (flags & gina_chain) != 0 ? accumulators.chain : accumulators.sum;
  return file.data() + ((flags & gina_set1) != 0 ? Accumulators::units_per_set : 0);
}
void move_row(U* row, U first, U second) {
  for (std::size_t m = 0; m + 2 < Accumulators::units_per_set; ++m) row[m] = row[m + 2];
  row[Accumulators::units_per_set - 2] = first;
  row[Accumulators::units_per_set - 1] = second;
}

constexpr auto f32v2gina = [](auto& k, const Op& o) {
  U* row = gina_row(k.accumulators(), o.operand[2]);
  const U first = row[0];
  const U second = row[1];
  move_row(row, k.a(o.operand[1]), k.a(o.operand[1] + 1));
  k.write_a(o.operand[0], first);
  k.write_a(o.operand[0] + 1, second);
};
constexpr auto f16v2gina = [](auto& k, const Op& o) {
  HalfResults narrow{k};
  if (narrow.refused()) return;
  U* row = gina_row(k.accumulators(), o.operand[2]);
  const U source = k.a(o.operand[1]);
  const U result = narrow.pair(row[0], row[1], 0);
  const U first = entering(k, half_of(source, 0));
  move_row(row, first, entering(k, half_of(source, 1)));
  k.write_a(o.operand[0], result);
};

// The sort moves bits through the chain of set 0.
template <class K>
void leave_chain(K& k, const Op& o, Accumulators& accumulators) {
  U* row = accumulators.chain.data();
  k.write_a(o.operand[0], row[0]);
  k.write_a(o.operand[0] + 1, row[1]);
  move_row(row, 0, 0);
}
template <class K>
bool sort_phase_valid(K& k, U phase) {
  if (phase <= 1) return true;
  k.fault(ExceptionCause::invalid_engine_flags);
  return false;
}

constexpr auto f16v4stacc = [](auto& k, const Op& o) {
  if (!sort_phase_valid(k, o.operand[1])) return;
  Accumulators& accumulators = k.accumulators();
  if (o.operand[1] == 0) {
    std::copy_n(accumulators.sum.begin(), Accumulators::units_per_set, accumulators.chain.begin());
  }
  leave_chain(k, o, accumulators);
};
constexpr auto f16v4istacc = [](auto& k, const Op& o) {
  if (!sort_phase_valid(k, o.operand[3])) return;
  Accumulators& accumulators = k.accumulators();
  const auto x = four_halves(k, o.operand[1]);
  const auto y = four_halves(k, o.operand[2]);
  for (U j = 0; j < 4; ++j) accumulators.sum[2 * j + o.operand[3]] = halves(x[j], y[j]);
  leave_chain(k, o, accumulators);
};

}  // namespace

void add_accumulator_handlers(HandlerTable& t) {
  t.add_accumulating(Opcode::f32mac_aaan, f32mac);
  t.add_accumulating(Opcode::f32v2mac_aaan, f32v2mac);
  t.add_accumulating(Opcode::f16v2cmac_aaan, half_mac<1>);
  t.add_accumulating(Opcode::f16v4cmac_aaan, half_mac<2>);
  t.add_accumulating(Opcode::f16v4acc_aaan, half_acc<Reduction::plain, 4>);
  t.add_accumulating(Opcode::f16v8acc_aaan, half_acc<Reduction::plain, 8>);
  t.add_accumulating(Opcode::f16v4absacc_aaan, half_acc<Reduction::absolute, 4>);
  t.add_accumulating(Opcode::f16v8absacc_aaan, half_acc<Reduction::absolute, 8>);
  t.add_accumulating(Opcode::f16v8sqacc_aaan, half_acc<Reduction::square, 8>);
  t.add_accumulating(Opcode::f32v4acc_aaan, f32_acc<Reduction::plain>);
  t.add_accumulating(Opcode::f32v4absacc_aaan, f32_acc<Reduction::absolute>);
  t.add_accumulating(Opcode::f32v4sqacc_aaan, f32_acc<Reduction::square>);
  t.add_accumulating(Opcode::f32v2aop_aaan_ef, f32v2aop);
  t.add_accumulating(Opcode::f32v2axpy_aaan, f32v2axpy);
  t.add_accumulating(Opcode::f16v4mix_aaan, f16v4mix);
  t.add_accumulating(Opcode::f16v4gacc_aaan, f16v4gacc);
  t.add_accumulating(Opcode::f32v2gina_aaan_zi, f32v2gina);
  t.add_accumulating(Opcode::f16v2gina_aaan_zi, f16v2gina);
  t.add_accumulating(Opcode::f16v4stacc_aaan_ef, f16v4stacc);
  t.add_accumulating(Opcode::f16v4istacc_aaan_ef, f16v4istacc);
}

}  // namespace ipusim::tile
