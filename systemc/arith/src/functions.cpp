// SPDX-License-Identifier: Apache-2.0
#include "ipusim/arith/functions.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace ipusim::arith {

namespace {

#include "function_tables.inc"

constexpr unsigned place_bits = 36;  // of the place within a segment
constexpr unsigned short_bits = 30;  // as much of it as the upper coefficients need
constexpr unsigned half_bits = place_bits / 2;

// The polynomial at place / 2^36, in units of 2^-42. Every product fits 64 bits.
std::int64_t polynomial(const Row& c, std::uint64_t place) {
  const auto coarse = static_cast<std::int64_t>(place >> (place_bits - short_bits));
  const auto upper = static_cast<std::int64_t>(place >> half_bits);
  const auto lower = static_cast<std::int64_t>(place & ((1U << half_bits) - 1U));
  std::int64_t sum = c[degree];
  for (unsigned i = degree - 1; i > 0; --i) sum = c[i] + ((sum * coarse) >> short_bits);
  return c[0] + ((sum * upper + ((sum * lower) >> half_bits)) >> half_bits);
}

constexpr std::uint64_t ones(unsigned count) { return (std::uint64_t{1} << count) - 1U; }
constexpr std::uint64_t shifted_right(std::uint64_t value, int by) {
  return by < 64 ? value >> static_cast<unsigned>(by) : 0;
}

// A finite operand: significand / 2^23 * 2^exponent, bit 23 being the leading one.
struct Operand {
  bool negative;
  int exponent;
  std::uint64_t significand;
};
Operand operand(const Number& x) {
  const int width = 64 - std::countl_zero(x.significand);
  return {x.negative, x.exponent + width - 1, x.significand << static_cast<unsigned>(24 - width)};
}

FunctionValue finite(bool negative, int exponent, std::uint64_t significand) {
  return {{NumberClass::finite, negative, exponent, significand}, 0};
}
FunctionValue constant(NumberClass cls, bool negative, std::uint8_t flags = 0) {
  return {{cls, negative, 0, 0}, flags};
}
FunctionValue invalid() { return constant(NumberClass::nan, false, flag::invalid); }

// ---- Exponentials

// mantissa / 2^42 * 2^exponent, mantissa about [2^42, 2^43).
struct Power {
  int exponent;
  std::uint64_t mantissa;
  bool exact;
};

// 2^x or e^x: x log2(e) to 41 places, its integer part the exponent. Beyond +-256 any power will do.
Power power(const Operand& x, bool natural) {
  constexpr unsigned fraction_bits = 5 + place_bits;
  constexpr int beyond = 8;
  if (x.exponent >= beyond) return {x.negative ? -512 : 512, std::uint64_t{1} << places, false};
  // x or x log2(e), in units of 2^(exponent - 58).
  constexpr unsigned low_bits = 24;
  constexpr auto high = static_cast<std::uint64_t>(log2_e) >> low_bits;
  constexpr auto low = static_cast<std::uint64_t>(log2_e) & ones(low_bits);
  const std::uint64_t product =
      natural ? ((x.significand * high) << 8U) + ((x.significand * low) >> 16U) : x.significand << 35U;
  const int drop = 17 - x.exponent;
  const std::uint64_t magnitude = shifted_right(product, drop);
  const bool lost = natural || drop >= 64 || (product & ones(static_cast<unsigned>(drop))) != 0;
  // Rounded down.
  const auto fixed = static_cast<std::int64_t>(x.negative ? ~magnitude + (lost ? 0U : 1U) : magnitude);
  const std::uint64_t fraction = static_cast<std::uint64_t>(fixed) & ones(fraction_bits);
  const std::int64_t mantissa = polynomial(exp2_rows[fraction >> place_bits], fraction & ones(place_bits));
  return {static_cast<int>(fixed >> fraction_bits), static_cast<std::uint64_t>(mantissa),
          !lost && fraction == 0};
}

FunctionValue exponential(const Number& x, bool natural) {
  if (x.cls == NumberClass::zero) return finite(false, 0, 1);
  if (x.cls == NumberClass::infinite)
    return constant(x.negative ? NumberClass::zero : NumberClass::infinite, false);
  const Power p = power(operand(x), natural);
  return finite(false, p.exponent - static_cast<int>(places) - 1, p.mantissa << 1U | (p.exact ? 0U : 1U));
}

// ---- Logarithms: x = 2^e m, m in [0.75, 1.5); log x = e log 2 + t (log(1 + t) / t), t = m - 1

FunctionValue logarithm(const Number& x, bool natural) {
  if (x.cls == NumberClass::zero) return constant(NumberClass::infinite, true, flag::divide_by_zero);
  if (x.negative) return invalid();
  if (x.cls == NumberClass::infinite) return constant(NumberClass::infinite, false);
  const Operand o = operand(x);
  constexpr unsigned fraction_bits = 23;
  constexpr unsigned segment_bits = 5;
  const std::uint64_t fraction = o.significand & ones(fraction_bits);
  const bool below_one = fraction >> (fraction_bits - 1) != 0;  // m is in [0.75, 1)
  const int e = o.exponent + (below_one ? 1 : 0);
  // |t| in units of 2^-24.
  const std::uint64_t t = below_one ? (std::uint64_t{1} << 24U) - o.significand : fraction << 1U;
  if (t == 0 && e == 0) return constant(NumberClass::zero, false);
  const auto segment = fraction >> (fraction_bits - segment_bits);
  const std::uint64_t place = (fraction & ones(fraction_bits - segment_bits))
                              << (place_bits - fraction_bits + segment_bits);
  const std::int64_t quotient = polynomial(natural ? ln_rows[segment] : log2_rows[segment], place);
  const std::uint64_t product = t * static_cast<std::uint64_t>(quotient >> 2U);  // units of 2^-64
  if (e == 0) return finite(below_one, -64, product | 1U);
  constexpr unsigned sum_places = ln_2_places;
  const auto term = static_cast<std::int64_t>(product >> (64 - sum_places));
  const std::int64_t whole = e * (natural ? ln_2 : std::int64_t{1} << sum_places);
  const std::int64_t sum = whole + (below_one ? -term : term);
  const bool exact = !natural && t == 0;
  return finite(sum < 0, -static_cast<int>(sum_places) - 1,
                static_cast<std::uint64_t>(std::llabs(sum)) << 1U | (exact ? 0U : 1U));
}

// ---- tanh and sigm

// tanh(y) for y = significand / 2^23 * 2^exponent < 16, in units of 2^-63, or of 2^(exponent - 63) if y < 1.
std::uint64_t tangent(int exponent, std::uint64_t significand) {
  constexpr unsigned fixed_places = 32;
  constexpr unsigned step_bits = fixed_places - 4;  // a segment is 1/16
  const int left = exponent - 23 + static_cast<int>(fixed_places);
  const std::uint64_t y =
      left >= 0 ? significand << static_cast<unsigned>(left) : shifted_right(significand, -left);
  const std::int64_t quotient =
      polynomial(tanh_rows[y >> step_bits], (y & ones(step_bits)) << (place_bits - step_bits));
  const std::uint64_t product = significand * static_cast<std::uint64_t>(quotient >> 2U);
  return exponent >= 0 && product >> 63U != 0 ? ones(63) : product;
}

FunctionValue hyperbolic_tangent(const Number& x) {
  if (x.cls == NumberClass::zero) return constant(NumberClass::zero, x.negative);
  if (x.cls == NumberClass::infinite) return finite(x.negative, 0, 1);
  const Operand o = operand(x);
  if (o.exponent > 3) return finite(x.negative, -63, ones(63));
  return finite(x.negative, std::min(o.exponent, 0) - 63, tangent(o.exponent, o.significand) | 1U);
}

// For x > 0: (1 + tanh(x / 2)) / 2; for x < 0 that of -x, times e^x.
FunctionValue logistic(const Number& x) {
  if (x.cls == NumberClass::zero) return finite(false, -1, 1);
  if (x.cls == NumberClass::infinite)
    return x.negative ? constant(NumberClass::zero, false) : finite(false, 0, 1);
  const Operand o = operand(x);
  std::uint64_t sum = ones(63);  // 1 + tanh over 2, in units of 2^-63
  if (o.exponent <= 4) {
    const int y_exponent = o.exponent - 1;
    sum = (std::uint64_t{1} << 62U) +
          shifted_right(tangent(y_exponent, o.significand), 1 - std::min(y_exponent, 0));
  }
  if (!x.negative) return finite(false, -63, sum | 1U);
  const Power p = power(o, true);
  constexpr unsigned part_bits = 20;  // the sum's upper 40 bits in two parts, so that products fit 64 bits
  const std::uint64_t upper = sum >> (63 - part_bits);
  const std::uint64_t lower = (sum >> (63 - 2 * part_bits)) & ones(part_bits);
  const std::uint64_t product = p.mantissa * upper + ((p.mantissa * lower) >> part_bits);
  return finite(false, p.exponent - static_cast<int>(places + part_bits), product | 1U);
}

}  // namespace

