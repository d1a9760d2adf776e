// SPDX-License-Identifier: Apache-2.0
// What the accumulating instructions compute (docs/arithmetic.md, "Accumulators, AMP, SLIC"): f32
// accumulators, exact products, one rounding to nearest-even per accumulator, f32 denormals flushed, an f16
// infinity read as a NaN.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "ipusim/arith/exact_sum.hpp"

namespace ipusim::arith {

inline constexpr Environment accumulating{Rounding::nearest_even, Denormals::flush};

// An f16 operand of an accumulating operation.
constexpr Number accumulated_f16(std::uint16_t bits) {
  Number n = unpack<F16>(bits, Denormals::keep);
  if (n.cls == NumberClass::infinite) n.cls = NumberClass::nan;
  return n;
}

// addend + 2^scale * sum of x[k] * y[k]: the reference.
template <std::size_t n>
constexpr Result<F32> dot_f16_reference(std::uint32_t addend, const std::array<std::uint16_t, n>& x,
                                        const std::array<std::uint16_t, n>& y, int scale = 0) {
  ExactSum sum;
  for (std::size_t k = 0; k < n; ++k) {
    Number term = product(accumulated_f16(x[k]), accumulated_f16(y[k]));
    term.exponent += scale;
    sum.add(term);
  }
  sum.add(unpack<F32>(addend, accumulating.denormals));
  return sum.round<F32>(accumulating);
}

// addend + x * y: the reference.
constexpr Result<F32> fused_f32_reference(std::uint32_t addend, std::uint32_t x, std::uint32_t y) {
  constexpr Denormals denormals = accumulating.denormals;
  ExactSum sum;
  sum.add(product(unpack<F32>(x, denormals), unpack<F32>(y, denormals)));
  sum.add(unpack<F32>(addend, denormals));
  return sum.round<F32>(accumulating);
}

namespace detail {

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

constexpr Result<F32> round_wide(bool negative, int exponent, Uint128 magnitude, bool sticky) {
  const auto high = static_cast<std::uint64_t>(magnitude >> 64U);
  if (high == 0)
    return round_pack<F32>(negative, exponent, static_cast<std::uint64_t>(magnitude), sticky, accumulating);
  const int drop = 64 - std::countl_zero(high);
  const auto n = static_cast<unsigned>(drop);
  sticky = sticky || (magnitude & ((Uint128{1} << n) - 1U)) != 0;
  return round_pack<F32>(negative, exponent + drop, static_cast<std::uint64_t>(magnitude >> n), sticky,
                         accumulating);
}
constexpr Result<F32> round_signed(int exponent, Int128 value, bool sticky) {
  const bool negative = value < 0;
  auto magnitude = static_cast<Uint128>(negative ? -value : value);
  return round_wide(negative, exponent, magnitude, sticky);
}

// A finite f16 in units of 2^-24, of magnitude below 2^40.
constexpr std::int64_t fixed_f16(std::uint16_t bits) {
  const unsigned biased = (bits >> 10U) & 31U;
  const std::int64_t fraction = bits & 0x3FFU;
  const std::int64_t magnitude = biased == 0 ? fraction : (fraction | 0x400) << (biased - 1U);
  return (bits & 0x8000U) != 0 ? -magnitude : magnitude;
}
constexpr bool finite_f16(std::uint16_t bits) { return (bits & F16::infinity) != F16::infinity; }

// products * 2^unit + addend, products != 0 of magnitude below 2^84, addend finite and not 0.
constexpr Result<F32> add_to_products(Int128 products, int unit, const Number& addend) {
  const auto own = static_cast<Int128>(addend.significand) * (addend.negative ? -1 : 1);
  const int up = addend.exponent - unit;
  if (up > 100) {  // the products are less than one unit of 2^(exponent - 18)
    Int128 value = own * (Int128{1} << 18U);
    const bool opposite = (products < 0) != addend.negative;
    if (opposite) value += addend.negative ? 1 : -1;
    return round_signed(addend.exponent - 18, value, true);
  }
  if (up >= 0) {
    const Int128 value = products + own * (Int128{1} << static_cast<unsigned>(up));
    return value == 0 ? Result<F32>{} : round_signed(unit, value, false);
  }
  constexpr int room = 42;  // for the products to be moved up
  if (-up <= room) {
    const Int128 value = products * (Int128{1} << static_cast<unsigned>(-up)) + own;
    return value == 0 ? Result<F32>{} : round_signed(addend.exponent, value, false);
  }
  // The addend ends below; what does not fit only counts as sticky.
  const auto below = static_cast<unsigned>(-up - room);
  const std::uint64_t kept = below < 64 ? addend.significand >> below : 0;
  const bool sticky = below >= 64 || (kept << below) != addend.significand;
  const bool opposite = (products < 0) != addend.negative;
  const Int128 part = static_cast<Int128>(kept) + (opposite && sticky ? 1 : 0);
  const Int128 value =
      products * (Int128{1} << static_cast<unsigned>(room)) + (addend.negative ? -part : part);
  return round_signed(unit - room, value, sticky);
}

}  // namespace detail

// The same as the reference, in 128-bit integers.
template <std::size_t n>
constexpr Result<F32> dot_f16(std::uint32_t addend, const std::array<std::uint16_t, n>& x,
                              const std::array<std::uint16_t, n>& y, int scale = 0) {
  static_assert(n <= 8);
  detail::Int128 products = 0;
  const Number a = unpack<F32>(addend, accumulating.denormals);
  bool plain = a.cls == NumberClass::finite || a.cls == NumberClass::zero;
  for (std::size_t k = 0; k < n; ++k) {
    plain = plain && detail::finite_f16(x[k]) && detail::finite_f16(y[k]);
    products += static_cast<detail::Int128>(detail::fixed_f16(x[k])) * detail::fixed_f16(y[k]);
  }
  if (!plain || (products == 0 && a.cls == NumberClass::zero)) return dot_f16_reference(addend, x, y, scale);
  if (products == 0) return {addend, 0};
  const int unit = scale - 48;
  if (a.cls == NumberClass::zero) return detail::round_signed(unit, products, false);
  return detail::add_to_products(products, unit, a);
}

// The same as the reference, with the host's fused multiply-add where its result cannot differ: operands
// neither denormal nor special, a result that is zero or safely within the normal range. Needs the host's
// rounding to nearest-even, which nothing here changes.
inline Result<F32> fused_f32(std::uint32_t addend, std::uint32_t x, std::uint32_t y) {
  const auto ordinary = [](std::uint32_t bits) {  // normal or zero
    const std::uint32_t biased = bits & F32::infinity;
    return biased != F32::infinity && (biased != 0 || (bits & F32::fraction_mask) == 0);
  };
  if (ordinary(addend) && ordinary(x) && ordinary(y)) {
    const float sum =
        std::fma(std::bit_cast<float>(x), std::bit_cast<float>(y), std::bit_cast<float>(addend));
    const auto bits = std::bit_cast<std::uint32_t>(sum);
    const std::uint32_t biased = bits & F32::infinity;
    constexpr std::uint32_t smallest_normal = F32::fraction_mask + 1;
    if (biased != F32::infinity && (biased > smallest_normal || (bits & ~F32::sign_mask) == 0)) {
      return {bits, 0};
    }
  }
  return fused_f32_reference(addend, x, y);
}

}  // namespace ipusim::arith
