// SPDX-License-Identifier: Apache-2.0
// f32 to and from 32-bit integers, and f32 rounded to an integral f32. No operation flags an inexact result.
#pragma once

#include "ipusim/arith/number.hpp"

namespace ipusim::arith {

constexpr Result<F32> from_unsigned(std::uint32_t value, Rounding rounding) {
  if (value == 0) return {0, 0};
  return round_pack<F32>(false, 0, value, false, {rounding, Denormals::flush});
}

constexpr Result<F32> from_signed(std::uint32_t bits, Rounding rounding) {
  const bool negative = bits >> 31U != 0;
  const std::uint32_t magnitude = negative ? 0U - bits : bits;
  if (magnitude == 0) return {0, 0};
  return round_pack<F32>(negative, 0, magnitude, false, {rounding, Denormals::flush});
}

namespace detail {

// The magnitude of a finite number rounded to an integer; at most 2^32 matter, larger ones give 2^63.
constexpr std::uint64_t integral_magnitude(const Number& n, Rounding rounding) {
  if (n.exponent >= 0) {
    return n.exponent > 32 ? std::uint64_t{1} << 63U : n.significand << static_cast<unsigned>(n.exponent);
  }
  const auto drop = static_cast<unsigned>(-n.exponent);
  if (drop >= 64) return rounds_away(rounding, n.negative, false, false, true) ? 1 : 0;
  const std::uint64_t kept = n.significand >> drop;
  const bool half = ((n.significand >> (drop - 1U)) & 1U) != 0;
  const bool sticky = (n.significand & ((std::uint64_t{1} << (drop - 1U)) - 1U)) != 0;
  return kept + (rounds_away(rounding, n.negative, (kept & 1U) != 0, half, sticky) ? 1U : 0U);
}

}  // namespace detail

struct IntegerResult {
  std::uint32_t bits = 0;
  std::uint8_t flags = 0;
  friend constexpr bool operator==(const IntegerResult&, const IntegerResult&) = default;
};

// Beyond the range, infinities included: the end of the range on that side, with INV. NaN: 0, with INV (O29,
// chosen). The range is tested after rounding.
constexpr IntegerResult to_unsigned(std::uint32_t bits, Rounding rounding) {
  constexpr std::uint32_t highest = 0xFFFFFFFFU;
  const Number n = unpack<F32>(bits, Denormals::flush);
  switch (n.cls) {
    case NumberClass::nan:
      return {0, flag::invalid};
    case NumberClass::zero:
      return {0, 0};
    case NumberClass::infinite:
      return {n.negative ? 0 : highest, flag::invalid};
    case NumberClass::finite:
      break;
  }
  const std::uint64_t magnitude = detail::integral_magnitude(n, rounding);
  if (n.negative && magnitude != 0) return {0, flag::invalid};
  if (magnitude > highest) return {highest, flag::invalid};
  return {static_cast<std::uint32_t>(magnitude), 0};
}

constexpr IntegerResult to_signed(std::uint32_t bits, Rounding rounding) {
  constexpr std::uint32_t lowest = 0x80000000U;
  constexpr std::uint32_t highest = 0x7FFFFFFFU;
  const Number n = unpack<F32>(bits, Denormals::flush);
  switch (n.cls) {
    case NumberClass::nan:
      return {0, flag::invalid};
    case NumberClass::zero:
      return {0, 0};
    case NumberClass::infinite:
      return {n.negative ? lowest : highest, flag::invalid};
    case NumberClass::finite:
      break;
  }
  const std::uint64_t magnitude = detail::integral_magnitude(n, rounding);
  if (magnitude > (n.negative ? lowest : highest)) return {n.negative ? lowest : highest, flag::invalid};
  const auto low = static_cast<std::uint32_t>(magnitude);
  return {n.negative ? 0U - low : low, 0};
}

// An integral f32. Zeros keep the sign of the operand; infinities stay.
constexpr Result<F32> round_to_integral(std::uint32_t bits, Rounding rounding) {
  const Number n = unpack<F32>(bits, Denormals::flush);
  switch (n.cls) {
    case NumberClass::nan:
      return invalid_result<F32>();
    case NumberClass::zero:
      return {signed_bits<F32>(n.negative, 0), 0};
    case NumberClass::infinite:
      return {bits, 0};
    case NumberClass::finite:
      break;
  }
  if (n.exponent >= 0) return {bits, 0};
  const std::uint64_t magnitude = detail::integral_magnitude(n, rounding);
  if (magnitude == 0) return {signed_bits<F32>(n.negative, 0), 0};
  return round_pack<F32>(n.negative, 0, magnitude, false, {rounding, Denormals::flush});
}

}  // namespace ipusim::arith