FunctionValue function_value(Function function, const Number& x) {
  if (x.cls == NumberClass::nan) return invalid();
  switch (function) {
    case Function::exp:
      return exponential(x, true);
    case Function::exp2:
      return exponential(x, false);
    case Function::ln:
      return logarithm(x, true);
    case Function::log2:
      return logarithm(x, false);
    case Function::tanh:
      return hyperbolic_tangent(x);
    case Function::sigm:
      break;
  }
  return logistic(x);
}

Result<F32> evaluate(Function function, std::uint32_t x, Rounding rounding) {
  const FunctionValue f = function_value(function, unpack<F32>(x, Denormals::flush));
  const Number& n = f.value;
  switch (n.cls) {
    case NumberClass::nan:
      return invalid_result<F32>();
    case NumberClass::zero:
      return {signed_bits<F32>(n.negative, 0), f.flags};
    case NumberClass::infinite:
      return {signed_bits<F32>(n.negative, F32::infinity), f.flags};
    case NumberClass::finite:
      break;
  }
  return round_pack<F32>(n.negative, n.exponent, n.significand, false, {rounding, Denormals::flush});
}

Result<F16> evaluate_half(Function function, std::uint16_t x, HalfRules rules,
                          std::optional<std::uint16_t> random) {
  const FunctionValue f = function_value(function, unpack<F16>(x, Denormals::keep));
  const Number& n = f.value;
  switch (n.cls) {
    case NumberClass::nan:
      return invalid_result<F16>();
    case NumberClass::zero:
      return {signed_bits<F16>(n.negative, 0), f.flags};
    case NumberClass::infinite: {
      Result<F16> result = half_overflow(n.negative, rules);
      result.flags |= f.flags;
      return result;
    }
    case NumberClass::finite:
      break;
  }
  return round_half(n, rules, random);
}

}  // namespace ipusim::arith
