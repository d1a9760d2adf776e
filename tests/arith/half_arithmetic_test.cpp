// SPDX-License-Identifier: Apache-2.0
// f16 sums, products, extremes and widening against the compiler's _Float16: doubles hold every sum and
// product of two f16 exactly, so one conversion is one rounding to nearest-even.
#include "ipusim/arith/half_arithmetic.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "ipusim/arith/selection.hpp"
#include "mpfr_oracle.hpp"

namespace ipusim::arith {
namespace {

using Half = std::uint16_t;

double value(Half bits) { return static_cast<double>(std::bit_cast<_Float16>(bits)); }
Half nearest(double exact) { return std::bit_cast<Half>(static_cast<_Float16>(exact)); }
bool is_special(Half bits) { return (bits & 0x7C00U) == 0x7C00U; }  // infinite or NaN

struct Operation {
  const char* name;
  std::function<Result<F16>(Half, Half, HalfRules, std::optional<Half>)> model;
  std::function<double(double, double)> exact;
};
const std::vector<Operation> operations{{"add", add_half, std::plus<>{}},
                                        {"subtract", subtract_half, std::minus<>{}},
                                        {"multiply", multiply_half, std::multiplies<>{}}};

const std::vector<Half> specials{0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x0400, 0x8400,
                                 0x3C00, 0xBC00, 0x3C01, 0x7BFF, 0xFBFF, 0x7BFE, 0x7C00,
                                 0xFC00, 0x7C01, 0x7E00, 0xFE00, 0x5BFF, 0x1400, 0x4248};

void check_nearest(const Operation& op, Half x, Half y) {
  const Result<F16> got = op.model(x, y, {}, std::nullopt);
  if (is_special(x) || is_special(y)) {
    ASSERT_EQ(got, (Result<F16>{0x7E00, flag::invalid})) << op.name << std::hex << " " << x << " " << y;
    return;
  }
  const double exact = op.exact(value(x), value(y));
  Half expected = nearest(exact);
  std::uint8_t flags = 0;
  if (is_special(expected)) {
    expected = std::signbit(exact) ? 0xFBFF : 0x7BFF;  // 65504
    flags = flag::overflow;
    ASSERT_EQ(op.model(x, y, {Rounding::nearest_even, true}, std::nullopt),
              (Result<F16>{0x7E00, flag::overflow | flag::invalid}));
  }
  ASSERT_EQ(got, (Result<F16>{expected, flags})) << op.name << std::hex << " " << x << " " << y;
}

TEST(HalfArithmetic, AllPairsOfSpecials) {
  for (const Operation& op : operations)
    for (const Half x : specials)
      for (const Half y : specials) check_nearest(op, x, y);
}

TEST(HalfArithmetic, RandomPairsToNearestEven) {
  std::mt19937 random(11);
  for (const Operation& op : operations)
    for (int i = 0; i < IPUSIM_ARITH_SAMPLES; ++i)
      check_nearest(op, static_cast<Half>(random()), static_cast<Half>(random()));
}

// Rounding down, up and to zero: the neighbours of the exact value, on the right side.
TEST(HalfArithmetic, DirectedModes) {
  std::mt19937 random(12);
  for (const Operation& op : operations)
    for (int i = 0; i < IPUSIM_ARITH_SAMPLES; ++i) {
      const Half x = static_cast<Half>(random());
      const Half y = static_cast<Half>(random());
      if (is_special(x) || is_special(y)) continue;
      const double exact = op.exact(value(x), value(y));
      const auto rounded = [&](Rounding mode) { return op.model(x, y, {mode, false}, std::nullopt); };
      if (std::abs(exact) >= 65504) continue;  // saturation has its own test
      const double down = value(rounded(Rounding::minus_infinity).bits);
      const double up = value(rounded(Rounding::plus_infinity).bits);
      ASSERT_LE(down, exact);
      ASSERT_GE(up, exact);
      ASSERT_EQ(value(rounded(Rounding::zero).bits), exact < 0 ? up : down);
      const bool representable = value(nearest(exact)) == exact;
      ASSERT_EQ(up == down, representable);
      // Nothing lies between them.
      if (!representable && down > 0) {
        const Half next = static_cast<Half>(rounded(Rounding::minus_infinity).bits + 1);
        ASSERT_EQ(value(next), up);
      }
    }
}

TEST(HalfArithmetic, ZeroSumsDependOnTheMode) {
  EXPECT_EQ(add_half(0x3C00, 0xBC00, {}, std::nullopt).bits, 0x0000);
  EXPECT_EQ(add_half(0x3C00, 0xBC00, {Rounding::minus_infinity, false}, std::nullopt).bits, 0x8000);
  EXPECT_EQ(add_half(0x8000, 0x8000, {}, std::nullopt).bits, 0x8000);
  EXPECT_EQ(add_half(0x0000, 0x8000, {}, std::nullopt).bits, 0x0000);
}

// Over all 65,536 random words the magnitude grows for as many as the discarded fraction says.
TEST(HalfArithmetic, StochasticRoundingIsFair) {
  struct Case {
    Half x, y;
  };
  for (const Case& c :
       {Case{0x3C01, 0x0C03}, Case{0xBC01, 0x1001}, Case{0x0001, 0x3800}, Case{0x4248, 0x2E66}})
    for (const Operation& op : operations) {
      const double exact = op.exact(value(c.x), value(c.y));
      const Half down = op.model(c.x, c.y, {Rounding::zero, false}, std::nullopt).bits;
      const double step = std::abs(value(static_cast<Half>(down + 1))) - std::abs(value(down));
      const double fraction = (std::abs(exact) - std::abs(value(down))) / step;
      std::uint32_t grown = 0;
      for (std::uint32_t r = 0; r < 0x10000; ++r) {
        const Half got = op.model(c.x, c.y, {}, static_cast<Half>(r)).bits;
        if (got != down) {
          ASSERT_EQ(got & 0x7FFF, (down & 0x7FFF) + 1);
          ++grown;
        }
      }
      // Bits below 2^-16 of a unit are dropped before the random word is added.
      EXPECT_EQ(grown, static_cast<std::uint32_t>(fraction * 65536)) << op.name;
    }
}

TEST(Widen, EveryHalf) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<Half>(bits);
    const Result<F32> got = widen(half);
    if ((half & 0x7FFF) > 0x7C00)
      ASSERT_EQ(got, (Result<F32>{0x7FC00000, flag::invalid}));
    else
      ASSERT_EQ(
          got,
          (Result<F32>{std::bit_cast<std::uint32_t>(static_cast<float>(std::bit_cast<_Float16>(half))), 0}));
  }
}

