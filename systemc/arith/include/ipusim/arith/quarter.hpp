// SPDX-License-Identifier: Apache-2.0
// f8: the two formats of eight bits of ipu21 (docs/arithmetic.md, "f8"). F143 has 4 bits of exponent and 3 of
// fraction, F152 5 and 2. No infinities, one zero; the code of -0 is the NaN.
#pragma once

#include <algorithm>
#include <array>
#include <optional>

#include "ipusim/arith/accumulate.hpp"
#include "ipusim/arith/classify.hpp"
#include "ipusim/arith/narrow.hpp"

namespace ipusim::arith {

// Codes as in FP_NFMT.
enum class QuarterFormat : std::uint8_t { f152 = 0, f143 = 1 };

namespace quarter {

inline constexpr std::uint8_t sign_mask = 0x80;
inline constexpr std::uint8_t nan = 0x80;
inline constexpr std::uint8_t max_finite = 0x7F;

constexpr unsigned fraction_bits(QuarterFormat format) { return format == QuarterFormat::f143 ? 3 : 2; }
// Exponent of the last place of denormals and of the lowest normal numbers.
constexpr int lowest_place(QuarterFormat format) { return format == QuarterFormat::f143 ? -10 : -17; }

}  // namespace quarter

constexpr Number unpack_quarter(std::uint8_t bits, QuarterFormat format) {
  Number n;
  n.negative = (bits & quarter::sign_mask) != 0;
  if (bits == quarter::nan) n.cls = NumberClass::nan;
  const unsigned magnitude = bits & quarter::max_finite;
  if (magnitude == 0) return n;
  const unsigned width = quarter::fraction_bits(format);
  const unsigned biased = magnitude >> width;
  const unsigned fraction = magnitude & ((1U << width) - 1U);
  n.cls = NumberClass::finite;
  n.significand = biased == 0 ? fraction : fraction | 1U << width;
  n.exponent = quarter::lowest_place(format) + static_cast<int>(biased == 0 ? 0 : biased - 1);
  return n;
}

constexpr ClassCode classify_quarter(std::uint8_t bits, QuarterFormat format) {
  const Number n = unpack_quarter(bits, format);
  if (n.cls == NumberClass::nan) return ClassCode::quiet_nan;
  if (n.cls == NumberClass::zero) return ClassCode::plus_zero;
  if (n.significand >> quarter::fraction_bits(format) != 0)
    return n.negative ? ClassCode::minus_normal : ClassCode::plus_normal;
  return n.negative ? ClassCode::minus_denormal : ClassCode::plus_denormal;
}

// The f16 of an f8 times 2^scale: rounded, if it does not fit, as all f16 results are.
constexpr Result<F16> quarter_to_half(std::uint8_t bits, QuarterFormat format, int scale, HalfRules rules,
                                      std::optional<std::uint16_t> random) {
  Number n = unpack_quarter(bits, format);
  if (n.cls == NumberClass::nan) return invalid_result<F16>();
  if (n.cls == NumberClass::zero) return {0, 0};
  n.exponent += scale;
  return round_half(n, rules, random);
}

// The f16 that has exactly the value of an f8.
constexpr std::uint16_t half_of_quarter(std::uint8_t bits, QuarterFormat format) {
  return quarter_to_half(bits, format, 0, {}, std::nullopt).bits;
}

struct QuarterResult {
  std::uint8_t bits = 0;
  std::uint8_t flags = 0;
  friend constexpr bool operator==(const QuarterResult&, const QuarterResult&) = default;
};

namespace detail {

// The magnitude of a finite number in last places of the f8 result, rounded; `place` is the exponent of one.
constexpr std::uint64_t quarter_places(const Number& n, int place, Rounding rounding,
                                       std::optional<std::uint8_t> random) {
  const int drop = place - n.exponent;
  if (drop <= 0) return n.significand << static_cast<unsigned>(-drop);
  const auto by = static_cast<unsigned>(drop);
  if (random) {  // added in units of 2^-8 of a place
    const std::uint64_t finer = by > 60 ? 0 : (n.significand << 8U) >> by;
    return (finer + *random) >> 8U;
  }
  const std::uint64_t kept = by > 60 ? 0 : n.significand >> by;
  const bool half = by <= 60 && ((n.significand >> (by - 1U)) & 1U) != 0;
  const bool sticky = by > 60 || (n.significand & ((std::uint64_t{1} << (by - 1U)) - 1U)) != 0;
  return kept + (rounds_away(rounding, n.negative, (kept & 1U) != 0, half, sticky) ? 1U : 0U);
}

}  // namespace detail

// Beyond the f8 range: the largest number and OFLO, or with NANOO a NaN, OFLO and INV.
constexpr QuarterResult quarter_overflow(bool negative, HalfRules rules) {
  if (rules.nan_on_overflow) return {quarter::nan, flag::overflow | flag::invalid};
  const auto sign = negative ? quarter::sign_mask : std::uint8_t{0};
  return {static_cast<std::uint8_t>(sign | quarter::max_finite), flag::overflow};
}

// The f8 of a finite number that is not zero. `random`: eight random bits for stochastic rounding in place of
// the mode.
constexpr QuarterResult round_quarter(const Number& n, QuarterFormat format, HalfRules rules,
                                      std::optional<std::uint8_t> random) {
  const unsigned width = quarter::fraction_bits(format);
  const int top = n.exponent + 63 - std::countl_zero(n.significand);
  const int lowest = quarter::lowest_place(format);
  const int above =
      std::max(top - static_cast<int>(width) - lowest, 0);  // binades above the lowest normal one
  if (above > 31) return quarter_overflow(n.negative, rules);
  const std::uint64_t places = detail::quarter_places(n, lowest + above, rules.rounding, random);
  if (places == 0) return {0, 0};
  // Counts on from binade to binade: a carry out of one is the next one's first number.
  const std::uint64_t code = (static_cast<std::uint64_t>(above) << width) + places;
  if (code > quarter::max_finite) return quarter_overflow(n.negative, rules);
  return {static_cast<std::uint8_t>((n.negative ? quarter::sign_mask : 0U) | code), 0};
}

// The f8 of an f16 times 2^scale; infinities are beyond the range.
constexpr QuarterResult half_to_quarter(std::uint16_t half, QuarterFormat format, int scale, HalfRules rules,
                                        std::optional<std::uint8_t> random) {
  Number n = unpack<F16>(half, Denormals::keep);
  switch (n.cls) {
    case NumberClass::nan:
      return {quarter::nan, flag::invalid};
    case NumberClass::zero:
      return {0, 0};
    case NumberClass::infinite:
      return quarter_overflow(n.negative, rules);
    case NumberClass::finite:
      break;
  }
  n.exponent += scale;
  return round_quarter(n, format, rules, random);
}

// addend + 2^scale * sum of x[k] * y[k], as dot_f16.
constexpr Result<F32> dot_f8(std::uint32_t addend, const std::array<std::uint8_t, 8>& x,
                             QuarterFormat x_format, const std::array<std::uint8_t, 8>& y,
                             QuarterFormat y_format, int scale) {
  std::array<std::uint16_t, 8> x_halves{}, y_halves{};
  for (std::size_t k = 0; k < 8; ++k) {
    x_halves[k] = half_of_quarter(x[k], x_format);
    y_halves[k] = half_of_quarter(y[k], y_format);
  }
  return dot_f16(addend, x_halves, y_halves, scale);
}

}  // namespace ipusim::arith
