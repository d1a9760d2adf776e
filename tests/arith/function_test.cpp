// SPDX-License-Identifier: Apache-2.0
#include "ipusim/arith/functions.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "function_oracle.hpp"
#include "mpfr_oracle.hpp"

namespace ipusim::arith::test {
namespace {

constexpr Unary transcendental[] = {Unary::exp,  Unary::exp2, Unary::ln,
                                    Unary::log2, Unary::tanh, Unary::sigm};
constexpr Rounding modes[] = {Rounding::nearest_even, Rounding::plus_infinity, Rounding::minus_infinity,
                              Rounding::zero, Rounding::nearest_away};

Function model(Unary function) { return static_cast<Function>(function); }
double half_value(std::uint16_t bits) { return static_cast<double>(std::bit_cast<_Float16>(bits)); }
double single_value(std::uint32_t bits) {
  const auto v = static_cast<double>(std::bit_cast<float>(bits));
  return std::abs(v) < 0x1p-126 ? std::copysign(0.0, v) : v;  // denormals read as zero
}

class HalfFunctions : public ::testing::TestWithParam<Unary> {};
INSTANTIATE_TEST_SUITE_P(Every, HalfFunctions, ::testing::ValuesIn(transcendental),
                         [](const auto& f) { return name(f.param); });

// Correctly rounded: all operands, all modes, both kinds of overflow.
TEST_P(HalfFunctions, EveryOperandInEveryMode) {
  FunctionOracle oracle;
  for (std::uint32_t x = 0; x < 0x10000; ++x) {
    const auto half = static_cast<std::uint16_t>(x);
    const Expected expected = oracle.of(GetParam(), half_value(half));
    for (const Rounding mode : modes)
      for (const bool nan_on_overflow : {false, true}) {
        const HalfRules rules{mode, nan_on_overflow};
        const Result<F16> got = evaluate_half(model(GetParam()), half, rules, std::nullopt);
        const Result<F16> want = rounded_f16(expected, rules);
        ASSERT_EQ(got, want) << name(GetParam()) << std::hex << " " << x << " mode " << static_cast<int>(mode)
                             << ": " << got.bits << " " << want.bits << " flags " << int{got.flags};
      }
  }
}

// Every operand's magnitude grows for as many of the random words as its dropped fraction says.
TEST_P(HalfFunctions, StochasticRoundingIsFair) {
  FunctionOracle oracle;
  unsigned differences = 0;
  for (std::uint32_t x = 0; x < 0x10000; ++x) {
    const auto half = static_cast<std::uint16_t>(x);
    const Expected expected = oracle.of(GetParam(), half_value(half));
    const auto got = [&](std::uint32_t random) {
      return evaluate_half(model(GetParam()), half, {}, static_cast<std::uint16_t>(random));
    };
    if (expected.special) {
      ASSERT_EQ(got(0xFFFF), rounded_f16(expected, {}));
      continue;
    }
    const std::uint64_t units = stochastic_units(expected.value);
    const auto fraction = static_cast<std::uint32_t>(units & 0xFFFFU);
    const std::uint16_t down = rounded_f16(expected, {Rounding::zero, false}).bits;
    if ((down & 0x7FFFU) == 0x7BFF) continue;  // saturated, or it may be
    const auto grown = static_cast<std::uint16_t>(down + 1);
    ASSERT_EQ(got(0).bits, down);
    // One random word less or more than the fraction, where the polynomial's error reaches the next one:
    // rare, but for 1/2 + x/4, whose fractions are whole random words less next to nothing.
    differences += fraction != 0 && got(0x10000 - fraction).bits != grown ? 1U : 0U;
    differences += got(0xFFFF - fraction).bits != down ? 1U : 0U;
    if (fraction > 1) {
      ASSERT_EQ(got(0x10001 - fraction).bits, grown) << std::hex << x;
    }
    if (fraction < 0xFFFF) {
      ASSERT_EQ(got(0xFFFE - fraction).bits, down) << std::hex << x;
    }
  }
  EXPECT_LE(differences, 65536U / 16);
}

// ---- f32

// What is promised of an f32 function: the value before rounding is good to 2^-37, so that the result is the
// correctly rounded one unless the exact value is that close to where rounding turns.
struct Statistics {
  std::uint64_t count = 0;
  std::uint64_t different = 0;
  double worst = 0;  // relative error before rounding
};

void check(FunctionOracle& oracle, Unary function, std::uint32_t x, Statistics& statistics) {
  const Expected expected = oracle.of(function, single_value(x));
  if (!expected.special && expected.value.exponent > -1000 && expected.value.exponent < 1000) {
    const FunctionValue f = function_value(model(function), unpack<F32>(x, Denormals::flush));
    if (std::abs(f.value.exponent) < 400) {
      const double error = oracle.relative_error(f.value);
      statistics.worst = std::max(statistics.worst, error);
      ASSERT_LT(error, 0x1p-37) << name(function) << std::hex << " " << x;
    }
  }
  for (const Rounding mode : modes) {
    const Result<F32> got = evaluate(model(function), x, mode);
    const Result<F32> want = rounded_f32(expected, mode);
    ++statistics.count;
    if (got == want) continue;
    ++statistics.different;
    ASSERT_FALSE(expected.special) << name(function) << std::hex << " " << x << " " << got.bits;
    // A neighbour.
    ASSERT_LE(std::max(got.bits, want.bits) - std::min(got.bits, want.bits), 1U)
        << name(function) << std::hex << " " << x << " mode " << static_cast<int>(mode) << ": " << got.bits
        << " " << want.bits;
  }
}

// Every power of two, segment border and threshold, with its neighbours, and their negatives.
std::vector<std::uint32_t> borders() {
  std::vector<std::uint32_t> values = special_values();
  const auto around = [&](std::uint32_t bits) {
    for (std::uint32_t i = 0; i < 9; ++i) {
      values.push_back((bits + i - 4) & 0x7FFFFFFFU);
      values.push_back((bits + i - 4) | 0x80000000U);
    }
  };
  for (std::uint32_t e = 1; e < 255; ++e) around(e << 23U);
  for (int i = 1; i <= 32 * 160; ++i) around(std::bit_cast<std::uint32_t>(static_cast<float>(i) / 32));
  for (const float v : {88.72283F, 87.33654F, 103.2789F, 103.972F, 9.010913F, 9.70406F, 17.32868F, 16.63553F,
                        128.0F, 126.0F, 0.693147F, 1.442695F, 2.718282F})
    around(std::bit_cast<std::uint32_t>(v));
  return values;
}

class SingleFunctions : public ::testing::TestWithParam<Unary> {};
INSTANTIATE_TEST_SUITE_P(Every, SingleFunctions, ::testing::ValuesIn(transcendental),
                         [](const auto& f) { return name(f.param); });

void report(const char* what, const Statistics& s) {
  ::testing::Test::RecordProperty("relative error, log2", std::to_string(std::log2(s.worst)));
  std::cout << what << ": " << s.different << " of " << s.count
            << " results are not the correctly rounded one; relative error before rounding at most 2^"
            << std::log2(s.worst) << "\n";
}

TEST_P(SingleFunctions, Borders) {
  FunctionOracle oracle;
  Statistics statistics;
  for (const std::uint32_t x : borders()) {
    check(oracle, GetParam(), x, statistics);
    if (HasFatalFailure()) return;
  }
  report(name(GetParam()), statistics);
}

// Uniform bits, and uniform bits where the function is neither constant nor saturated.
TEST_P(SingleFunctions, Random) {
  FunctionOracle oracle;
  Statistics statistics;
  std::mt19937 random(21);
  for (int i = 0; i < IPUSIM_FUNCTION_SAMPLES; ++i) {
    auto x = static_cast<std::uint32_t>(random());
    if (i % 4 != 0)
      x = (x & 0x807FFFFFU) | ((127U - 24U + static_cast<std::uint32_t>(random()) % 32U) << 23U);
    check(oracle, GetParam(), x, statistics);
    if (HasFatalFailure()) return;
  }
  report(name(GetParam()), statistics);
  EXPECT_LT(statistics.different * 4000, statistics.count);
}

#ifdef IPUSIM_EVERY_STEP
// From one f32 to the next the result never goes the wrong way; tanh and sigm do where they are flat, rarely
// and by one unit.
TEST_P(SingleFunctions, Order) {
  const auto key = [](std::uint32_t bits) {
    const auto magnitude = static_cast<std::int64_t>(bits & 0x7FFFFFFFU);
    return bits >> 31U != 0 ? -magnitude : magnitude;
  };
  const bool logarithm = GetParam() == Unary::ln || GetParam() == Unary::log2;
  constexpr std::uint32_t first = (127U - 24U) << 23U;
  constexpr std::uint32_t last = (127U + 8U) << 23U;
  std::uint64_t steps = 0;
  std::uint64_t back = 0;
  for (const std::uint32_t sign : {0U, 0x80000000U}) {
    if (logarithm && sign != 0) continue;
    const std::int64_t direction = sign != 0 ? -1 : 1;
    std::int64_t previous = key(evaluate(model(GetParam()), first | sign, Rounding::nearest_even).bits);
    for (std::uint32_t x = first + 1; x <= last; ++x, ++steps) {
      const std::int64_t now = key(evaluate(model(GetParam()), x | sign, Rounding::nearest_even).bits);
      const std::int64_t step = (now - previous) * direction;
      back += step < 0 ? 1U : 0U;
      ASSERT_GE(step, -1) << name(GetParam()) << std::hex << " " << (x | sign);
      previous = now;
    }
  }
  std::cout << name(GetParam()) << ": " << back << " of " << steps << " steps go back\n";
  const bool flat = GetParam() == Unary::tanh || GetParam() == Unary::sigm;
  EXPECT_LE(back, flat ? steps / 2'000'000 : 0);
}
#endif

}  // namespace
}  // namespace ipusim::arith::test
