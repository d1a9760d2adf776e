// SPDX-License-Identifier: Apache-2.0
// f8 against the definition of its formats, in the arithmetic of doubles, which is exact here; sums of
// products against MPFR.
#include "ipusim/arith/quarter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sum_oracle.hpp"

namespace ipusim::arith {
namespace {

using Byte = std::uint8_t;
using Half = std::uint16_t;
using test::Random;
using test::value_of_f16;
using test::value_of_f32;

constexpr std::array formats{QuarterFormat::f152, QuarterFormat::f143};

double value_of(Byte bits, QuarterFormat format) {
  return test::value_of_f8(bits, format == QuarterFormat::f143);
}

TEST(Quarter, LimitsAsPublished) {
  EXPECT_EQ(value_of(0x7F, QuarterFormat::f143), 240);
  EXPECT_EQ(value_of(0x01, QuarterFormat::f143), std::ldexp(1, -10));
  EXPECT_EQ(value_of(0x7F, QuarterFormat::f152), 57344);
  EXPECT_EQ(value_of(0x01, QuarterFormat::f152), std::ldexp(1, -17));
  for (const QuarterFormat format : formats) {
    const Result<F16> nan = quarter_to_half(0x80, format, 0, {}, std::nullopt);
    EXPECT_EQ(nan, (Result<F16>{0x7E00, flag::invalid}));
    EXPECT_EQ(half_to_quarter(0x8000, format, 0, {}, std::nullopt), (QuarterResult{0, 0}));  // -0
    EXPECT_EQ(half_to_quarter(0x7C00, format, 0, {}, std::nullopt), (QuarterResult{0x7F, flag::overflow}));
    EXPECT_EQ(half_to_quarter(0xFC00, format, 0, {.nan_on_overflow = true}, std::nullopt),
              (QuarterResult{0x80, flag::overflow | flag::invalid}));
    EXPECT_EQ(half_to_quarter(0x7C01, format, 0, {}, std::nullopt), (QuarterResult{0x80, flag::invalid}));
  }
}

// Every f8 is an f16.
TEST(Quarter, EveryValueExactlyInHalf) {
  for (const QuarterFormat format : formats)
    for (unsigned bits = 0; bits < 256; ++bits) {
      if (bits == 0x80) continue;
      const auto byte = static_cast<Byte>(bits);
      ASSERT_EQ(value_of_f16(half_of_quarter(byte, format)), value_of(byte, format)) << bits;
    }
}

// The f32 between is exact, and expected_half rounds it as docs/arithmetic.md says.
TEST(Quarter, ScaledToHalf) {
  for (const QuarterFormat format : formats)
    for (unsigned bits = 0; bits < 256; ++bits)
      for (int scale = -32; scale < 32; ++scale)
        for (unsigned mode = 0; mode < 7; ++mode) {
          const auto byte = static_cast<Byte>(bits);
          const auto single =
              std::bit_cast<std::uint32_t>(static_cast<float>(std::ldexp(value_of(byte, format), scale)));
          const test::HalfControl control{mode % 5, mode == 1 || mode == 6, mode > 4};
          const auto random = static_cast<Half>(0x3579 * bits);
          const HalfRules rules{rounding_from_code(control.rounding), control.nan_on_overflow};
          ASSERT_EQ(quarter_to_half(byte, format, scale, rules,
                                    control.stochastic ? std::optional{random} : std::nullopt),
                    test::expected_half(single, control, random))
              << bits << " scale " << scale << " mode " << mode;
        }
}

// All numbers of a format in order, by sign.
class Grid {
 public:
  explicit Grid(QuarterFormat format) : format_(format) {
    for (unsigned bits = 0; bits < 128; ++bits) values_.push_back(value_of(static_cast<Byte>(bits), format));
  }
  // Rounds a magnitude by looking for its neighbours; beyond the last number, to where the next would be.
  QuarterResult operator()(double value, const test::HalfControl& control, Byte random) const {
    if (std::isnan(value)) return {0x80, flag::invalid};
    const double magnitude = std::fabs(value);
    const bool negative = std::signbit(value);
    std::size_t below = static_cast<std::size_t>(std::upper_bound(values_.begin(), values_.end(), magnitude) -
                                                 values_.begin() - 1);
    const double step = below + 1 < values_.size() ? values_[below + 1] - values_[below]
                                                   : values_[below] - values_[below - 1];
    const double part = (magnitude - values_[below]) / step;  // may be 1 and more beyond the last number
    bool up = false;
    if (control.stochastic)
      up = std::floor(part * 256) + random >= 256;
    else if (part > 0)
      up = control.rounding == 1   ? !negative
           : control.rounding == 2 ? negative
           : control.rounding == 3 ? false
           : control.rounding == 4 ? part >= 0.5
                                   : part > 0.5 || (part == 0.5 && below % 2 == 1);
    if (part >= 1) up = true;
    if (up) ++below;
    if (below > 127) {
      if (control.nan_on_overflow) return {0x80, flag::overflow | flag::invalid};
      return {static_cast<Byte>(negative ? 0xFF : 0x7F), flag::overflow};
    }
    return {static_cast<Byte>(below == 0 ? 0 : below + (negative ? 0x80 : 0)), 0};
  }

