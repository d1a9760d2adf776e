// SPDX-License-Identifier: Apache-2.0
// Sums of products worked out with MPFR, and the values of operands by the definition of their formats.
#pragma once

#include <mpfr.h>

#include <bit>
#include <cmath>
#include <cstdint>

#include "ipusim/arith/number.hpp"

namespace ipusim::arith::test {

// splitmix64
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(next() % n); }

 private:
  std::uint64_t state_;
};

// Exact sums, rounded to nearest-even f32 without denormals.
class SumOracle {
 public:
  SumOracle() {
    mpfr_inits2(700, sum_, x_, y_, static_cast<mpfr_ptr>(nullptr));
    mpfr_init2(rounded_, 24);
  }
  ~SumOracle() { mpfr_clears(sum_, x_, y_, rounded_, static_cast<mpfr_ptr>(nullptr)); }
  SumOracle(const SumOracle&) = delete;
  SumOracle& operator=(const SumOracle&) = delete;

  void start(double first) { mpfr_set_d(sum_, first, MPFR_RNDN); }
  void add_product(double x, double y) {
    mpfr_set_d(x_, x, MPFR_RNDN);
    mpfr_set_d(y_, y, MPFR_RNDN);
    mpfr_mul(x_, x_, y_, MPFR_RNDN);
    mpfr_add(sum_, sum_, x_, MPFR_RNDN);
  }
  Result<F32> result() {
    if (mpfr_nan_p(sum_) != 0) return {0x7FC00000U, flag::invalid};
    const std::uint32_t sign = mpfr_signbit(sum_) != 0 ? 0x80000000U : 0U;
    if (mpfr_inf_p(sum_) != 0) return {sign | 0x7F800000U, 0};
    mpfr_set(rounded_, sum_, MPFR_RNDN);
    if (mpfr_zero_p(rounded_) != 0 || mpfr_get_exp(rounded_) < -125) return {sign, 0};
    if (mpfr_get_exp(rounded_) > 128) return {sign | 0x7F800000U, flag::overflow};
    return {std::bit_cast<std::uint32_t>(mpfr_get_flt(rounded_, MPFR_RNDN)), 0};
  }

 private:
  mpfr_t sum_, x_, y_, rounded_;
};

// Infinities read as NaN.
inline double value_of_f16(std::uint16_t bits) {
  const int biased = (bits >> 10U) & 31;
  const int fraction = bits & 0x3FF;
  if (biased == 31) return std::nan("");
  const double magnitude = biased == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, biased - 25);
  return (bits & 0x8000U) != 0 ? -magnitude : magnitude;
}
// Denormals read as zero.
inline double value_of_f32(std::uint32_t bits) {
  if ((bits & 0x7F800000U) == 0) bits &= 0x80000000U;
  return std::bit_cast<float>(bits);
}

// F143 or F152: biases 8 and 16, as published; 0x80 is the NaN.
inline double value_of_f8(std::uint8_t bits, bool f143) {
  if (bits == 0x80) return std::nan("");
  const int width = f143 ? 3 : 2;
  const int bias = f143 ? 8 : 16;
  const int biased = (bits & 0x7F) >> width;
  const int fraction = bits & ((1 << width) - 1);
  const double magnitude = biased == 0 ? std::ldexp(fraction, 1 - bias - width)
                                       : std::ldexp(fraction + (1 << width), biased - bias - width);
  return (bits & 0x80) != 0 ? -magnitude : magnitude;
}

// FP_CTL's part in writing an f16.
struct HalfControl {
  unsigned rounding = 0;  // RND: nearest-even, +Inf, -Inf, zero, nearest-away
  bool nan_on_overflow = false;
  bool stochastic = false;
};

// An f32 written as f16, in the arithmetic of doubles, which is exact here.
inline Result<F16> expected_half(std::uint32_t bits, HalfControl control, std::uint16_t random) {
  const double value = value_of_f32(bits);
  if (std::isnan(value)) return {0x7E00, flag::invalid};
  const std::uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  const double magnitude = std::fabs(value);
  double rounded = magnitude;
  if (magnitude != 0 && !std::isinf(value)) {
    int exponent = 0;
    std::frexp(magnitude, &exponent);  // [2^(e-1), 2^e)
    const double ulp = std::ldexp(1.0, (exponent < -13 ? -13 : exponent) - 11);
    const double places = magnitude / ulp;
    const bool up = !std::signbit(value);
    if (control.stochastic) {
      rounded = std::floor((places * 65536.0 + random) / 65536.0);
    } else if (control.rounding == 1) {
      rounded = up ? std::ceil(places) : std::floor(places);
    } else if (control.rounding == 2) {
      rounded = up ? std::floor(places) : std::ceil(places);
    } else if (control.rounding == 3) {
      rounded = std::floor(places);
    } else if (control.rounding == 4) {
      rounded = std::round(places);
    } else {
      rounded = std::nearbyint(places);
    }
    rounded *= ulp;
  }
  if (rounded > 65504.0) {
    if (control.nan_on_overflow) return {0x7E00, flag::overflow | flag::invalid};
    return {static_cast<std::uint16_t>(sign | 0x7BFFU), flag::overflow};
  }
  int exponent = 0;
  std::frexp(rounded, &exponent);
  if (rounded == 0 || exponent < -13) {
    return {static_cast<std::uint16_t>(sign | static_cast<unsigned>(std::ldexp(rounded, 24))), 0};
  }
  const auto significand = static_cast<unsigned>(std::ldexp(rounded, 11 - exponent));
  return {
      static_cast<std::uint16_t>(sign | static_cast<unsigned>(exponent + 14) << 10U | (significand & 0x3FFU)),
      0};
}

}  // namespace ipusim::arith::test