TEST(Select, HalvesAgainstTheHost) {
  std::mt19937 random(13);
  const auto check = [](Half x, Half y) {
    const bool x_nan = (x & 0x7FFF) > 0x7C00;
    const bool y_nan = (y & 0x7FFF) > 0x7C00;
    for (const Extreme extreme : {Extreme::maximum, Extreme::minimum}) {
      Result<F16> expected{};
      if (x_nan || y_nan) {
        expected = {static_cast<Half>(x_nan && y_nan ? 0x7E00 : x_nan ? y : x), flag::invalid};
      } else {
        // std::fmax and fmin leave the order of zeros open.
        const bool x_is_less = value(x) < value(y) || (value(x) == value(y) && std::signbit(value(x)));
        expected = {x_is_less == (extreme == Extreme::maximum) ? y : x, 0};
      }
      ASSERT_EQ(select<F16>(x, y, extreme, Denormals::keep), expected) << std::hex << x << " " << y;
    }
  };
  for (const Half x : specials)
    for (const Half y : specials) check(x, y);
  for (int i = 0; i < IPUSIM_ARITH_SAMPLES; ++i)
    check(static_cast<Half>(random()), static_cast<Half>(random()));
}

// Infinities are values here.
TEST(HalfCompare, AgainstTheHost) {
  std::mt19937 random(14);
  const auto check = [](Half x, Half y) {
    const double a = value(x), b = value(y);
    const bool nan = std::isnan(a) || std::isnan(b);
    const std::uint8_t flags = nan ? flag::invalid : 0;
    for (const auto& [relation, holds] :
         {std::pair{Relation::equal, a == b}, std::pair{Relation::not_equal, a != b},
          std::pair{Relation::less, a < b}, std::pair{Relation::less_equal, a <= b},
          std::pair{Relation::greater, a > b}, std::pair{Relation::greater_equal, a >= b}})
      ASSERT_EQ(compare<F16>(x, y, relation, Denormals::keep), (Comparison{holds, flags}))
          << std::hex << x << " " << y << " relation " << static_cast<int>(relation);
  };
  for (const Half x : specials)
    for (const Half y : specials) check(x, y);
  for (int i = 0; i < IPUSIM_ARITH_SAMPLES; ++i) {
    const Half x = static_cast<Half>(random());
    check(x, (i & 7) == 0 ? x : static_cast<Half>(random()));
  }
}

TEST(Select, SinglesAgainstTheHost) {
  const auto read = [](std::uint32_t bits) {
    return std::bit_cast<float>((bits & 0x7F800000U) == 0 ? bits & 0x80000000U : bits);
  };
  const auto check = [&](std::uint32_t x, std::uint32_t y) {
    const float a = read(x), b = read(y);
    for (const Extreme extreme : {Extreme::maximum, Extreme::minimum}) {
      Result<F32> expected{};
      if (std::isnan(a) || std::isnan(b)) {
        const float other = std::isnan(a) ? b : a;
        expected = {std::isnan(other) ? 0x7FC00000U : std::bit_cast<std::uint32_t>(other), flag::invalid};
      } else {
        const bool a_is_less = a < b || (a == b && std::signbit(a));
        expected = {std::bit_cast<std::uint32_t>(a_is_less == (extreme == Extreme::maximum) ? b : a), 0};
      }
      ASSERT_EQ(select<F32>(x, y, extreme, Denormals::flush), expected) << std::hex << x << " " << y;
    }
  };
  const auto values = test::special_values();
  for (const std::uint32_t x : values)
    for (const std::uint32_t y : values) check(x, y);
  test::OperandGenerator generator(15);
  for (int i = 0; i < IPUSIM_ARITH_SAMPLES; ++i) {
    const auto [x, y] = generator.next();
    check(x, y);
  }
}

TEST(Select, SinglesReadDenormalsAsZero) {
  EXPECT_EQ(select<F32>(0x00000001, 0x80000000, Extreme::maximum, Denormals::flush),
            (Result<F32>{0x00000000, 0}));
  EXPECT_EQ(select<F32>(0x80000001, 0x00000000, Extreme::minimum, Denormals::flush),
            (Result<F32>{0x80000000, 0}));
  EXPECT_EQ(select<F32>(0x7FC00000, 0xC0000000, Extreme::maximum, Denormals::flush),
            (Result<F32>{0xC0000000, flag::invalid}));
}

}  // namespace
}  // namespace ipusim::arith
