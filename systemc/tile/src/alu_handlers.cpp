// SPDX-License-Identifier: Apache-2.0
// Integer arithmetic, compares, permutes, moves and ARF logic: semantics that are pure functions of operands.
#include <algorithm>
#include <bit>

#include "direct.hpp"

namespace ipusim::tile {
namespace {

using isa::Opcode;
using U = std::uint32_t;
using I = std::int32_t;

I sgn(U x) { return static_cast<I>(x); }
U lo(U x) { return x & 0xFFFFU; }
U hi(U x) { return x >> 16U; }
U halves(U low, U high) { return lo(low) | high << 16U; }
U byte(U x, unsigned n) { return (x >> (8U * n)) & 0xFFU; }
U bytes(U b0, U b1, U b2, U b3) { return b0 | b1 << 8U | b2 << 16U | b3 << 24U; }

U shift_left(U x, U n) { return n > 31 ? 0 : x << n; }
U shift_right(U x, U n) { return n > 31 ? 0 : x >> n; }
U shift_right_signed(U x, U n) { return static_cast<U>(sgn(x) >> std::min<U>(n, 31)); }
// Bits below the sign that equal it, without a break, from bit 30 down.
U count_sign_copies(U x) {
  const U same = sgn(x) < 0 ? ~x : x;
  return static_cast<U>(std::countl_zero(same)) - 1U;
}
U reverse_bits_in_bytes(U x) {
  x = ((x >> 1U) & 0x55555555U) | ((x & 0x55555555U) << 1U);
  x = ((x >> 2U) & 0x33333333U) | ((x & 0x33333333U) << 2U);
  return ((x >> 4U) & 0x0F0F0F0FU) | ((x & 0x0F0F0F0FU) << 4U);
}

// D = f(S0, S1) with operands op0, op1, op2.
template <auto f>
constexpr auto m_rr =
    [](auto& k, const Op& o) { k.write_m(o.operand[0], f(k.m(o.operand[1]), k.m(o.operand[2]))); };
template <auto f>
constexpr auto m_ri =
    [](auto& k, const Op& o) { k.write_m(o.operand[0], f(k.m(o.operand[1]), o.operand[2])); };
template <auto f>
constexpr auto m_r = [](auto& k, const Op& o) { k.write_m(o.operand[0], f(k.m(o.operand[1]))); };
template <auto f>
constexpr auto a_rr =
    [](auto& k, const Op& o) { k.write_a(o.operand[0], f(k.a(o.operand[1]), k.a(o.operand[2]))); };
template <auto f>
constexpr auto a_r = [](auto& k, const Op& o) { k.write_a(o.operand[0], f(k.a(o.operand[1]))); };
template <auto f>
constexpr auto a_ri =
    [](auto& k, const Op& o) { k.write_a(o.operand[0], f(k.a(o.operand[1]), o.operand[2])); };
// Both words of a pair alike.
template <auto f>
constexpr auto a_pair_rr = [](auto& k, const Op& o) {
  for (unsigned i = 0; i < 2; ++i)
    k.write_a(o.operand[0] + i, f(k.a(o.operand[1] + i), k.a(o.operand[2] + i)));
};
// (word i of x, word j of y).
template <unsigned i, unsigned j>
constexpr auto a_pair_pick = [](auto& k, const Op& o) {
  const U low = k.a(o.operand[1] + i);
  const U high = k.a(o.operand[2] + j);
  k.write_a(o.operand[0], low);
  k.write_a(o.operand[0] + 1, high);
};
constexpr auto m_set = [](auto& k, const Op& o) { k.write_m(o.operand[0], o.operand[1]); };
constexpr auto a_set = [](auto& k, const Op& o) { k.write_a(o.operand[0], o.operand[1]); };
constexpr auto a_to_m = [](auto& k, const Op& o) { k.write_m(o.operand[0], k.a(o.operand[1])); };
constexpr auto move_if_not_zero = [](auto& k, const Op& o) {
  if (k.m(o.operand[0]) != 0) k.write_m(o.operand[1], k.m(o.operand[2]));
};
constexpr auto a_pair_not = [](auto& k, const Op& o) {
  for (unsigned i = 0; i < 2; ++i) k.write_a(o.operand[0] + i, ~k.a(o.operand[1] + i));
};

constexpr auto add = [](U x, U y) { return x + y; };
constexpr auto sub = [](U x, U y) { return y - x; };  // op2 is written first in the assembly form
constexpr auto mul = [](U x, U y) { return x * y; };
constexpr auto max = [](U x, U y) { return static_cast<U>(std::max(sgn(x), sgn(y))); };
constexpr auto min = [](U x, U y) { return static_cast<U>(std::min(sgn(x), sgn(y))); };
constexpr auto bit_and = [](U x, U y) { return x & y; };
constexpr auto bit_not = [](U x) { return ~x; };
constexpr auto bit_andc = [](U x, U y) { return x & ~y; };
constexpr auto bit_or = [](U x, U y) { return x | y; };
constexpr auto bit_xor = [](U x, U y) { return x ^ y; };
constexpr auto bit_xnor = [](U x, U y) { return ~(x ^ y); };
constexpr auto equal = [](U x, U y) -> U { return x == y; };
constexpr auto not_equal = [](U x, U y) -> U { return x != y; };
constexpr auto less_signed = [](U x, U y) -> U { return sgn(x) < sgn(y); };
constexpr auto less_unsigned = [](U x, U y) -> U { return x < y; };
// abs(0x80000000) is 0.
constexpr auto absolute = [](U x) -> U { return x == 0x80000000U ? 0 : (sgn(x) < 0 ? 0U - x : x); };
constexpr auto leading_zeros = [](U x) { return static_cast<U>(std::countl_zero(x)); };
constexpr auto population = [](U x) { return static_cast<U>(std::popcount(x)); };

constexpr auto sort4x16lo = [](U x, U y) { return halves(x, y); };
constexpr auto sort4x16lo_upper = [](U x, U y) { return halves(hi(x), y); };
constexpr auto sort4x16hi = [](U x, U y) { return halves(hi(x), hi(y)); };
constexpr auto sort4x16hi_lower = [](U x, U y) { return halves(x, hi(y)); };
constexpr auto roll16 = [](U x, U y) { return halves(hi(x), y); };
constexpr auto roll8l = [](U x, U y) { return bytes(byte(x, 3), byte(y, 0), byte(y, 1), byte(y, 2)); };
constexpr auto roll8r = [](U x, U y) { return bytes(byte(x, 1), byte(x, 2), byte(x, 3), byte(y, 0)); };
constexpr auto shuf8x8lo = [](U x, U y) { return bytes(byte(x, 0), byte(y, 0), byte(x, 1), byte(y, 1)); };
constexpr auto shuf8x8hi = [](U x, U y) { return bytes(byte(x, 2), byte(y, 2), byte(x, 3), byte(y, 3)); };
constexpr auto sort8x8lo = [](U x, U y) { return bytes(byte(x, 0), byte(x, 2), byte(y, 0), byte(y, 2)); };
constexpr auto sort8x8hi = [](U x, U y) { return bytes(byte(x, 1), byte(x, 3), byte(y, 1), byte(y, 3)); };
constexpr auto sort8 = [](U x) { return bytes(byte(x, 0), byte(x, 2), byte(x, 1), byte(x, 3)); };
constexpr auto swap8 = [](U x) { return bytes(byte(x, 1), byte(x, 0), byte(x, 3), byte(x, 2)); };

void add_integer(HandlerTable& t) {
  t.add(Opcode::add_mmmn, m_rr<add>);
  t.add(Opcode::add_mmmn_si, m_ri<add>);
  t.add(Opcode::add_mmmn_zi, m_ri<add>);
  t.add(Opcode::sub_mmmn, m_rr<sub>);
  t.add(Opcode::sub_mmmn_si, m_ri<sub>);
  t.add(Opcode::sub_mmmn_zi, m_ri<sub>);
  t.add(Opcode::mul_mmmn, m_rr<mul>);
  t.add(Opcode::mul_mmmn_si, m_ri<mul>);
  t.add(Opcode::max_mmmn, m_rr<max>);
  t.add(Opcode::max_mmmn_si, m_ri<max>);
  t.add(Opcode::max_mmmn_zi, m_ri<max>);
  t.add(Opcode::min_mmmn, m_rr<min>);
  t.add(Opcode::min_mmmn_si, m_ri<min>);
  t.add(Opcode::min_mmmn_zi, m_ri<min>);
  t.add(Opcode::and_mmmn, m_rr<bit_and>);
  t.add(Opcode::and_mmmn_zi, m_ri<bit_and>);
  t.add(Opcode::andc_mmmn, m_rr<bit_andc>);
  t.add(Opcode::andc_mmmn_zi, m_ri<bit_andc>);
  t.add(Opcode::or_mmmn, m_rr<bit_or>);
  t.add(Opcode::or_mmmn_zi, m_ri<bit_or>);
  t.add(Opcode::or_mmmn_iz, m_ri<bit_or>);
  t.add(Opcode::xor_mmmn, m_rr<bit_xor>);
  t.add(Opcode::xnor_mmmn, m_rr<bit_xnor>);
  t.add(Opcode::shl_mmmn, m_rr<shift_left>);
  t.add(Opcode::shl_mmmn_zi, m_ri<shift_left>);
  t.add(Opcode::shr_mmmn, m_rr<shift_right>);
  t.add(Opcode::shr_mmmn_zi, m_ri<shift_right>);
  t.add(Opcode::shrs_mmmn, m_rr<shift_right_signed>);
  t.add(Opcode::shrs_mmmn_zi, m_ri<shift_right_signed>);
  t.add(Opcode::cmpeq_mmmn, m_rr<equal>);
  t.add(Opcode::cmpeq_mmmn_si, m_ri<equal>);
  t.add(Opcode::cmpeq_mmmn_zi, m_ri<equal>);
  t.add(Opcode::cmpne_mmmn, m_rr<not_equal>);
  t.add(Opcode::cmpslt_mmmn, m_rr<less_signed>);
  t.add(Opcode::cmpslt_mmmn_si, m_ri<less_signed>);
  t.add(Opcode::cmpult_mmmn, m_rr<less_unsigned>);
  t.add(Opcode::cmpult_mmmn_zi, m_ri<less_unsigned>);
  t.add(Opcode::abs_mmmn, m_r<absolute>);
  t.add(Opcode::clz_mmmn, m_r<leading_zeros>);
  t.add(Opcode::cms_mmmn, m_r<count_sign_copies>);
  t.add(Opcode::popc_mmmn, m_r<population>);
  t.add(Opcode::bitrev8_mmmn, m_r<reverse_bits_in_bytes>);
  t.add(Opcode::setzi_mmmn_zi, m_set);
  t.add(Opcode::movz_mmmn, move_if_not_zero);
}

void add_permutes(HandlerTable& t) {
  t.add(Opcode::sort4x16lo_mmmn, m_rr<sort4x16lo>);
  t.add(Opcode::sort4x16hi_mmmn, m_rr<sort4x16hi>);
  t.add(Opcode::roll16_mmmn, m_rr<roll16>);
  t.add(Opcode::roll8l_mmmn, m_rr<roll8l>);
  t.add(Opcode::roll8r_mmmn, m_rr<roll8r>);
  t.add(Opcode::shuf8x8lo_mmmn, m_rr<shuf8x8lo>);
  t.add(Opcode::shuf8x8hi_mmmn, m_rr<shuf8x8hi>);
  t.add(Opcode::sort8x8lo_mmmn, m_rr<sort8x8lo>);
  t.add(Opcode::sort8x8hi_mmmn, m_rr<sort8x8hi>);
  t.add(Opcode::sort8_mmmn, m_r<sort8>);
  t.add(Opcode::swap8_mmmn, m_r<swap8>);
  t.add(Opcode::sort4x16lo_aaan, a_rr<sort4x16lo>);
  t.add(Opcode::sort4x16lo_aaau, a_rr<sort4x16lo_upper>);
  t.add(Opcode::sort4x16hi_aaan, a_rr<sort4x16hi>);
  t.add(Opcode::sort4x16hi_aaal, a_rr<sort4x16hi_lower>);
  t.add(Opcode::roll16_aaan, a_rr<roll16>);
  t.add(Opcode::roll8l_aaan, a_rr<roll8l>);
  t.add(Opcode::roll8r_aaan, a_rr<roll8r>);
  t.add(Opcode::shuf8x8lo_aaan, a_rr<shuf8x8lo>);
  t.add(Opcode::shuf8x8hi_aaan, a_rr<shuf8x8hi>);
  t.add(Opcode::sort8x8lo_aaan, a_rr<sort8x8lo>);
  t.add(Opcode::sort8x8hi_aaan, a_rr<sort8x8hi>);
  t.add(Opcode::sort8_aaan, a_r<sort8>);
  t.add(Opcode::swap8_aaan, a_r<swap8>);
  t.add(Opcode::sort4x32lo_aaan, a_pair_pick<0, 0>);
  t.add(Opcode::sort4x32hi_aaan, a_pair_pick<1, 1>);
  t.add(Opcode::roll32_aaan, a_pair_pick<1, 0>);
}

void add_arf_logic(HandlerTable& t) {
  t.add(Opcode::and_aaan, a_rr<bit_and>);
  t.add(Opcode::and_aaan_zi, a_ri<bit_and>);
  t.add(Opcode::and_aaan_iz, a_ri<bit_and>);
  t.add(Opcode::andc_aaan, a_rr<bit_andc>);
  t.add(Opcode::andc_aaan_zi, a_ri<bit_andc>);
  t.add(Opcode::andc_aaan_iz, a_ri<bit_andc>);
  t.add(Opcode::or_aaan, a_rr<bit_or>);
  t.add(Opcode::or_aaan_zi, a_ri<bit_or>);
  t.add(Opcode::or_aaan_iz, a_ri<bit_or>);
  t.add(Opcode::not_aaan, a_r<bit_not>);
  t.add(Opcode::and64_aaan, a_pair_rr<bit_and>);
  t.add(Opcode::andc64_aaan, a_pair_rr<bit_andc>);
  t.add(Opcode::or64_aaan, a_pair_rr<bit_or>);
  t.add(Opcode::not64_aaan, a_pair_not);
  t.add(Opcode::setzi_aaan_zi, a_set);
  t.add(Opcode::atom_mamn, a_to_m);
}

}  // namespace

void add_alu_handlers(HandlerTable& table) {
  add_integer(table);
  add_permutes(table);
  add_arf_logic(table);
}

}  // namespace ipusim::tile