 private:
  QuarterFormat format_;
  std::vector<double> values_;
};

TEST(Quarter, FromEveryHalf) {
  for (const QuarterFormat format : formats) {
    const Grid grid(format);
    for (unsigned bits = 0; bits < 0x10000; ++bits) {
      const auto half = static_cast<Half>(bits);
      if ((bits & 0x7FFF) == 0x7C00) continue;  // infinities: LimitsAsPublished
      for (const int scale : {-32, -9, -1, 0, 1, 5, 31})
        for (unsigned mode = 0; mode < 7; ++mode) {
          const test::HalfControl control{mode % 5, mode == 1 || mode == 6, mode > 4};
          const auto random = static_cast<Byte>(37 * bits + mode);
          const HalfRules rules{rounding_from_code(control.rounding), control.nan_on_overflow};
          ASSERT_EQ(half_to_quarter(half, format, scale, rules,
                                    control.stochastic ? std::optional{random} : std::nullopt),
                    grid(std::ldexp(value_of_f16(half), scale), control, random))
              << std::hex << bits << std::dec << " scale " << scale << " mode " << mode;
        }
    }
  }
}

TEST(Quarter, Classes) {
  for (const QuarterFormat format : formats)
    for (unsigned bits = 0; bits < 256; ++bits) {
      const double value = value_of(static_cast<Byte>(bits), format);
      const double normal = format == QuarterFormat::f143 ? std::ldexp(1, -7) : std::ldexp(1, -15);
      const unsigned expected = std::isnan(value)           ? 2
                                : value == 0                ? 6
                                : std::fabs(value) < normal ? (value < 0 ? 7 : 8)
                                                            : (value < 0 ? 9 : 10);
      ASSERT_EQ(static_cast<unsigned>(classify_quarter(static_cast<Byte>(bits), format)), expected) << bits;
    }
}

TEST(Quarter, SumsOfEightProducts) {
  Random random(8);
  test::SumOracle oracle;
  for (unsigned i = 0; i < 300'000; ++i) {
    const QuarterFormat x_format = formats[i % 2];
    const QuarterFormat y_format = formats[i / 2 % 2];
    const int scale = static_cast<int>(random.below(64)) - 32;
    std::array<Byte, 8> x{}, y{};
    for (std::size_t k = 0; k < 8; ++k) {
      x[k] = static_cast<Byte>(random.next());
      y[k] = static_cast<Byte>(random.next());
      if (i % 16 != 0 && x[k] == 0x80) x[k] = 0;
      if (i % 16 != 0 && y[k] == 0x80) y[k] = 0x11;
      if (i % 5 == 0 && k > 0 && random.below(2) == 0) {  // cancel the product before
        x[k] = static_cast<Byte>(x[k - 1] ^ ((x[k - 1] & 0x7F) != 0 ? 0x80 : 0));
        y[k] = y[k - 1];
      }
    }
    auto addend = static_cast<std::uint32_t>(random.next());
    if (i % 3 == 0) addend = (addend & 0x807FFFFFU) | (118 + random.below(24)) << 23U;
    if (i % 7 == 0) addend = 0;
    oracle.start(value_of_f32(addend));
    for (std::size_t k = 0; k < 8; ++k)
      oracle.add_product(std::ldexp(value_of(x[k], x_format), scale), value_of(y[k], y_format));
    ASSERT_EQ(dot_f8(addend, x, x_format, y, y_format, scale), oracle.result()) << i << " scale " << scale;
  }
}

}  // namespace
}  // namespace ipusim::arith
