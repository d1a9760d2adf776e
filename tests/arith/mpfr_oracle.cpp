// SPDX-License-Identifier: Apache-2.0
#include "mpfr_oracle.hpp"

#include <bit>
#include <cmath>

namespace ipusim::arith::test {

namespace {

constexpr mpfr_prec_t exact_precision = 320;  // holds any sum or product of two f32 exactly

std::uint32_t flush(std::uint32_t bits) { return (bits & 0x7F800000U) == 0 ? bits & 0x80000000U : bits; }

mpfr_rnd_t mpfr_mode(Rounding rounding) {
  switch (rounding) {
    case Rounding::plus_infinity:
      return MPFR_RNDU;
    case Rounding::minus_infinity:
      return MPFR_RNDD;
    case Rounding::zero:
      return MPFR_RNDZ;
    default:
      return MPFR_RNDN;
  }
}

}  // namespace

MpfrOracle::MpfrOracle() {
  mpfr_inits2(exact_precision, a_, b_, exact_, static_cast<mpfr_ptr>(nullptr));
  mpfr_init2(rounded_, 24);
}

MpfrOracle::~MpfrOracle() { mpfr_clears(a_, b_, exact_, rounded_, static_cast<mpfr_ptr>(nullptr)); }

Result<F32> MpfrOracle::expected(Operation operation, std::uint32_t x, std::uint32_t y, Environment env) {
  if (env.denormals == Denormals::flush) {
    x = flush(x);
    y = flush(y);
  }
  mpfr_set_flt(a_, std::bit_cast<float>(x), MPFR_RNDN);
  mpfr_set_flt(b_, std::bit_cast<float>(y), MPFR_RNDN);
  // The mode only matters for the sign of an exact zero here.
  const mpfr_rnd_t mode = mpfr_mode(env.rounding);
  switch (operation) {
    case Operation::add:
      mpfr_add(exact_, a_, b_, mode);
      break;
    case Operation::subtract:
      mpfr_sub(exact_, a_, b_, mode);
      break;
    case Operation::multiply:
      mpfr_mul(exact_, a_, b_, mode);
      break;
  }
  if (mpfr_nan_p(exact_) != 0) {
    return {0x7FC00000U, flag::invalid};
  }
  const std::uint32_t sign = mpfr_signbit(exact_) != 0 ? 0x80000000U : 0U;
  if (mpfr_inf_p(exact_) != 0) {
    return {sign | 0x7F800000U, 0};
  }
  if (mpfr_zero_p(exact_) != 0) {
    return {sign, 0};
  }
  return round_exact(env);
}

Result<F32> MpfrOracle::round_exact(Environment env) {
  const bool negative = mpfr_signbit(exact_) != 0;
  const std::uint32_t sign = negative ? 0x80000000U : 0U;
  // With gradual underflow the precision shrinks below 2^-126; MPFR's exponent e means [2^(e-1), 2^e).
  mpfr_prec_t precision = 24;
  const mpfr_exp_t exponent = mpfr_get_exp(exact_);
  if (env.denormals == Denormals::keep && exponent < -125) {
    precision -= -125 - exponent;
  }
  if (precision < 1) {
    // Between zero and the smallest denormal 2^-149: only the comparison with its half matters.
    const int half = mpfr_cmpabs_ui(exact_, 0) == 0 ? -1 : [&] {
      mpfr_set_ui_2exp(rounded_, 1, -150, MPFR_RNDN);
      return mpfr_cmpabs(exact_, rounded_);
    }();
    const bool up = env.rounding == Rounding::plus_infinity    ? !negative
                    : env.rounding == Rounding::minus_infinity ? negative
                    : env.rounding == Rounding::zero           ? false
                    : env.rounding == Rounding::nearest_away   ? half >= 0
                                                               : half > 0;
    return {sign | (up ? 1U : 0U), 0};
  }
  mpfr_set_prec(rounded_, precision);
  if (env.rounding == Rounding::nearest_away) {
    // One further bit, truncated, tells the nearer neighbour; a set bit means half or more.
    mpfr_set_prec(rounded_, precision + 1);
    mpfr_set(rounded_, exact_, MPFR_RNDZ);
    mpfr_prec_round(rounded_, precision, MPFR_RNDA);
  } else {
    mpfr_set(rounded_, exact_, mpfr_mode(env.rounding));
  }
  if (mpfr_get_exp(rounded_) > 128) {
    const bool inwards = env.rounding == Rounding::zero ||
                         env.rounding == (negative ? Rounding::plus_infinity : Rounding::minus_infinity);
    return {sign | (inwards ? 0x7F7FFFFFU : 0x7F800000U), flag::overflow};
  }
  if (env.denormals == Denormals::flush && mpfr_get_exp(rounded_) < -125) {
    return {sign, 0};
  }
  return {std::bit_cast<std::uint32_t>(mpfr_get_flt(rounded_, MPFR_RNDN)), 0};
}

std::vector<std::uint32_t> special_values() {
  std::vector<std::uint32_t> values;
  for (const std::uint32_t magnitude :
       {0x00000000U, 0x00000001U, 0x00000002U, 0x00000003U, 0x003FFFFFU, 0x00400000U, 0x007FFFFFU,
        0x00800000U, 0x00800001U, 0x00800002U, 0x00FFFFFFU, 0x01000000U, 0x01000001U, 0x0B800000U,
        0x0C7FFFFFU, 0x1F800000U, 0x20000000U, 0x33800000U, 0x34000000U, 0x3F000000U, 0x3F7FFFFFU,
        0x3F800000U, 0x3F800001U, 0x3FC00000U, 0x40000000U, 0x4B7FFFFFU, 0x4B800000U, 0x4B800001U,
        0x5F7FFFFFU, 0x5F800000U, 0x7E7FFFFFU, 0x7E800000U, 0x7F000000U, 0x73000000U, 0x72FFFFFFU,
        0x7F7FFFFEU, 0x7F7FFFFFU, 0x7F800000U, 0x7F800001U, 0x7FBFFFFFU, 0x7FC00000U, 0x7FFFFFFFU}) {
    values.push_back(magnitude);
    values.push_back(magnitude | 0x80000000U);
  }
  return values;
}

std::uint64_t OperandGenerator::random() {  // splitmix64
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

OperandGenerator::Pair OperandGenerator::next() {
  const std::uint64_t bits = random();
  const auto x = static_cast<std::uint32_t>(bits);
  const auto y = static_cast<std::uint32_t>(bits >> 32U);
  const std::uint64_t choice = random();
  const auto exponent_of = [](std::uint32_t value) { return (value >> 23U) & 0xFFU; };
  const auto with_exponent = [](std::uint32_t value, std::uint32_t e) {
    return (value & 0x807FFFFFU) | ((e & 0xFFU) << 23U);
  };
  const auto near = static_cast<std::uint32_t>((choice >> 8U) % 56U);
  switch (choice & 3U) {
    case 0:
      return {x, y};
    case 1:
      return {x, with_exponent(y, exponent_of(x) + near - 28U)};  // sums that interact
    case 2:
      return {x, with_exponent(y, 127U + 1U - exponent_of(x) + (near % 4U))};  // products near 2^-126
    default:
      return {x, with_exponent(y, 127U + 253U - exponent_of(x) + (near % 4U))};  // products near 2^128
  }
}

}  // namespace ipusim::arith::test
