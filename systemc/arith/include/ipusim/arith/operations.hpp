// SPDX-License-Identifier: Apache-2.0
// Addition, subtraction, multiplication and comparison of numbers of one format, bit for bit, without the
// host's floating-point unit. Flags are those of the IPU: any NaN operand raises INV, quiet ones too; OFLO
// whenever finite operands give a rounded result beyond the format.
#pragma once

#include "ipusim/arith/number.hpp"

namespace ipusim::arith {

namespace detail {

// The sign of an exact zero sum of operands of opposite sign.
constexpr bool zero_sum_negative(Rounding rounding) { return rounding == Rounding::minus_infinity; }

// Sum of two finite non-zero numbers. Bits of the smaller that fall below the larger one's guard bits only
// count as sticky.
template <class F>
constexpr Result<F> add_finite(Number a, Number b, Environment env) {
  constexpr unsigned guard = F::precision + 3;
  static_assert(F::precision + guard < 63, "sum must fit 64 bits");
  if (a.exponent < b.exponent || (a.exponent == b.exponent && a.significand < b.significand)) {
    const Number t = a;
    a = b;
    b = t;
  }
  const auto distance = static_cast<unsigned>(a.exponent - b.exponent);
  const std::uint64_t large = a.significand << guard;
  std::uint64_t small = b.significand << guard;
  bool sticky = false;
  if (distance >= 64) {
    sticky = true;
    small = 0;
  } else {
    sticky = (small & ((std::uint64_t{1} << distance) - 1U)) != 0;
    small >>= distance;
  }
  std::uint64_t sum = 0;
  if (a.negative == b.negative) {
    sum = large + small;
  } else {
    // large - (small + something below one unit) = (large - small - 1) + something below one unit
    sum = large - small - (sticky ? 1U : 0U);
    if (sum == 0 && !sticky) {
      return {signed_bits<F>(zero_sum_negative(env.rounding), 0), 0};
    }
  }
  return round_pack<F>(a.negative, a.exponent - static_cast<int>(guard), sum, sticky, env);
}

}  // namespace detail

template <class F>
constexpr Result<F> add(typename F::Bits x, typename F::Bits y, Environment env) {
  const Number a = unpack<F>(x, env.denormals);
  const Number b = unpack<F>(y, env.denormals);
  if (a.cls == NumberClass::finite && b.cls == NumberClass::finite) {
    return detail::add_finite<F>(a, b, env);
  }
  if (a.cls == NumberClass::nan || b.cls == NumberClass::nan) {
    return invalid_result<F>();
  }
  if (a.cls == NumberClass::infinite || b.cls == NumberClass::infinite) {
    if (a.cls == b.cls && a.negative != b.negative) {
      return invalid_result<F>();
    }
    return {signed_bits<F>(a.cls == NumberClass::infinite ? a.negative : b.negative, F::infinity), 0};
  }
  if (a.cls == NumberClass::zero && b.cls == NumberClass::zero) {
    return {
        signed_bits<F>(a.negative == b.negative ? a.negative : detail::zero_sum_negative(env.rounding), 0),
        0};
  }
  return {a.cls == NumberClass::zero ? y : x, 0};
}

template <class F>
constexpr Result<F> subtract(typename F::Bits x, typename F::Bits y, Environment env) {
  return add<F>(x, static_cast<typename F::Bits>(y ^ F::sign_mask), env);
}

template <class F>
constexpr Result<F> multiply(typename F::Bits x, typename F::Bits y, Environment env) {
  static_assert(2 * F::precision <= 64, "product must fit 64 bits");
  const Number a = unpack<F>(x, env.denormals);
  const Number b = unpack<F>(y, env.denormals);
  const bool negative = a.negative != b.negative;
  if (a.cls == NumberClass::finite && b.cls == NumberClass::finite) {
    return round_pack<F>(negative, a.exponent + b.exponent, a.significand * b.significand, false, env);
  }
  if (a.cls == NumberClass::nan || b.cls == NumberClass::nan) {
    return invalid_result<F>();
  }
  if (a.cls == NumberClass::infinite || b.cls == NumberClass::infinite) {
    if (a.cls == NumberClass::zero || b.cls == NumberClass::zero) {
      return invalid_result<F>();
    }
    return {signed_bits<F>(negative, F::infinity), 0};
  }
  return {signed_bits<F>(negative, 0), 0};
}

enum class Relation : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

struct Comparison {
  bool holds = false;
  std::uint8_t flags = 0;
  friend constexpr bool operator==(const Comparison&, const Comparison&) = default;
};

// x `relation` y. With a NaN operand only not_equal holds, and INV is raised.
template <class F>
constexpr Comparison compare(typename F::Bits x, typename F::Bits y, Relation relation, Denormals denormals) {
  const Number a = unpack<F>(x, denormals);
  const Number b = unpack<F>(y, denormals);
  if (a.cls == NumberClass::nan || b.cls == NumberClass::nan) {
    return {relation == Relation::not_equal, flag::invalid};
  }
  // The bits of a magnitude are ordered like its value.
  const auto key = [](const Number& n, typename F::Bits bits) {
    const auto magnitude = static_cast<std::int64_t>(bits & static_cast<typename F::Bits>(~F::sign_mask));
    return n.cls == NumberClass::zero ? 0 : (n.negative ? -magnitude : magnitude);
  };
  const std::int64_t ka = key(a, x);
  const std::int64_t kb = key(b, y);
  switch (relation) {
    case Relation::equal:
      return {ka == kb, 0};
    case Relation::not_equal:
      return {ka != kb, 0};
    case Relation::less:
      return {ka < kb, 0};
    case Relation::less_equal:
      return {ka <= kb, 0};
    case Relation::greater:
      return {ka > kb, 0};
    case Relation::greater_equal:
      break;
  }
  return {ka >= kb, 0};
}

}  // namespace ipusim::arith
