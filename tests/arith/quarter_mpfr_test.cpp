// SPDX-License-Identifier: Apache-2.0
// Conversions between f8 and f16 against MPFR: exact values times 2^scale in units of the result's last
// place, rounded to whole ones by MPFR's own functions. quarter_test.cpp holds them against doubles instead.
#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "ipusim/arith/quarter.hpp"

namespace ipusim::arith {
namespace {

// A format with gradual underflow, by its definition.
struct Format {
  int bias = 0;
  int fraction_bits = 0;
  unsigned largest = 0;  // the code of the largest number
  int lowest_place() const { return 1 - bias - fraction_bits; }
};
constexpr Format f152{16, 2, 0x7F}, f143{8, 3, 0x7F}, f16{15, 10, 0x7BFF};

// How a result is rounded: by a code of FP_CTL.RND, or by adding random bits.
struct Way {
  unsigned code = 0;
  bool stochastic = false;
};
constexpr std::array<Way, 6> ways{{{0}, {1}, {2}, {3}, {4}, {0, true}}};

// Random bits of stochastic rounding, of which there are so many.
struct Draw {
  unsigned long value = 0;
  int bits = 0;
};

class Exact {
 public:
  Exact() { mpfr_inits2(128, exact_, places_, static_cast<mpfr_ptr>(nullptr)); }
  ~Exact() { mpfr_clears(exact_, places_, static_cast<mpfr_ptr>(nullptr)); }
  Exact(const Exact&) = delete;
  Exact& operator=(const Exact&) = delete;

  void set(bool negative, unsigned magnitude, const Format& format, int scale) {
    const unsigned hidden = 1U << format.fraction_bits;
    const int exponent = static_cast<int>(magnitude / hidden);
    mpfr_set_ui_2exp(exact_, magnitude % hidden + (exponent == 0 ? 0 : hidden),
                     std::max(exponent, 1) - format.bias - format.fraction_bits, MPFR_RNDN);
    mpfr_mul_2si(exact_, exact_, scale, MPFR_RNDN);
    if (negative) mpfr_neg(exact_, exact_, MPFR_RNDN);
  }
  double value() const { return mpfr_get_d(exact_, MPFR_RNDN); }

  // The magnitude rounded to that format, as if it had no largest number.
  double rounded(const Format& format, Way way, Draw random) {
    const long place = std::max<long>(mpfr_get_exp(exact_) - 1 - format.fraction_bits, format.lowest_place());
    mpfr_mul_2si(places_, exact_, -place, MPFR_RNDN);
    if (way.stochastic) {
      mpfr_abs(places_, places_, MPFR_RNDN);
      mpfr_mul_2si(places_, places_, random.bits, MPFR_RNDN);
      mpfr_floor(places_, places_);
      mpfr_add_ui(places_, places_, random.value, MPFR_RNDN);
      mpfr_mul_2si(places_, places_, -random.bits, MPFR_RNDN);
      mpfr_floor(places_, places_);
    } else if (way.code == 4) {
      mpfr_round(places_, places_);
    } else {
      constexpr std::array modes{MPFR_RNDN, MPFR_RNDU, MPFR_RNDD, MPFR_RNDZ};
      mpfr_rint(places_, places_, modes.at(way.code));
    }
    mpfr_abs(places_, places_, MPFR_RNDN);
    mpfr_mul_2si(places_, places_, place, MPFR_RNDN);
    return mpfr_get_d(places_, MPFR_RNDN);  // few bits: exact
  }

