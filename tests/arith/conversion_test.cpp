// SPDX-License-Identifier: Apache-2.0
// f32 to and from integers and to integral values, against MPFR; class codes and random values against their
// definitions.
#include <gtest/gtest.h>
#include <mpfr.h>

#include <bit>
#include <cmath>
#include <vector>

#include "ipusim/arith/classify.hpp"
#include "ipusim/arith/integer_conversion.hpp"
#include "ipusim/arith/random_values.hpp"
#include "mpfr_oracle.hpp"
#include "sum_oracle.hpp"

namespace ipusim::arith {
namespace {

using test::Random;
using U = std::uint32_t;

constexpr U quiet_nan = 0x7FC00000;
#ifndef IPUSIM_CONVERSION_SAMPLES
#error "the number of random operands comes from CMake"
#endif
constexpr int samples = IPUSIM_CONVERSION_SAMPLES;

class Oracle {
 public:
  Oracle() { mpfr_inits2(200, value_, rounded_, scaled_, static_cast<mpfr_ptr>(nullptr)); }
  ~Oracle() { mpfr_clears(value_, rounded_, scaled_, static_cast<mpfr_ptr>(nullptr)); }
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  Result<F32> from(long integer, Rounding mode) {
    mpfr_set_si(value_, integer, MPFR_RNDN);
    if (integer == 0) return {0, 0};
    const long exponent = mpfr_get_exp(value_) - 24;  // units of the last of 24 places
    mpfr_mul_2si(scaled_, value_, -exponent, MPFR_RNDN);
    integral(scaled_, mode);
    mpfr_mul_2si(rounded_, rounded_, exponent, MPFR_RNDN);
    return {std::bit_cast<U>(mpfr_get_flt(rounded_, MPFR_RNDN)), 0};
  }
  // lowest, highest: the range of the integers.
  IntegerResult to(U bits, Rounding mode, long lowest, long highest) {
    const float x = read(bits);
    if (std::isnan(x)) return {0, flag::invalid};
    mpfr_set_flt(value_, x, MPFR_RNDN);
    if (std::isinf(x)) {
      return {static_cast<U>(x < 0 ? lowest : highest), flag::invalid};
    }
    integral(value_, mode);
    if (mpfr_cmp_si(rounded_, lowest) < 0) return {static_cast<U>(lowest), flag::invalid};
    if (mpfr_cmp_si(rounded_, highest) > 0) return {static_cast<U>(highest), flag::invalid};
    return {static_cast<U>(mpfr_get_si(rounded_, MPFR_RNDN)), 0};
  }
  Result<F32> to_integral(U bits, Rounding mode) {
    const float x = read(bits);
    if (std::isnan(x)) return {quiet_nan, flag::invalid};
    mpfr_set_flt(value_, x, MPFR_RNDN);
    integral(value_, mode);
    return {std::bit_cast<U>(mpfr_get_flt(rounded_, MPFR_RNDN)), 0};
  }

