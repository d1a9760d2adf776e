// SPDX-License-Identifier: Apache-2.0
// f16 sums and products: exact, then rounded once to f16. Infinite operands are invalid, as NaNs are (O17,
// chosen).
#pragma once

#include "ipusim/arith/narrow.hpp"
#include "ipusim/arith/operations.hpp"

namespace ipusim::arith {

namespace detail {

constexpr bool is_finite_or_zero(const Number& n) {
  return n.cls == NumberClass::finite || n.cls == NumberClass::zero;
}

// As a multiple of the smallest f16 denormal.
constexpr std::int64_t in_smallest_units(const Number& n) {
  constexpr int smallest = F16::min_exponent - static_cast<int>(F16::fraction_bits);
  if (n.cls == NumberClass::zero) return 0;
  const auto units = static_cast<std::int64_t>(n.significand << static_cast<unsigned>(n.exponent - smallest));
  return n.negative ? -units : units;
}

}  // namespace detail

// x + y as a Number; nullopt: invalid. A zero keeps a common sign, else it is +0, or -0 rounding downwards.
constexpr std::optional<Number> exact_half_sum(std::uint16_t x, std::uint16_t y, Rounding rounding) {
  const Number a = unpack<F16>(x, Denormals::keep);
  const Number b = unpack<F16>(y, Denormals::keep);
  if (!detail::is_finite_or_zero(a) || !detail::is_finite_or_zero(b)) return std::nullopt;
  const std::int64_t sum = detail::in_smallest_units(a) + detail::in_smallest_units(b);
  Number n;
  n.exponent = F16::min_exponent - static_cast<int>(F16::fraction_bits);
  if (sum == 0) {
    const bool both_zero = a.cls == NumberClass::zero && b.cls == NumberClass::zero;
    n.cls = NumberClass::zero;
    n.negative = both_zero && a.negative == b.negative ? a.negative : detail::zero_sum_negative(rounding);
    return n;
  }
  n.cls = NumberClass::finite;
  n.negative = sum < 0;
  n.significand = static_cast<std::uint64_t>(sum < 0 ? -sum : sum);
  return n;
}

constexpr Result<F16> add_half(std::uint16_t x, std::uint16_t y, HalfRules rules,
                               std::optional<std::uint16_t> random) {
  const auto sum = exact_half_sum(x, y, rules.rounding);
  if (!sum) return invalid_result<F16>();
  if (sum->cls == NumberClass::zero) return {signed_bits<F16>(sum->negative, 0), 0};
  return round_half(*sum, rules, random);
}

constexpr Result<F16> subtract_half(std::uint16_t x, std::uint16_t y, HalfRules rules,
                                    std::optional<std::uint16_t> random) {
  return add_half(x, static_cast<std::uint16_t>(y ^ F16::sign_mask), rules, random);
}

constexpr Result<F16> multiply_half(std::uint16_t x, std::uint16_t y, HalfRules rules,
                                    std::optional<std::uint16_t> random) {
  const Number a = unpack<F16>(x, Denormals::keep);
  const Number b = unpack<F16>(y, Denormals::keep);
  if (!detail::is_finite_or_zero(a) || !detail::is_finite_or_zero(b)) return invalid_result<F16>();
  Number n;
  n.negative = a.negative != b.negative;
  if (a.cls == NumberClass::zero || b.cls == NumberClass::zero) return {signed_bits<F16>(n.negative, 0), 0};
  n.cls = NumberClass::finite;
  n.significand = a.significand * b.significand;
  n.exponent = a.exponent + b.exponent;
  return round_half(n, rules, random);
}

// The f32 of an f16: exact; infinities stay, a NaN raises INV.
constexpr Result<F32> widen(std::uint16_t bits) {
  const Number n = unpack<F16>(bits, Denormals::keep);
  switch (n.cls) {
    case NumberClass::nan:
      return invalid_result<F32>();
    case NumberClass::zero:
      return {signed_bits<F32>(n.negative, 0), 0};
    case NumberClass::infinite:
      return {signed_bits<F32>(n.negative, F32::infinity), 0};
    case NumberClass::finite:
      break;
  }
  return round_pack<F32>(n.negative, n.exponent, n.significand, false, {});
}

}  // namespace ipusim::arith