 private:
  mpfr_t exact_, places_;
};

// The numbers of a format that are not negative, by code.
std::vector<double> numbers(const Format& format) {
  Exact number;
  std::vector<double> values;
  for (unsigned code = 0; code <= format.largest; ++code) {
    number.set(false, code, format, 0);
    values.push_back(number.value());
  }
  return values;
}

// The code of a rounded magnitude; none beyond the largest number.
std::optional<unsigned> code_of(double magnitude, const std::vector<double>& values) {
  if (magnitude > values.back()) return std::nullopt;
  const auto found = std::ranges::lower_bound(values, magnitude);
  EXPECT_EQ(*found, magnitude);
  return static_cast<unsigned>(found - values.begin());
}

template <class Check>
void for_every_format(const Check& check) {
  check(QuarterFormat::f152, f152);
  check(QuarterFormat::f143, f143);
}

// In the long run every scale.
std::vector<int> scales() {
  if (IPUSIM_ARITH_SAMPLES < 10'000'000) return {-32, -17, -8, -1, 0, 3, 15, 31};
  std::vector<int> all;
  for (int scale = -32; scale < 32; ++scale) all.push_back(scale);
  return all;
}

TEST(QuarterMpfr, EveryValueExactlyInHalf) {
  for_every_format([](QuarterFormat name, const Format& format) {
    const std::vector<double> values = numbers(format), halves = numbers(f16);
    for (unsigned code = 0; code < 128; ++code) {
      const unsigned half = code_of(values[code], halves).value();
      ASSERT_EQ(half_of_quarter(static_cast<std::uint8_t>(code), name), half) << code;
      if (code != 0) {
        ASSERT_EQ(half_of_quarter(static_cast<std::uint8_t>(code | 0x80), name), half | 0x8000) << code;
      }
    }
  });
}

TEST(QuarterMpfr, ScaledToHalf) {
  const std::vector<double> halves = numbers(f16);
  Exact number;
  const auto check = [&](QuarterFormat name, const Format& format, std::uint8_t byte, int scale, Way way) {
    const bool negative = (byte & 0x80U) != 0;
    number.set(negative, byte & 0x7FU, format, scale);
    const auto random = static_cast<std::uint16_t>(0x9E37 * (byte + 64 * scale));
    const auto code = code_of(number.rounded(f16, way, {random, 16}), halves);
    for (const bool nanoo : {false, true}) {
      const Result<F16> expected =
          code    ? Result<F16>{static_cast<std::uint16_t>(*code | (negative ? 0x8000 : 0)), 0}
          : nanoo ? Result<F16>{0x7E00, flag::overflow | flag::invalid}
                  : Result<F16>{static_cast<std::uint16_t>(negative ? 0xFBFF : 0x7BFF), flag::overflow};
      ASSERT_EQ(quarter_to_half(byte, name, scale, {rounding_from_code(way.code), nanoo},
                                way.stochastic ? std::optional{random} : std::nullopt),
                expected)
          << unsigned{byte} << " scale " << scale << " way " << way.code << way.stochastic << nanoo;
    }
  };
  for_every_format([&](QuarterFormat name, const Format& format) {
    for (int scale = -32; scale < 32; ++scale)
      for (const Way way : ways)
        for (unsigned byte = 1; byte < 256; ++byte)  // zero and NaN: quarter_test.cpp
          if (byte != 0x80 && !testing::Test::HasFatalFailure())
            check(name, format, static_cast<std::uint8_t>(byte), scale, way);
  });
}

TEST(QuarterMpfr, FromEveryHalf) {
  Exact number;
  for_every_format([&](QuarterFormat name, const Format& format) {
    const std::vector<double> values = numbers(format);
    const auto check = [&](std::uint16_t half, int scale, Way way) {
      const bool negative = (half & 0x8000U) != 0;
      const auto random = static_cast<std::uint8_t>(half * 151 + scale);
      std::optional<unsigned> code;
      if ((half & 0x7C00U) != 0x7C00U) {
        number.set(negative, half & 0x7FFFU, f16, scale);
        code = (half & 0x7FFFU) == 0 ? 0 : code_of(number.rounded(format, way, {random, 8}), values);
      }
      const bool nan = (half & 0x7FFFU) > 0x7C00U;
      for (const bool nanoo : {false, true}) {
        const QuarterResult expected =
            nan     ? QuarterResult{0x80, flag::invalid}
            : code  ? QuarterResult{static_cast<std::uint8_t>(*code + (negative && *code > 0 ? 0x80 : 0)), 0}
            : nanoo ? QuarterResult{0x80, flag::overflow | flag::invalid}
                    : QuarterResult{static_cast<std::uint8_t>(negative ? 0xFF : 0x7F), flag::overflow};
        ASSERT_EQ(half_to_quarter(half, name, scale, {rounding_from_code(way.code), nanoo},
                                  way.stochastic ? std::optional{random} : std::nullopt),
                  expected)
            << half << " scale " << scale << " way " << way.code << way.stochastic << nanoo;
      }
    };
    for (const int scale : scales())
      for (const Way way : ways)
        for (unsigned half = 0; half < 0x10000 && !testing::Test::HasFatalFailure(); ++half)
          check(static_cast<std::uint16_t>(half), scale, way);
  });
}

}  // namespace
}  // namespace ipusim::arith
