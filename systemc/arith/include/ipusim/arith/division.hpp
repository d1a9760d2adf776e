// SPDX-License-Identifier: Apache-2.0
// Quotients and roots of f32, correctly rounded in every mode: integer quotient or root with two bits more
// than the result, and whether something remains.
#pragma once

#include "ipusim/arith/number.hpp"

namespace ipusim::arith {

namespace detail {

// The largest integer whose square is at most `value`, below 2^54.
constexpr std::uint64_t integer_root(std::uint64_t value) {
  std::uint64_t root = 0;
  std::uint64_t remainder = 0;
  for (int i = 26; i >= 0; --i) {
    remainder = (remainder << 2U) | ((value >> (2U * static_cast<unsigned>(i))) & 3U);
    const std::uint64_t trial = (root << 2U) | 1U;
    root <<= 1U;
    if (remainder >= trial) {
      remainder -= trial;
      root |= 1U;
    }
  }
  return root;
}

// An f32 significand with its leading one at bit 23.
constexpr Number normalised(Number n) {
  const auto shift = static_cast<unsigned>(std::countl_zero(n.significand)) - 40U;
  n.significand <<= shift;
  n.exponent -= static_cast<int>(shift);
  return n;
}

constexpr Result<F32> infinite_by_zero(bool negative) {
  return {signed_bits<F32>(negative, F32::infinity), flag::divide_by_zero};
}

}  // namespace detail

// x / y. A finite number that is not zero by zero raises DIV0; 0/0 and Inf/Inf are invalid.
constexpr Result<F32> divide(std::uint32_t x, std::uint32_t y, Environment env) {
  const Number a = unpack<F32>(x, env.denormals);
  const Number b = unpack<F32>(y, env.denormals);
  const bool negative = a.negative != b.negative;
  if (a.cls == NumberClass::nan || b.cls == NumberClass::nan) return invalid_result<F32>();
  if (a.cls == b.cls && a.cls != NumberClass::finite) return invalid_result<F32>();
  if (a.cls == NumberClass::infinite) return {signed_bits<F32>(negative, F32::infinity), 0};
  if (b.cls == NumberClass::infinite || a.cls == NumberClass::zero) return {signed_bits<F32>(negative, 0), 0};
  if (b.cls == NumberClass::zero) return detail::infinite_by_zero(negative);
  const Number n = detail::normalised(a);
  const Number d = detail::normalised(b);
  constexpr unsigned shift = 27;
  const std::uint64_t dividend = n.significand << shift;
  return round_pack<F32>(negative, n.exponent - d.exponent - static_cast<int>(shift),
                         dividend / d.significand, dividend % d.significand != 0, env);
}

// 1 / x, as divide gives it: DIV0 of a zero.
constexpr Result<F32> reciprocal(std::uint32_t x, Environment env) { return divide(0x3F800000U, x, env); }

// The square root; of -0 it is -0.
constexpr Result<F32> square_root(std::uint32_t x, Environment env) {
  const Number a = unpack<F32>(x, env.denormals);
  if (a.cls == NumberClass::nan || (a.negative && a.cls != NumberClass::zero)) return invalid_result<F32>();
  if (a.cls != NumberClass::finite)
    return {a.cls == NumberClass::zero ? signed_bits<F32>(a.negative, 0) : x, 0};
  const Number n = detail::normalised(a);
  const unsigned shift = (n.exponent & 1) != 0 ? 29 : 30;  // leaves an even exponent
  const std::uint64_t square = n.significand << shift;
  const std::uint64_t root = detail::integer_root(square);
  return round_pack<F32>(false, (n.exponent - static_cast<int>(shift)) / 2, root, root * root != square, env);
}

// 1 / sqrt(x). A zero gives an infinity of its sign and DIV0. The root of a quotient: r^2 <= q is the same
// for the quotient and for its integer part.
constexpr Result<F32> reciprocal_square_root(std::uint32_t x, Environment env) {
  const Number a = unpack<F32>(x, env.denormals);
  if (a.cls == NumberClass::zero) return detail::infinite_by_zero(a.negative);
  if (a.cls == NumberClass::nan || a.negative) return invalid_result<F32>();
  if (a.cls == NumberClass::infinite) return {0, 0};
  const Number n = detail::normalised(a);
  // 2^shift / significand in two steps of 64-bit division.
  constexpr unsigned first = 47;
  const unsigned second = (n.exponent & 1) != 0 ? 28 : 29;
  const std::uint64_t high = (std::uint64_t{1} << first) / n.significand;
  const std::uint64_t rest = ((std::uint64_t{1} << first) % n.significand) << second;
  const std::uint64_t quotient = (high << second) + rest / n.significand;
  const std::uint64_t root = detail::integer_root(quotient);
  const bool inexact = rest % n.significand != 0 || root * root != quotient;
  return round_pack<F32>(false, -(n.exponent + static_cast<int>(first + second)) / 2, root, inexact, env);
}

}  // namespace ipusim::arith
