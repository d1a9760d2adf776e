// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "ipusim/arith/operations.hpp"

namespace ipusim::arith {
namespace {

constexpr std::uint32_t one = 0x3F800000;
constexpr std::uint32_t half_ulp_of_one = 0x33800000;  // 2^-24

TEST(Rounding, TieAboveOneInEveryMode) {
  const auto sum = [](Rounding mode) {
    return add<F32>(one, half_ulp_of_one, {mode, Denormals::flush}).bits;
  };
  EXPECT_EQ(sum(Rounding::nearest_even), one);
  EXPECT_EQ(sum(Rounding::nearest_away), one + 1);
  EXPECT_EQ(sum(Rounding::plus_infinity), one + 1);
  EXPECT_EQ(sum(Rounding::minus_infinity), one);
  EXPECT_EQ(sum(Rounding::zero), one);
}

TEST(Rounding, CodesOfFpCtl) {
  EXPECT_EQ(rounding_from_code(0), Rounding::nearest_even);
  EXPECT_EQ(rounding_from_code(1), Rounding::plus_infinity);
  EXPECT_EQ(rounding_from_code(2), Rounding::minus_infinity);
  EXPECT_EQ(rounding_from_code(3), Rounding::zero);
  EXPECT_EQ(rounding_from_code(4), Rounding::nearest_away);
  for (const unsigned unassigned : {5U, 6U, 7U}) {
    EXPECT_EQ(rounding_from_code(unassigned), Rounding::nearest_even);
  }
}

TEST(Denormals, FlushReadsAndGivesSignedZero) {
  constexpr Environment flush{};
  constexpr std::uint32_t smallest_normal = 0x00800000;
  EXPECT_EQ(add<F32>(0x80000001, 0x80000001, flush), (Result<F32>{0x80000000, 0}));
  EXPECT_EQ(multiply<F32>(smallest_normal, 0xBF000000, flush), (Result<F32>{0x80000000, 0}));
  EXPECT_EQ(subtract<F32>(smallest_normal + 1, smallest_normal, flush), (Result<F32>{0, 0}));
  EXPECT_TRUE(compare<F32>(0x007FFFFF, 0x80000000, Relation::equal, Denormals::flush).holds);
  EXPECT_FALSE(compare<F32>(0x007FFFFF, 0x80000000, Relation::equal, Denormals::keep).holds);
}

// A result is flushed if it is below the normal range when rounded to full precision, even where a
// denormal's coarser grid would round it up to the smallest normal.
TEST(Denormals, FlushLooksAtTheResultRoundedToFullPrecision) {
  // 0x3F7FFFFF = 1 - 2^-24, times 2^-126: exact in 24 bits, below the normal range.
  EXPECT_EQ(multiply<F32>(0x3F7FFFFF, 0x00800000, {}).bits, 0U);
  EXPECT_EQ(multiply<F32>(0x3F7FFFFF, 0x00800000, {Rounding::nearest_even, Denormals::keep}).bits,
            0x00800000U);
}

TEST(Nan, PayloadAndSignAreNotKept) {
  EXPECT_EQ(add<F32>(0xFF800001, one, {}), (Result<F32>{0x7FC00000, flag::invalid}));
  EXPECT_EQ(multiply<F32>(0xFFFFFFFF, one, {}), (Result<F32>{0x7FC00000, flag::invalid}));
}

// The same templates serve another format: binary16 by one alias, exact results worked by hand.
using F16 = Format<std::uint16_t, 5, 10>;

TEST(OtherFormat, Binary16) {
  constexpr Environment keep{Rounding::nearest_even, Denormals::keep};
  EXPECT_EQ(add<F16>(0x3C00, 0x3C00, keep).bits, 0x4000);       // 1 + 1 = 2
  EXPECT_EQ(multiply<F16>(0x0001, 0x3800, keep).bits, 0x0000);  // 2^-24 / 2: tie to even, zero
  EXPECT_EQ(multiply<F16>(0x0003, 0x3800, keep).bits, 0x0002);  // 1.5 units: tie to even, 2
  EXPECT_EQ(add<F16>(0x7BFF, 0x7BFF, keep), (Result<F16>{0x7C00, flag::overflow}));
  EXPECT_EQ(subtract<F16>(0x0400, 0x0001, keep).bits, 0x03FF);  // into the denormals
}

}  // namespace
}  // namespace ipusim::arith
