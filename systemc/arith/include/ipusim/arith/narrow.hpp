// SPDX-License-Identifier: Apache-2.0
// f32 to f16, as results of accumulating operations are written.
#pragma once

#include <optional>

#include "ipusim/arith/number.hpp"

namespace ipusim::arith {

// How f16 results are written: FP_CTL's RND and NANOO.
struct HalfRules {
  Rounding rounding = Rounding::nearest_even;
  bool nan_on_overflow = false;
};

// Beyond the f16 range, infinite f32 included: the largest number, or a NaN if overflow makes NaNs (O22,
// chosen).
constexpr Result<F16> half_overflow(bool negative, HalfRules rules) {
  if (rules.nan_on_overflow) return {F16::quiet_nan, flag::overflow | flag::invalid};
  return {signed_bits<F16>(negative, F16::max_finite), flag::overflow};
}

namespace detail {

// Truncates the magnitude after adding `random` in units of 2^-16 of the f16's last place (O21, chosen).
constexpr Result<F16> narrow_stochastic(const Number& n, std::uint16_t random, HalfRules rules) {
  const int width = 64 - std::countl_zero(n.significand);
  const int value_exponent = n.exponent + width - 1;
  const int last_place = (value_exponent < F16::min_exponent ? F16::min_exponent : value_exponent) -
                         static_cast<int>(F16::fraction_bits);
  // The magnitude in units of 2^-16 last places: at most 27 bits.
  const int move = n.exponent - (last_place - 16);
  std::uint64_t magnitude = 0;
  if (move >= 0) {
    magnitude = n.significand << static_cast<unsigned>(move);
  } else if (move > -64) {
    magnitude = n.significand >> static_cast<unsigned>(-move);
  }
  const std::uint64_t kept = (magnitude + random) >> 16U;
  if (kept == 0) return {signed_bits<F16>(n.negative, 0), 0};
  const Result<F16> packed =
      round_pack<F16>(n.negative, last_place, kept, false, {Rounding::zero, Denormals::keep});
  return packed.flags != 0 ? half_overflow(n.negative, rules) : packed;
}

}  // namespace detail

// The f16 of a finite number that is not zero. `random`: sixteen random bits for stochastic rounding in place
// of the rounding mode.
constexpr Result<F16> round_half(const Number& n, HalfRules rules, std::optional<std::uint16_t> random) {
  if (random) return detail::narrow_stochastic(n, *random, rules);
  const Result<F16> packed =
      round_pack<F16>(n.negative, n.exponent, n.significand, false, {rules.rounding, Denormals::keep});
  return packed.flags != 0 ? half_overflow(n.negative, rules) : packed;
}

// The f16 of an f32, whose denormals read as zero.
constexpr Result<F16> narrow(std::uint32_t bits, HalfRules rules, std::optional<std::uint16_t> random) {
  const Number n = unpack<F32>(bits, Denormals::flush);
  switch (n.cls) {
    case NumberClass::nan:
      return invalid_result<F16>();
    case NumberClass::zero:
      return {signed_bits<F16>(n.negative, 0), 0};
    case NumberClass::infinite:
      return half_overflow(n.negative, rules);
    case NumberClass::finite:
      break;
  }
  return round_half(n, rules, random);
}

}  // namespace ipusim::arith
