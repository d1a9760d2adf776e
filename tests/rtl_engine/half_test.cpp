// SPDX-License-Identifier: Apache-2.0
// f16 as they enter the accumulators and as results leave them.
#include <gtest/gtest.h>
#include <verilated.h>

#include "Vipu_half_result.h"
#include "Vipu_half_widen.h"
#include "ipusim/arith/narrow.hpp"
#include "ipusim/arith/unit_row.hpp"
#include "sum_oracle.hpp"

namespace ipusim::arith {
namespace {

using U16 = std::uint16_t;
using U32 = std::uint32_t;

TEST(HalfWiden, EveryHalf) {
  VerilatedContext context;
  Vipu_half_widen widen(&context);
  widen.active_i = 1;
  for (U32 half = 0; half < 0x10000; ++half) {
    widen.half_i = static_cast<U16>(half);
    widen.eval();
    ASSERT_EQ(widen.value_o, std::bit_cast<U32>(widened_f16(static_cast<U16>(half)))) << std::hex << half;
    ASSERT_EQ(widen.invalid_o, (half & 0x7C00U) == 0x7C00U ? 1 : 0) << std::hex << half;
  }
  widen.active_i = 0;
  widen.eval();
  EXPECT_EQ(widen.value_o | widen.invalid_o, 0U);
  widen.final();
}

class HalfResult : public ::testing::Test {
 protected:
  HalfResult() : module_(&context_) { module_.active_i = 1; }
  ~HalfResult() override { module_.final(); }

  void expect(U32 value, unsigned rnd, bool nan_on_overflow, std::optional<U16> random) {
    module_.value_i = value;
    module_.rnd_i = static_cast<std::uint8_t>(rnd);
    module_.nan_on_overflow_i = nan_on_overflow ? 1 : 0;
    module_.stochastic_i = random ? 1 : 0;
    module_.random_i = random.value_or(0xFFFF);
    module_.eval();
    const Result<F16> expected = narrow(value, {rounding_from_code(rnd), nan_on_overflow}, random);
    ASSERT_EQ(module_.result_o, expected.bits)
        << std::hex << value << " RND " << rnd << " random " << random.value_or(0);
    ASSERT_EQ(module_.flags_o, expected.flags) << std::hex << value << " RND " << rnd;
  }

  VerilatedContext context_;
  Vipu_half_result module_;
};

// A value: any pattern, of an exponent in or near the f16 range, or within an ulp of half way between two
// f16.
U32 random_value(test::Random& random) {
  auto value = static_cast<U32>(random.next());
  const U32 kind = random.below(4);
  if (kind != 0) value = (value & 0x807FFFFFU) | (127 - 60 + random.below(80)) << 23U;
  if (kind == 2) value = (value & 0xFFFFE000U) + 0x1000 + random.below(3) - 1;
  if (kind == 3) value = (value & 0x807FE000U) | (127 - 26 + random.below(44)) << 23U;
  return value;
}

TEST_F(HalfResult, RandomValuesInEveryMode) {
  test::Random random(4);
  for (int i = 0; i < 1'000'000; ++i) {
    const U32 value = random_value(random);
    std::optional<U16> bits;
    if (random.below(3) == 0) bits = static_cast<U16>(random.next());
    expect(value, random.below(8), random.below(4) == 0, bits);
    if (HasFatalFailure()) return;
  }
}

TEST_F(HalfResult, BordersOfTheRange) {
  const U32 borders[] = {0x477FE000, 0x477FEFFF, 0x477FF000, 0x477FFFFF, 0x47800000, 0x7F7FFFFF, 0x7F800000,
                         0x7F800001, 0x7FC00000, 0x38800000, 0x387FFFFF, 0x38000000, 0x33800000, 0x33000000,
                         0x33000001, 0x32FFFFFF, 0x00800000, 0x007FFFFF, 0x00000001, 0x00000000, 0x2B800000};
  for (const U32 border : borders) {
    for (unsigned rnd = 0; rnd < 8; ++rnd) {
      for (const U32 sign : {0U, 0x80000000U}) {
        for (const bool nan_on_overflow : {false, true}) {
          expect(border | sign, rnd, nan_on_overflow, std::nullopt);
          for (const U32 bits : {0x0000U, 0x0001U, 0x7FFFU, 0x8000U, 0xFFFFU}) {
            expect(border | sign, rnd, nan_on_overflow, static_cast<U16>(bits));
          }
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

}  // namespace
}  // namespace ipusim::arith
