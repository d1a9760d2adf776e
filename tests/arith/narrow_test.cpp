// SPDX-License-Identifier: Apache-2.0
// f32 to f16 in every mode of rounding, against the definition worked out in doubles.
#include "ipusim/arith/narrow.hpp"

#include <gtest/gtest.h>

#include "sum_oracle.hpp"

namespace ipusim::arith {
namespace {

using test::expected_half;
using test::Random;

void check(std::uint32_t bits, test::HalfControl control, std::uint16_t random) {
  const HalfRules rules{rounding_from_code(control.rounding), control.nan_on_overflow};
  const auto drawn = control.stochastic ? std::optional<std::uint16_t>{random} : std::nullopt;
  ASSERT_EQ(narrow(bits, rules, drawn), expected_half(bits, control, random))
      << std::hex << bits << " rounding " << control.rounding << " stochastic " << control.stochastic << " "
      << random << " gives " << narrow(bits, rules, drawn).bits;
}

TEST(Narrow, RandomNumbersInEveryMode) {
  Random random(11);
  for (int i = 0; i < IPUSIM_ARITH_SAMPLES; ++i) {
    auto bits = static_cast<std::uint32_t>(random.next());
    // Mostly within or near the f16 range, often close to a number or half-way between two.
    if (random.below(8) != 0) bits = (bits & 0x807FFFFFU) | (100 + random.below(46)) << 23U;
    if (random.below(3) == 0) bits &= ~0xFFFU;
    if (random.below(6) == 0) bits |= 0xFFFU;
    const auto drawn = static_cast<std::uint16_t>(random.next());
    for (unsigned rounding = 0; rounding < 5; ++rounding) check(bits, {rounding, i % 2 == 0, false}, 0);
    check(bits, {0, i % 2 == 0, true}, drawn);
  }
}

TEST(Narrow, Borders) {
  for (const std::uint32_t magnitude :
       {0x00000000U, 0x00000001U, 0x00800000U, 0x33000000U, 0x33000001U, 0x337FFFFFU, 0x33800000U,
        0x33C00000U, 0x387FC000U, 0x387FE000U, 0x387FEFFFU, 0x387FF000U, 0x38800000U, 0x477FE000U,
        0x477FEFFFU, 0x477FF000U, 0x47800000U, 0x7F7FFFFFU, 0x7F800000U, 0x7F800001U, 0x7FC00000U}) {
    for (const std::uint32_t sign : {0U, 0x80000000U}) {
      for (unsigned rounding = 0; rounding < 5; ++rounding) {
        check(magnitude | sign, {rounding, false, false}, 0);
        check(magnitude | sign, {rounding, true, false}, 0);
      }
      for (const unsigned drawn : {0U, 1U, 0x7FFFU, 0x8000U, 0xFFFFU})
        check(magnitude | sign, {0, false, true}, static_cast<std::uint16_t>(drawn));
    }
  }
}

TEST(Narrow, EveryF16ComesBackUnchanged) {
  for (std::uint32_t half = 0; half < 0x10000; ++half) {
    const double value = test::value_of_f16(static_cast<std::uint16_t>(half));
    if (std::isnan(value)) continue;
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
    const Result<F16> back = narrow(bits, {}, std::nullopt);
    ASSERT_EQ(back.bits, half);
    ASSERT_EQ(back.flags, 0);
  }
}

}  // namespace
}  // namespace ipusim::arith
