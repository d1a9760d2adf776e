// SPDX-License-Identifier: Apache-2.0
#include "ipusim/arith/division.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "function_oracle.hpp"
#include "mpfr_oracle.hpp"

namespace ipusim::arith::test {
namespace {

constexpr Rounding modes[] = {Rounding::nearest_even, Rounding::plus_infinity, Rounding::minus_infinity,
                              Rounding::zero, Rounding::nearest_away};

double value(std::uint32_t bits) {
  const auto v = static_cast<double>(std::bit_cast<float>(bits));
  return std::abs(v) < 0x1p-126 ? std::copysign(0.0, v) : v;  // denormals read as zero
}

void check_quotient(FunctionOracle& oracle, std::uint32_t x, std::uint32_t y) {
  const Expected expected = oracle.quotient(value(x), value(y));
  for (const Rounding mode : modes)
    ASSERT_EQ(divide(x, y, {mode, Denormals::flush}), rounded_f32(expected, mode))
        << std::hex << x << " / " << y << " mode " << static_cast<int>(mode);
}

TEST(Divide, EveryPairOfSpecials) {
  FunctionOracle oracle;
  for (const std::uint32_t x : special_values())
    for (const std::uint32_t y : special_values()) {
      check_quotient(oracle, x, y);
      if (HasFatalFailure()) return;
    }
}

TEST(Divide, RandomPairs) {
  FunctionOracle oracle;
  OperandGenerator operands(31);
  for (int i = 0; i < IPUSIM_FUNCTION_SAMPLES; ++i) {
    const auto [x, y] = operands.next();
    check_quotient(oracle, x, y);
    if (HasFatalFailure()) return;
  }
}

// Quotients next to a number and next to the middle of two: y times a short significand, give or take one
// unit.
TEST(Divide, QuotientsNearNumbersAndTies) {
  FunctionOracle oracle;
  std::mt19937 random(32);
  for (int i = 0; i < IPUSIM_FUNCTION_SAMPLES; ++i) {
    const auto y = 0x3F800000U | (static_cast<std::uint32_t>(random()) & 0x7FFFFFU);
    const double quotient = 1 + std::ldexp(static_cast<double>(random() & 0x1FFFFFF), -25);
    const auto product = static_cast<float>(value(y) * quotient);
    check_quotient(oracle, std::bit_cast<std::uint32_t>(product) + static_cast<std::uint32_t>(i % 3) - 1U, y);
    if (HasFatalFailure()) return;
  }
}

using Operation = Result<F32> (*)(std::uint32_t, Environment);
struct Root {
  Unary function;
  Operation model;
  friend void PrintTo(const Root& root, std::ostream* os) { *os << name(root.function); }
};
class Roots : public ::testing::TestWithParam<Root> {};
INSTANTIATE_TEST_SUITE_P(Every, Roots,
                         ::testing::Values(Root{Unary::square_root, square_root},
                                           Root{Unary::reciprocal, reciprocal},
                                           Root{Unary::reciprocal_square_root, reciprocal_square_root}),
                         [](const auto& r) { return name(r.param.function); });

void check_root(FunctionOracle& oracle, const Root& root, std::uint32_t x) {
  const Expected expected = oracle.of(root.function, value(x));
  for (const Rounding mode : modes)
    ASSERT_EQ(root.model(x, {mode, Denormals::flush}), rounded_f32(expected, mode))
        << name(root.function) << std::hex << " " << x << " mode " << static_cast<int>(mode);
}

TEST_P(Roots, SpecialsSquaresAndPowersOfTwo) {
  FunctionOracle oracle;
  for (const std::uint32_t x : special_values()) check_root(oracle, GetParam(), x);
  for (std::uint32_t e = 0; e < 256; ++e)
    for (std::uint32_t i = 0; i < 5; ++i) check_root(oracle, GetParam(), (e << 23U) + i - 2U);
  for (std::uint32_t i = 1; i < 4096; ++i) {
    const auto square = std::bit_cast<std::uint32_t>(static_cast<float>(i * i));
    for (const std::uint32_t x : {square - 1, square, square + 1}) check_root(oracle, GetParam(), x);
  }
}

TEST_P(Roots, Random) {
  FunctionOracle oracle;
  std::mt19937 random(33);
  for (int i = 0; i < IPUSIM_FUNCTION_SAMPLES; ++i) {
    check_root(oracle, GetParam(),
               static_cast<std::uint32_t>(random()) & (i % 8 == 0 ? 0xFFFFFFFFU : 0x7FFFFFFFU));
    if (HasFatalFailure()) return;
  }
}

// Worked by hand.
TEST(Divide, Examples) {
  EXPECT_EQ(divide(0x3F800000, 0x40400000, {}), (Result<F32>{0x3EAAAAAB, 0}));  // 1/3
  EXPECT_EQ(divide(0xC0C00000, 0x40000000, {}), (Result<F32>{0xC0400000, 0}));  // -6/2
  EXPECT_EQ(divide(0x3F800000, 0x80000000, {}), (Result<F32>{0xFF800000, flag::divide_by_zero}));
  EXPECT_EQ(divide(0x7F800000, 0x00000000, {}), (Result<F32>{0x7F800000, 0}));
  EXPECT_EQ(divide(0x00000000, 0x80000000, {}), (Result<F32>{0x7FC00000, flag::invalid}));
  EXPECT_EQ(divide(0x7F7FFFFF, 0x3F000000, {}), (Result<F32>{0x7F800000, flag::overflow}));
  EXPECT_EQ(divide(0x00800000, 0x40000000, {}), (Result<F32>{0, 0}));  // a denormal result
  EXPECT_EQ(divide(0x00000001, 0x00000000, {}), (Result<F32>{0x7FC00000, flag::invalid}));  // reads as 0/0
  EXPECT_EQ(reciprocal(0x80000000, {}), (Result<F32>{0xFF800000, flag::divide_by_zero}));
  EXPECT_EQ(square_root(0x40000000, {}), (Result<F32>{0x3FB504F3, 0}));
  EXPECT_EQ(square_root(0x80000001, {}), (Result<F32>{0x80000000, 0}));
  EXPECT_EQ(square_root(0xBF800000, {}), (Result<F32>{0x7FC00000, flag::invalid}));
  EXPECT_EQ(reciprocal_square_root(0x40800000, {}), (Result<F32>{0x3F000000, 0}));
  EXPECT_EQ(reciprocal_square_root(0x80000000, {}), (Result<F32>{0xFF800000, flag::divide_by_zero}));
  EXPECT_EQ(reciprocal_square_root(0xFF800000, {}), (Result<F32>{0x7FC00000, flag::invalid}));
}

}  // namespace
}  // namespace ipusim::arith::test
