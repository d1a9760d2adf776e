// SPDX-License-Identifier: Apache-2.0
// Taking numbers of a format apart, and rounding exact values back into it.
#pragma once

#include <bit>
#include <cstdint>

#include "ipusim/arith/environment.hpp"
#include "ipusim/arith/format.hpp"

namespace ipusim::arith {

enum class NumberClass : std::uint8_t { zero, finite, infinite, nan };

// A finite non-zero number is (-1)^negative * significand * 2^exponent; the significand is not normalised.
struct Number {
  NumberClass cls = NumberClass::zero;
  bool negative = false;
  int exponent = 0;
  std::uint64_t significand = 0;
};

// The bits of a result and the flags it raised.
template <class F>
struct Result {
  typename F::Bits bits = 0;
  std::uint8_t flags = 0;
  friend constexpr bool operator==(const Result&, const Result&) = default;
};

template <class F>
constexpr Number unpack(typename F::Bits bits, Denormals denormals) {
  Number n;
  n.negative = (bits & F::sign_mask) != 0;
  const auto biased = static_cast<unsigned>((bits & F::infinity) >> F::fraction_bits);
  const std::uint64_t fraction = bits & F::fraction_mask;
  if (biased == (1U << F::exponent_bits) - 1U) {
    n.cls = fraction == 0 ? NumberClass::infinite : NumberClass::nan;
  } else if (biased != 0) {
    n.cls = NumberClass::finite;
    n.significand = fraction | (std::uint64_t{1} << F::fraction_bits);
    n.exponent = static_cast<int>(biased) - F::bias - static_cast<int>(F::fraction_bits);
  } else if (fraction != 0 && denormals == Denormals::keep) {
    n.cls = NumberClass::finite;
    n.significand = fraction;
    n.exponent = F::min_exponent - static_cast<int>(F::fraction_bits);
  }
  return n;
}

template <class F>
constexpr typename F::Bits signed_bits(bool negative, typename F::Bits magnitude) {
  return static_cast<typename F::Bits>(negative ? (magnitude | F::sign_mask) : magnitude);
}

template <class F>
constexpr Result<F> invalid_result() {
  return {F::quiet_nan, flag::invalid};
}

// Result of finite operands beyond the format: infinity, or the largest number where the mode points inwards.
template <class F>
constexpr Result<F> overflow_result(bool negative, Rounding rounding) {
  const bool inwards = rounding == Rounding::zero || (rounding == Rounding::plus_infinity && negative) ||
                       (rounding == Rounding::minus_infinity && !negative);
  return {signed_bits<F>(negative, inwards ? F::max_finite : F::infinity), flag::overflow};
}

// Rounds (-1)^negative * significand * 2^exponent, significand != 0, to the format. `sticky` says that the
// exact value is a little larger in magnitude than that, by less than one unit of the significand's bit 0;
// the significand must then have at least two bits more than the format's precision.
template <class F>
constexpr Result<F> round_pack(bool negative, int exponent, std::uint64_t significand, bool sticky,
                               Environment env) {
  using Bits = typename F::Bits;
  const int width = 64 - std::countl_zero(significand);
  const int value_exponent = exponent + width - 1;
  int drop = width - static_cast<int>(F::precision);
  if (env.denormals == Denormals::keep && value_exponent < F::min_exponent) {
    drop += F::min_exponent - value_exponent;
  }
  std::uint64_t kept = 0;
  if (drop <= 0) {
    kept = significand << static_cast<unsigned>(-drop);
  } else {
    const auto n = static_cast<unsigned>(drop);
    kept = n < 64 ? significand >> n : 0;
    const bool half = n <= 64 && ((significand >> (n - 1U)) & 1U) != 0;
    const std::uint64_t below = n > 64 ? significand : significand & ((std::uint64_t{1} << (n - 1U)) - 1U);
    kept += rounds_away(env.rounding, negative, (kept & 1U) != 0, half, below != 0 || sticky) ? 1U : 0U;
  }
  int unit = exponent + drop;
  if (kept >> F::precision != 0) {  // rounding carried into a further bit; the dropped one is 0
    kept >>= 1U;
    ++unit;
  }
  const int result_exponent = unit + static_cast<int>(F::fraction_bits);
  if (kept >> F::fraction_bits == 0) {  // below the normal range, only with gradual underflow
    return {signed_bits<F>(negative, static_cast<Bits>(kept)), 0};
  }
  if (result_exponent < F::min_exponent) {
    return {signed_bits<F>(negative, 0), 0};
  }
  if (result_exponent > F::max_exponent) {
    return overflow_result<F>(negative, env.rounding);
  }
  const auto biased = static_cast<Bits>(result_exponent + F::bias);
  const Bits magnitude =
      static_cast<Bits>((biased << F::fraction_bits) | (static_cast<Bits>(kept) & F::fraction_mask));
  return {signed_bits<F>(negative, magnitude), 0};
}

}  // namespace ipusim::arith
