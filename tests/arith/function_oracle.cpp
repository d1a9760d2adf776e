// SPDX-License-Identifier: Apache-2.0
#include "function_oracle.hpp"

#include <bit>
#include <cmath>

namespace ipusim::arith::test {

namespace {

constexpr mpfr_prec_t wide_precision = 64 + 300;  // 1 + e^x of any x where e^x matters for the 64 bits

Special special(Special::Kind kind, bool negative = false, std::uint8_t flags = 0) {
  return {kind, negative, flags};
}

std::optional<Special> special_of(Unary function, double x) {
  using enum Special::Kind;
  const bool negative = std::signbit(x);
  if (std::isnan(x)) return special(nan, false, flag::invalid);
  switch (function) {
    case Unary::exp:
    case Unary::exp2:
      if (std::isinf(x)) return special(negative ? zero : infinite);
      break;
    case Unary::ln:
    case Unary::log2:
      if (x == 0) return special(infinite, true, flag::divide_by_zero);
      if (negative) return special(nan, false, flag::invalid);
      if (std::isinf(x)) return special(infinite);
      if (x == 1) return special(zero);
      break;
    case Unary::tanh:
      if (x == 0) return special(zero, negative);
      break;
    case Unary::sigm:
      if (std::isinf(x) && negative) return special(zero);
      break;
    case Unary::square_root:
      if (x == 0) return special(zero, negative);
      if (negative) return special(nan, false, flag::invalid);
      if (std::isinf(x)) return special(infinite);
      break;
    case Unary::reciprocal:
      if (x == 0) return special(infinite, negative, flag::divide_by_zero);
      if (std::isinf(x)) return special(zero, negative);
      break;
    case Unary::reciprocal_square_root:
      if (x == 0) return special(infinite, negative, flag::divide_by_zero);
      if (negative) return special(nan, false, flag::invalid);
      if (std::isinf(x)) return special(zero);
      break;
  }
  return std::nullopt;
}

struct Rounded {
  std::uint64_t magnitude;  // in units of the last place
  mpfr_exp_t last_place;
};

// To `precision` bits, but to no place below `lowest`.
Rounded round_to(const Truncated& v, Rounding mode, int precision, mpfr_exp_t lowest) {
  const mpfr_exp_t place = std::max(v.exponent - precision, lowest);
  const mpfr_exp_t drop = place - (v.exponent - 64);
  std::uint64_t kept = 0;
  int against_half = -1;  // the rest: less than, equal to, more than half a unit
  bool rest = true;
  if (drop < 64) {
    kept = v.significand >> drop;
    const std::uint64_t below = v.significand << (64 - drop);
    constexpr std::uint64_t half = std::uint64_t{1} << 63U;
    rest = below != 0 || v.inexact;
    against_half = below < half ? -1 : (below > half || v.inexact ? 1 : 0);
  } else if (drop == 64) {  // the leading one is the half
    against_half = v.significand << 1U != 0 || v.inexact ? 1 : 0;
  }
  bool up = false;
  switch (mode) {
    case Rounding::nearest_even:
      up = against_half > 0 || (against_half == 0 && (kept & 1U) != 0);
      break;
    case Rounding::nearest_away:
      up = against_half >= 0;
      break;
    case Rounding::plus_infinity:
      up = rest && !v.negative;
      break;
    case Rounding::minus_infinity:
      up = rest && v.negative;
      break;
    case Rounding::zero:
      break;
  }
  return {kept + (up ? 1U : 0U), place};
}

double value_of(const Rounded& r) {
  return std::ldexp(static_cast<double>(r.magnitude), static_cast<int>(r.last_place));
}

constexpr mpfr_exp_t no_lowest = -1000000;

Result<F16> overflowed_half(bool negative, HalfRules rules) {
  if (rules.nan_on_overflow) return {0x7E00, flag::overflow | flag::invalid};
  return {static_cast<std::uint16_t>(negative ? 0xFBFF : 0x7BFF), flag::overflow};
}

}  // namespace

const char* name(Unary function) {
  constexpr const char* names[] = {
      "exp", "exp2", "ln", "log2", "tanh", "sigm", "square_root", "reciprocal", "reciprocal_square_root"};
  return names[static_cast<std::size_t>(function)];
}

Result<F32> rounded_f32(const Expected& e, Rounding rounding) {
  if (e.special) {
    const std::uint32_t sign = e.special->negative ? 0x80000000U : 0;
    switch (e.special->kind) {
      case Special::Kind::nan:
        return {0x7FC00000U, e.special->flags};
      case Special::Kind::zero:
        return {sign, e.special->flags};
      case Special::Kind::infinite:
        return {sign | 0x7F800000U, e.special->flags};
    }
  }
  const std::uint32_t sign = e.value.negative ? 0x80000000U : 0;
  const double magnitude = value_of(round_to(e.value, rounding, 24, no_lowest));
  if (magnitude >= 0x1p128) {
    const bool inwards = rounding == Rounding::zero ||
                         rounding == (e.value.negative ? Rounding::plus_infinity : Rounding::minus_infinity);
    return {sign | (inwards ? 0x7F7FFFFFU : 0x7F800000U), flag::overflow};
  }
  if (magnitude < 0x1p-126) return {sign, 0};
  return {sign | std::bit_cast<std::uint32_t>(static_cast<float>(magnitude)), 0};
}

Result<F16> rounded_f16(const Expected& e, HalfRules rules) {
  if (e.special) {
    const auto sign = static_cast<std::uint16_t>(e.special->negative ? 0x8000U : 0U);
    switch (e.special->kind) {
      case Special::Kind::nan:
        return {0x7E00, e.special->flags};
      case Special::Kind::zero:
        return {sign, e.special->flags};
      case Special::Kind::infinite: {
        Result<F16> r = overflowed_half(e.special->negative, rules);
        r.flags |= e.special->flags;
        return r;
      }
    }
  }
  const double magnitude = value_of(round_to(e.value, rules.rounding, 11, -24));
  if (magnitude > 65504) return overflowed_half(e.value.negative, rules);
  const auto bits = std::bit_cast<std::uint16_t>(static_cast<_Float16>(magnitude));
  return {static_cast<std::uint16_t>(bits | (e.value.negative ? 0x8000U : 0U)), 0};
}

std::uint64_t stochastic_units(const Truncated& v) {
  const mpfr_exp_t place = std::max(v.exponent - 11, mpfr_exp_t{-24}) - 16;
  const mpfr_exp_t drop = place - (v.exponent - 64);
  return drop < 64 ? v.significand >> drop : 0;
}

FunctionOracle::FunctionOracle() {
  mpfr_inits2(64, x_, y_, result_, static_cast<mpfr_ptr>(nullptr));
  mpfr_init2(wide_, wide_precision);
}
FunctionOracle::~FunctionOracle() { mpfr_clears(x_, y_, wide_, result_, static_cast<mpfr_ptr>(nullptr)); }

// 1 / (1 + e^-x), which is 1 less e^-x when that is tiny. The wide quotient is one rounding away from the
// exact value, and neither is representable in 64 bits.
int FunctionOracle::logistic() {
  if (mpfr_cmp_ui(x_, 200) > 0) {  // 1 less something far below 64 bits
    mpfr_set_ui(result_, 1, MPFR_RNDN);
    mpfr_nextbelow(result_);
    return -1;
  }
  if (mpfr_get_exp(x_) < -200) {  // 1/2 + x/4
    mpfr_set_ui_2exp(result_, 1, -1, MPFR_RNDN);
    if (mpfr_signbit(x_) != 0) mpfr_nextbelow(result_);
    return -1;
  }
  mpfr_neg(y_, x_, MPFR_RNDN);
  mpfr_exp(wide_, y_, MPFR_RNDN);
  mpfr_add_ui(wide_, wide_, 1, MPFR_RNDN);
  mpfr_ui_div(wide_, 1, wide_, MPFR_RNDN);
  mpfr_set(result_, wide_, MPFR_RNDZ);
  return -1;
}

Truncated FunctionOracle::truncated(int ternary) {
  Truncated t;
  t.negative = mpfr_signbit(result_) != 0;
  t.exponent = mpfr_get_exp(result_);
  t.inexact = ternary != 0;
  mpfr_abs(y_, result_, MPFR_RNDN);
  mpfr_set_exp(y_, 64);
  t.significand = mpfr_get_ui(y_, MPFR_RNDZ);
  return t;
}

Expected FunctionOracle::of(Unary function, double x) {
  if (const auto s = special_of(function, x)) return {s, {}};
  mpfr_set_d(x_, x, MPFR_RNDN);
  int ternary = 0;
  switch (function) {
    case Unary::exp:
      ternary = mpfr_exp(result_, x_, MPFR_RNDZ);
      break;
    case Unary::exp2:
      ternary = mpfr_exp2(result_, x_, MPFR_RNDZ);
      break;
    case Unary::ln:
      ternary = mpfr_log(result_, x_, MPFR_RNDZ);
      break;
    case Unary::log2:
      ternary = mpfr_log2(result_, x_, MPFR_RNDZ);
      break;
    case Unary::tanh:
      ternary = mpfr_tanh(result_, x_, MPFR_RNDZ);
      break;
    case Unary::sigm:
      if (x == 0 || std::isinf(x)) {
        mpfr_set_ui_2exp(result_, 1, x == 0 ? -1 : 0, MPFR_RNDN);
      } else if (mpfr_cmp_si(x_, -1000) < 0) {
        ternary = mpfr_exp(result_, x_, MPFR_RNDZ);  // far below the smallest number of either format
      } else {
        ternary = logistic();
      }
      break;
    case Unary::square_root:
      ternary = mpfr_sqrt(result_, x_, MPFR_RNDZ);
      break;
    case Unary::reciprocal:
      ternary = mpfr_ui_div(result_, 1, x_, MPFR_RNDZ);
      break;
    case Unary::reciprocal_square_root:
      ternary = mpfr_rec_sqrt(result_, x_, MPFR_RNDZ);
      break;
  }
  if (mpfr_zero_p(result_) != 0) {  // e^x of a huge negative x: any tiny number
    mpfr_set_ui_2exp(result_, 1, -100000, MPFR_RNDN);
    ternary = -1;
  }
  if (mpfr_regular_p(result_) == 0 || mpfr_get_exp(result_) > 100000) {  // e^x of a huge x
    mpfr_set_ui_2exp(result_, 1, 100000, MPFR_RNDN);
    ternary = -1;
  }
  return {std::nullopt, truncated(ternary)};
}

Expected FunctionOracle::quotient(double x, double y) {
  using enum Special::Kind;
  const bool negative = std::signbit(x) != std::signbit(y);
  if (std::isnan(x) || std::isnan(y) || (x == 0 && y == 0) || (std::isinf(x) && std::isinf(y)))
    return {special(nan, false, flag::invalid), {}};
  if (std::isinf(x)) return {special(infinite, negative), {}};
  if (y == 0) return {special(infinite, negative, flag::divide_by_zero), {}};
  if (x == 0 || std::isinf(y)) return {special(zero, negative), {}};
  mpfr_set_d(x_, x, MPFR_RNDN);
  mpfr_set_d(y_, y, MPFR_RNDN);
  return {std::nullopt, truncated(mpfr_div(result_, x_, y_, MPFR_RNDZ))};
}

double FunctionOracle::relative_error(const Number& value) {
  mpfr_set_ui_2exp(y_, value.significand, value.exponent, MPFR_RNDN);
  if (value.negative) mpfr_neg(y_, y_, MPFR_RNDN);
  mpfr_sub(y_, y_, result_, MPFR_RNDN);
  mpfr_div(y_, y_, result_, MPFR_RNDN);
  return std::abs(mpfr_get_d(y_, MPFR_RNDN));
}

}  // namespace ipusim::arith::test