 private:
  // Denormals read as zero.
  static float read(U bits) {
    return std::bit_cast<float>((bits & 0x7F800000U) == 0 ? bits & 0x80000000U : bits);
  }
  void integral(const mpfr_t x, Rounding mode) {
    switch (mode) {
      case Rounding::nearest_even:
        mpfr_rint(rounded_, x, MPFR_RNDN);
        break;
      case Rounding::plus_infinity:
        mpfr_ceil(rounded_, x);
        break;
      case Rounding::minus_infinity:
        mpfr_floor(rounded_, x);
        break;
      case Rounding::zero:
        mpfr_trunc(rounded_, x);
        break;
      case Rounding::nearest_away:
        mpfr_round(rounded_, x);
        break;
    }
  }
  mpfr_t value_, rounded_, scaled_;
};

constexpr Rounding modes[]{Rounding::nearest_even, Rounding::plus_infinity, Rounding::minus_infinity,
                           Rounding::zero, Rounding::nearest_away};

std::vector<U> operands() {
  std::vector<U> all = test::special_values();
  // Around the borders of the integers, halves and the last place with fraction bits.
  for (const U centre : {0x3F000000U, 0x3F800000U, 0x3FC00000U, 0x40200000U, 0x4AFFFFFFU, 0x4B000000U,
                         0x4B7FFFFFU, 0x4F000000U, 0x4F800000U, 0x5F800000U})
    for (int step = -3; step <= 3; ++step)
      for (const U sign : {0U, 0x80000000U}) all.push_back(sign | (centre + static_cast<U>(step)));
  Random random(7);
  for (int i = 0; i < samples; ++i) {
    auto bits = static_cast<U>(random.next());
    // Mostly where a fraction and an integral part meet.
    if (random.below(8) != 0) bits = (bits & 0x807FFFFFU) | (120 + random.below(42)) << 23U;
    if (random.below(3) == 0) bits &= ~0U << random.below(24);
    all.push_back(bits);
  }
  return all;
}

TEST(IntegerConversion, FromIntegers) {
  Oracle oracle;
  std::vector<U> integers{0,          1,          2,          0xFFFFFFFF, 0x7FFFFFFF, 0x80000000,
                          0x80000001, 0x00FFFFFF, 0x01000000, 0x01000001, 0x01000002, 0x01000003,
                          0x02000001, 0x02000003, 0xFEFFFFFF, 0xFFFFFF7F, 0xFFFFFF80};
  Random random(3);
  for (int i = 0; i < samples; ++i) {
    const auto bits = static_cast<U>(random.next());
    integers.push_back(random.below(3) == 0 ? bits >> random.below(32) : bits);
  }
  for (const U bits : integers)
    for (const Rounding mode : modes) {
      ASSERT_EQ(from_unsigned(bits, mode), oracle.from(static_cast<long>(bits), mode)) << bits;
      ASSERT_EQ(from_signed(bits, mode),
                oracle.from(static_cast<long>(static_cast<std::int32_t>(bits)), mode))
          << bits;
    }
}

TEST(IntegerConversion, ToIntegers) {
  Oracle oracle;
  for (const U bits : operands())
    for (const Rounding mode : modes) {
      ASSERT_EQ(to_unsigned(bits, mode), oracle.to(bits, mode, 0, 0xFFFFFFFFL)) << std::hex << bits;
      ASSERT_EQ(to_signed(bits, mode), oracle.to(bits, mode, -0x80000000L, 0x7FFFFFFFL)) << std::hex << bits;
    }
}

TEST(IntegerConversion, ToIntegralValues) {
  Oracle oracle;
  for (const U bits : operands())
    for (const Rounding mode : modes)
      ASSERT_EQ(round_to_integral(bits, mode), oracle.to_integral(bits, mode)) << std::hex << bits;
}

TEST(Classes, EveryF16) {
  for (U half = 0; half < 0x10000; ++half) {
    const U magnitude = half & 0x7FFFU;
    const bool negative = half >= 0x8000U;
    unsigned code = negative ? 9 : 10;
    if (magnitude == 0) code = negative ? 5 : 6;
    if (magnitude > 0 && magnitude < 0x400) code = negative ? 7 : 8;
    if (magnitude == 0x7C00) code = negative ? 3 : 4;
    if (magnitude > 0x7C00) code = magnitude < 0x7E00 ? 1 : 2;
    ASSERT_EQ(static_cast<unsigned>(classify<F16>(static_cast<std::uint16_t>(half))), code) << half;
  }
}

TEST(Classes, F32AsTheHostSees) {
  for (const U bits : operands()) {
    const float x = std::bit_cast<float>(bits);
    const bool negative = std::signbit(x);
    unsigned code = 0;
    switch (std::fpclassify(x)) {
      case FP_NAN:
        code = (bits & 0x00400000U) != 0 ? 2 : 1;
        break;
      case FP_INFINITE:
        code = negative ? 3 : 4;
        break;
      case FP_ZERO:
        code = negative ? 5 : 6;
        break;
      case FP_SUBNORMAL:
        code = negative ? 7 : 8;
        break;
      default:
        code = negative ? 9 : 10;
    }
    ASSERT_EQ(static_cast<unsigned>(classify<F32>(bits)), code) << std::hex << bits;
  }
}

// 2^17 and 2^33 divide without a rounding of their own: the host's conversion rounds once.
TEST(SignedFractions, EveryU16) {
  for (U u = 0; u < 0x10000; ++u) {
    const double exact = (2.0 * u - 65535.0) / 131072.0;
    ASSERT_EQ(signed_fraction<F16>(static_cast<std::uint16_t>(u)),
              std::bit_cast<std::uint16_t>(static_cast<_Float16>(exact)))
        << u;
  }
}

TEST(SignedFractions, U32) {
  Random random(9);
  std::vector<U> all{0, 1, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFE, 0xFFFFFFFF};
  for (int i = 0; i < samples; ++i) all.push_back(static_cast<U>(random.next()));
  for (int i = 0; i < samples / 10; ++i) all.push_back(0x80000000U + random.below(0x10000) - 0x8000U);
  for (const U u : all) {
    const double exact = (2.0 * u - 4294967295.0) / 8589934592.0;
    ASSERT_EQ(signed_fraction<F32>(u), std::bit_cast<U>(static_cast<float>(exact))) << u;
  }
}

TEST(Gaussian, IsTheSumOfItsFields) {
  Random random(21);
  for (int i = 0; i < samples; ++i) {
    const std::uint64_t word = i == 0 ? 0 : i == 1 ? ~std::uint64_t{0} : random.next();
    double sum = 0;
    for (std::uint64_t rest = word, field = 0; field < 12; ++field, rest /= 32)
      sum += static_cast<double>(rest % 32);
    const double exact = sum / 32 - 5.8125;
    ASSERT_EQ(gaussian<F32>(word), std::bit_cast<U>(static_cast<float>(exact)));
    ASSERT_EQ(gaussian<F16>(word), std::bit_cast<std::uint16_t>(static_cast<_Float16>(exact)));
  }
}

// Twelve fields, uniform on 0..31: mean 0, variance 12 * (32^2 - 1) / 12 / 32^2 = 0.99902, excess kurtosis
// -(6/5) * (32^2 + 1) / (32^2 - 1) / 12 = -0.1002. Bounds: six standard errors of 200,000 values.
TEST(Gaussian, Moments) {
  Random random(22);
  constexpr int count = 200000;
  double first = 0, second = 0, fourth = 0;
  for (int i = 0; i < count; ++i) {
    const double x = std::bit_cast<float>(gaussian<F32>(random.next()));
    first += x;
    second += x * x;
    fourth += x * x * x * x;
  }
  EXPECT_NEAR(first / count, 0, 6 * std::sqrt(1.0 / count));
  EXPECT_NEAR(second / count, 0.99902, 6 * std::sqrt(2.0 / count));
  EXPECT_NEAR(fourth / count / (second / count) / (second / count) - 3, -0.1002, 6 * std::sqrt(24.0 / count));
}

TEST(Masks, KeepWithTheirProbability) {
  Random random(5);
  constexpr int count = 40000;
  for (const U p : {1U, 0x4000U, 0x8000U, 0xFFFFU}) {
    int kept[4]{};
    for (int i = 0; i < count; ++i) {
      const auto elements = kept_elements(random.next(), p);
      for (int e = 0; e < 4; ++e) kept[e] += elements[static_cast<std::size_t>(e)] ? 1 : 0;
    }
    const double chance = p / 65536.0;
    for (const int n : kept)
      EXPECT_NEAR(static_cast<double>(n) / count, chance, 6 * std::sqrt(chance * (1 - chance) / count) + 1e-9)
          << p;
  }
}

TEST(Masks, Corners) {
  using Kept = std::array<bool, 4>;
  EXPECT_EQ(kept_elements(0, 0), (Kept{}));
  EXPECT_EQ(kept_elements(0, 1), (Kept{true, true, true, true}));
  EXPECT_EQ(kept_elements(0xFFFF'0001'8000'7FFF, 0x8000), (Kept{true, false, true, false}));
  EXPECT_EQ(kept_elements(~std::uint64_t{0}, 0xFFFF), (Kept{}));
  EXPECT_EQ(kept_elements(~std::uint64_t{0}, 0x10000), (Kept{true, true, true, true}));
  EXPECT_EQ(kept_elements(~std::uint64_t{0}, 0xFFFE0000U), (Kept{}));  // other bits than p[16:0] do not count
}

}  // namespace
}  // namespace ipusim::arith
