// SPDX-License-Identifier: Apache-2.0
// Sums of products against MPFR, and the quick ways against the integer reference.
#include "ipusim/arith/accumulate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "ipusim/arith/unit_row.hpp"
#include "sum_oracle.hpp"

namespace ipusim::arith {
namespace {

using U16 = std::uint16_t;
using U32 = std::uint32_t;

using test::Random;
using test::SumOracle;
using test::value_of_f16;
using test::value_of_f32;

const U16 special_f16[] = {0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x83FF, 0x0400, 0x8400, 0x3C00, 0xBC00,
                           0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7C01, 0x7E00, 0xFFFF, 0x3555, 0x0401, 0x6400};
const U32 special_f32[] = {0x00000000, 0x80000000, 0x00000001, 0x807FFFFF, 0x00800000, 0x80800000,
                           0x00800001, 0x3F800000, 0xBF800000, 0x7F7FFFFF, 0xFF7FFFFF, 0x7F800000,
                           0xFF800000, 0x7F800001, 0x7FC00000, 0x27800000, 0xA7800000, 0x27FFFFFF,
                           0x4F7FE002, 0xCF7FE002, 0x5A000001, 0xDA000001, 0x1DFFFFFF, 0x9E000000,
                           0x0F7FFFFF, 0x8F800000, 0x73FFFFFF, 0xF0000000};

template <std::size_t n>
struct Dot {
  U32 addend = 0;
  std::array<U16, n> x{};
  std::array<U16, n> y{};
};

// Uniform patterns; operands of like exponents; addends close to the sum they will cancel; specials.
template <std::size_t n>
Dot<n> random_dot(Random& random) {
  Dot<n> d;
  const U32 kind = random.below(8);
  for (std::size_t k = 0; k < n; ++k) {
    d.x[k] = static_cast<U16>(random.next());
    d.y[k] = static_cast<U16>(random.next());
    if (kind == 1 && random.below(4) == 0) d.x[k] = special_f16[random.below(std::size(special_f16))];
    if (kind != 0 && kind != 1) {  // finite; from kind 4 on around one
      const U16 low = kind < 4 ? 0 : 12;
      const U16 span = kind < 4 ? 31 : 6;
      d.x[k] = static_cast<U16>((d.x[k] & 0x83FFU) | (low + random.below(span)) << 10U);
      d.y[k] = static_cast<U16>((d.y[k] & 0x83FFU) | (low + random.below(span)) << 10U);
    }
  }
  d.addend = static_cast<U32>(random.next());
  if (kind == 1) d.addend = special_f32[random.below(std::size(special_f32))];
  if (kind >= 2) d.addend = (d.addend & 0x807FFFFFU) | (60 + random.below(120)) << 23U;
  if (kind == 3 || kind == 5) {  // minus the rounded sum, give or take an ulp
    double sum = 0;
    for (std::size_t k = 0; k < n; ++k) sum += value_of_f16(d.x[k]) * value_of_f16(d.y[k]);
    d.addend = std::bit_cast<U32>(static_cast<float>(-sum)) + random.below(3) - 1;
  }
  if (kind == 6 && n > 1) {  // products that cancel among themselves
    d.x[1] = static_cast<U16>(d.x[0] ^ 0x8000U);
    d.y[1] = d.y[0];
  }
  if (kind == 7) d.addend = (d.addend & 0x807FFFFFU) | (120 + random.below(16)) << 23U;
  return d;
}

template <std::size_t n>
void check_dots(std::uint64_t seed, int cases) {
  Random random(seed);
  SumOracle oracle;
  for (int i = 0; i < cases; ++i) {
    const Dot<n> d = random_dot<n>(random);
    oracle.start(value_of_f32(d.addend));
    for (std::size_t k = 0; k < n; ++k) oracle.add_product(value_of_f16(d.x[k]), value_of_f16(d.y[k]));
    const Result<F32> expected = oracle.result();
    ASSERT_EQ(dot_f16_reference(d.addend, d.x, d.y), expected)
        << "case " << i << " addend " << std::hex << d.addend << " gives " << expected.bits;
    ASSERT_EQ(dot_f16(d.addend, d.x, d.y), expected)
        << "quick, case " << i << " addend " << std::hex << d.addend;
  }
}

TEST(Accumulate, FourProductsAgainstMpfr) { check_dots<4>(1, 600000); }
TEST(Accumulate, TwoProductsAgainstMpfr) { check_dots<2>(2, 300000); }
TEST(Accumulate, OneProductAgainstMpfr) { check_dots<1>(3, 300000); }

TEST(Accumulate, EverySpecialPairWithEverySpecialAddend) {
  SumOracle oracle;
  for (const U32 addend : special_f32) {
    for (const U16 x : special_f16) {
      for (const U16 y : special_f16) {
        const std::array<U16, 2> xs{x, 0x0001};
        for (const U16 other : {U16{0}, U16{0x8000}, U16{0x3C00}, U16{0xFBFF}}) {
          const std::array<U16, 2> ys{y, other};
          oracle.start(value_of_f32(addend));
          oracle.add_product(value_of_f16(x), value_of_f16(y));
          oracle.add_product(value_of_f16(1), value_of_f16(other));
          const Result<F32> expected = oracle.result();
          ASSERT_EQ(dot_f16_reference(addend, xs, ys), expected)
              << std::hex << addend << " " << x << " " << y << " " << other;
          ASSERT_EQ(dot_f16(addend, xs, ys), expected)
              << std::hex << addend << " " << x << " " << y << " " << other;
        }
      }
    }
  }
}

TEST(Accumulate, ZeroKeepsItsSignOnlyIfAllTermsAreMinusZero) {
  using Pair = std::array<U16, 2>;
  EXPECT_EQ(dot_f16(0x80000000U, Pair{0x8000, 0x8000}, Pair{0x3C00, 0x3C00}).bits, 0x80000000U);
  EXPECT_EQ(dot_f16(0x80000000U, Pair{0x8000, 0x0000}, Pair{0x3C00, 0x3C00}).bits, 0U);
  EXPECT_EQ(dot_f16(0x00000000U, Pair{0x8000, 0x8000}, Pair{0x3C00, 0x3C00}).bits, 0U);
  EXPECT_EQ(dot_f16(0x80000000U, Pair{0x3C00, 0xBC00}, Pair{0x3C00, 0x3C00}).bits, 0U);
  EXPECT_EQ(dot_f16(0x80000001U, Pair{0x8000, 0x8000}, Pair{0x3C00, 0x3C00}).bits, 0x80000000U);  // flushed
}

TEST(Accumulate, WidenedF16IsExactForEveryPattern) {
  for (U32 bits = 0; bits < 0x10000; ++bits) {
    const double expected = value_of_f16(static_cast<U16>(bits));
    const float value = widened_f16(static_cast<U16>(bits));
    if (std::isnan(expected)) {
      ASSERT_TRUE(std::isnan(value)) << std::hex << bits;
    } else {
      ASSERT_EQ(value, expected) << std::hex << bits;
      ASSERT_EQ(std::signbit(value), std::signbit(expected)) << std::hex << bits;
    }
  }
}

// Whatever a row claims to be right must be, unit by unit; and it must not give up on ordinary numbers.
TEST(Accumulate, RowsAgreeWithTheReferenceWhereTheySaySo) {
  Random random(4);
  int accepted = 0;
  for (int i = 0; i < 400000; ++i) {
    UnitRow row{};
    std::array<Dot<4>, units_per_row> units;
    std::array<U32, units_per_row> addend{};
    std::array<U32, units_per_row> result{};
    std::array<float, 4> x{};
    const Dot<4> shared = random_dot<4>(random);
    for (std::size_t k = 0; k < 4; ++k) x[k] = widened_f16(shared.x[k]);
    const bool mixed = random.below(4) == 0;
    for (std::size_t m = 0; m < units_per_row; ++m) {
      units[m] = mixed ? random_dot<4>(random) : shared;
      if (!mixed && m != 0) {
        for (U16& y : units[m].y) y = static_cast<U16>((y & 0xFC00U) | random.below(0x400));
        units[m].addend ^= random.below(0x400000);
      }
      units[m].x = shared.x;
      addend[m] = units[m].addend;
      for (std::size_t k = 0; k < 4; ++k) row[k][m] = widened_f16(units[m].y[k]);
    }
    if (!dot_of_row(addend.data(), row, x, result.data())) continue;
    ++accepted;
    for (std::size_t m = 0; m < units_per_row; ++m) {
      const Result<F32> expected = dot_f16_reference(units[m].addend, units[m].x, units[m].y);
      ASSERT_EQ(result[m], expected.bits) << "row " << i << " unit " << m;
      ASSERT_EQ(expected.flags, 0U) << "row " << i << " unit " << m;
    }
  }
  EXPECT_GT(accepted, 100000);
}

TEST(Accumulate, RowsTakeOrdinaryNumbers) {
  Random random(5);
  const auto unit_f16 = [&] {
    return static_cast<U16>((random.next() & 0x83FFU) | (8 + random.below(8)) << 10U);
  };
  for (int i = 0; i < 10000; ++i) {
    UnitRow row{};
    std::array<U32, units_per_row> addend{};
    std::array<U32, units_per_row> result{};
    std::array<float, 4> x{};
    for (float& value : x) value = widened_f16(unit_f16());
    for (std::size_t m = 0; m < units_per_row; ++m) {
      addend[m] = static_cast<U32>(random.next() & 0x807FFFFFU) | (118 + random.below(12)) << 23U;
      for (auto& input : row) input[m] = widened_f16(unit_f16());
    }
    ASSERT_TRUE(dot_of_row(addend.data(), row, x, result.data())) << i;
  }
}

struct Fused {
  U32 addend;
  U32 x;
  U32 y;
};
Fused random_fused(Random& random) {
  Fused f{static_cast<U32>(random.next()), static_cast<U32>(random.next()), static_cast<U32>(random.next())};
  const auto exponent_of = [](U32 bits) { return (bits >> 23U) & 255U; };
  const auto with_exponent = [](U32 bits, U32 e) { return (bits & 0x807FFFFFU) | (e & 255U) << 23U; };
  switch (random.below(6)) {
    case 0:
      return f;
    case 1:
      f.addend = with_exponent(f.addend, exponent_of(f.x) + exponent_of(f.y) - 127 + random.below(60) - 30);
      return f;
    case 2:  // near the bottom of the normal range
      f.y = with_exponent(f.y, 128 - exponent_of(f.x) + random.below(4));
      f.addend = with_exponent(f.addend, random.below(4));
      return f;
    case 3:  // near the top
      f.y = with_exponent(f.y, 127 + 253 - exponent_of(f.x) + random.below(4));
      return f;
    case 4: {  // cancellation
      const float product = std::bit_cast<float>(f.x) * std::bit_cast<float>(f.y);
      f.addend = (std::bit_cast<U32>(product) ^ 0x80000000U) + random.below(3) - 1;
      return f;
    }
    default:
      return {special_f32[random.below(std::size(special_f32))],
              special_f32[random.below(std::size(special_f32))],
              special_f32[random.below(std::size(special_f32))]};
  }
}

TEST(Accumulate, FusedF32AgainstMpfr) {
  Random random(6);
  SumOracle oracle;
  for (int i = 0; i < 800000; ++i) {
    const Fused f = random_fused(random);
    oracle.start(value_of_f32(f.addend));
    oracle.add_product(value_of_f32(f.x), value_of_f32(f.y));
    const Result<F32> expected = oracle.result();
    ASSERT_EQ(fused_f32_reference(f.addend, f.x, f.y), expected)
        << std::hex << f.addend << " + " << f.x << " * " << f.y;
    ASSERT_EQ(fused_f32(f.addend, f.x, f.y), expected)
        << "quick " << std::hex << f.addend << " + " << f.x << " * " << f.y;
  }
}

// Exhaustive over the borders: the results around the smallest normal number, where flushing begins.
TEST(Accumulate, FusedF32AroundTheSmallestNormal) {
  SumOracle oracle;
  for (U32 low = 0; low < 64; ++low) {
    for (const U32 y : {0x3F800000U, 0x3F7FFFFFU, 0x3F800001U, 0xBF800000U}) {
      for (const U32 addend : {0x00000000U, 0x00800000U, 0x00800001U, 0x80800000U, 0x81000000U}) {
        const U32 x = 0x00800000U + low;
        oracle.start(value_of_f32(addend));
        oracle.add_product(value_of_f32(x), value_of_f32(y));
        ASSERT_EQ(fused_f32(addend, x, y), oracle.result()) << std::hex << addend << " " << x << " " << y;
      }
    }
  }
}

}  // namespace
}  // namespace ipusim::arith
