// SPDX-License-Identifier: Apache-2.0
// One unit of the engine: sums of products against the integer reference, which MPFR holds (tests/arith).
#include <gtest/gtest.h>
#include <verilated.h>

#include <cmath>

#include "Vipu_amp_unit.h"
#include "ipusim/arith/quarter.hpp"
#include "sum_oracle.hpp"

namespace ipusim::arith {
namespace {

using U16 = std::uint16_t;
using U32 = std::uint32_t;
using test::Random;
using test::value_of_f16;
using test::value_of_f32;

constexpr int samples = 1'000'000;

const U16 special_f16[] = {0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x83FF, 0x0400, 0x8400, 0x3C00,
                           0xBC00, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7C01, 0xFE00, 0x0401, 0x6400};
const U32 special_f32[] = {0x00000000, 0x80000000, 0x00000001, 0x807FFFFF, 0x00800000, 0x80800000,
                           0x00800001, 0x3F800000, 0xBF800000, 0x7F7FFFFF, 0xFF7FFFFF, 0x7F800000,
                           0xFF800000, 0x7F800001, 0xFFC00000, 0x27800000, 0xA7800000, 0x4F7FE002,
                           0xCF7FE002, 0x5A000001, 0x0F800000};

class Unit {
 public:
  Unit() : unit_(&context_) {
    unit_.active_i = 1;
    unit_.terms_i = 0xF;
  }
  ~Unit() { unit_.final(); }

  Result<F32> dot(U32 addend, const std::array<U16, 4>& x, const std::array<U16, 4>& y,
                  unsigned terms = 0xF) {
    unit_.f32_i = 0;
    unit_.terms_i = static_cast<std::uint8_t>(terms);
    unit_.x0_i = taken_apart(x[0]);
    unit_.x1_i = taken_apart(x[1]);
    unit_.x2_i = taken_apart(x[2]);
    unit_.x3_i = taken_apart(x[3]);
    unit_.w_i = 0;
    for (unsigned k = 0; k < 4; ++k) unit_.w_i |= std::uint64_t{y[k]} << (16 * k);
    return result(addend);
  }
  Result<F32> dot8(U32 addend, const std::array<std::uint8_t, 8>& x, QuarterFormat x_format,
                   const std::array<std::uint8_t, 8>& y, QuarterFormat y_format, int scale) {
    unit_.f32_i = 0;
    unit_.quarters_i = 1;
    unit_.f143_i = y_format == QuarterFormat::f143;
    unit_.scale_i = static_cast<unsigned>(scale) & 63U;
    unit_.x0_i = taken_apart(x[0], x_format);
    unit_.x1_i = taken_apart(x[1], x_format);
    unit_.x2_i = taken_apart(x[2], x_format);
    unit_.x3_i = taken_apart(x[3], x_format);
    unit_.x4_i = taken_apart(x[4], x_format);
    unit_.x5_i = taken_apart(x[5], x_format);
    unit_.x6_i = taken_apart(x[6], x_format);
    unit_.x7_i = taken_apart(x[7], x_format);
    unit_.w_i = 0;
    for (unsigned k = 0; k < 8; ++k) unit_.w_i |= std::uint64_t{y[k]} << (8 * k);
    const Result<F32> r = result(addend);
    unit_.quarters_i = 0;
    return r;
  }
  Result<F32> fused(U32 addend, U32 x, U32 y) {
    unit_.f32_i = 1;
    unit_.x_i = x;
    unit_.w_i = y | std::uint64_t{0xDEADBEEF} << 32U;  // which does not count
    return result(addend);
  }
  void set_active(bool active) { unit_.active_i = active ? 1 : 0; }

 private:
  // half_t: special, sign, position, significand.
  static U32 taken_apart(U16 half) {
    const U32 exponent = (half >> 10U) & 31U;
    const U32 fraction = half & 0x3FFU;
    const U32 special = exponent == 31 ? 1 : 0;
    const U32 position = exponent == 0 ? 0 : exponent - 1;
    return special << 17U | (half >> 15U) << 16U | position << 11U | (exponent != 0 ? 0x400U : 0U) | fraction;
  }
  // An f8's significand stands in bits 10:7; positions count from 2^-24.
  static U32 taken_apart(std::uint8_t quarter, QuarterFormat format) {
    const Number n = unpack_quarter(quarter, format);
    const U32 special = n.cls == NumberClass::nan ? 1 : 0;
    if (n.cls != NumberClass::finite) return special << 17U | U32{n.negative} << 16U;
    return U32{n.negative} << 16U | static_cast<U32>(n.exponent + 24 - 7) << 11U |
           static_cast<U32>(n.significand) << 7U;
  }
  Result<F32> result(U32 addend) {
    unit_.addend_i = addend;
    unit_.eval();
    return {unit_.result_o, unit_.flags_o};
  }

  VerilatedContext context_;
  Vipu_amp_unit unit_;
};

struct Dot {
  U32 addend = 0;
  std::array<U16, 4> x{};
  std::array<U16, 4> y{};
};
void PrintTo(const Dot& d, std::ostream* os) {
  *os << std::hex << d.addend;
  for (unsigned k = 0; k < 4; ++k) *os << " + " << d.x[k] << " * " << d.y[k];
}

// What a set of operands is like.
enum class Kind : U32 {
  patterns,
  specials,
  wide,
  wide_cancelling,
  near_one,
  near_one_cancelling,
  tiny,
  products_cancel,
  beside_a_tie
};
constexpr U32 kinds = 9;

U16 finite(Random& random, unsigned lowest, unsigned count) {
  return static_cast<U16>((random.next() & 0x83FFU) | (lowest + random.below(count)) << 10U);
}

U16 power_of_two(Random& random, U32 exponent) {
  return static_cast<U16>((random.next() & 0x8000U) | exponent << 10U);
}

// Half a place of the addend, and a product near the bottom or none.
Dot beside_a_tie(Random& random) {
  Dot d;
  const U32 x = 1 + random.below(30);
  const U32 y = 1 + random.below(30);
  d.x[0] = power_of_two(random, x);
  d.y[0] = power_of_two(random, y);
  d.x[3] = finite(random, 0, 3);
  d.y[3] = finite(random, 0, 3);
  // 2^(x - 15) 2^(y - 15) = 2^(exponent - 150) / 2.
  d.addend = (static_cast<U32>(random.next()) & 0x807FFFFFU) | (x + y + 121) << 23U;
  return d;
}

Dot random_dot(Random& random) {
  Dot d;
  const Kind kind{random.below(kinds)};
  if (kind == Kind::beside_a_tie) return beside_a_tie(random);
  for (std::size_t k = 0; k < 4; ++k) {
    switch (kind) {
      case Kind::patterns:
        d.x[k] = static_cast<U16>(random.next());
        d.y[k] = static_cast<U16>(random.next());
        break;
      case Kind::specials:
        d.x[k] = special_f16[random.below(std::size(special_f16))];
        d.y[k] =
            random.below(2) == 0 ? special_f16[random.below(std::size(special_f16))] : finite(random, 0, 31);
        break;
      case Kind::wide:
      case Kind::wide_cancelling:
        d.x[k] = finite(random, 0, 31);
        d.y[k] = finite(random, 0, 31);
        break;
      case Kind::tiny:
        d.x[k] = finite(random, 0, 3);
        d.y[k] = finite(random, 0, 3);
        break;
      case Kind::near_one:
      case Kind::near_one_cancelling:
      case Kind::products_cancel:
        d.x[k] = finite(random, 12, 6);
        d.y[k] = finite(random, 12, 6);
        break;
      case Kind::beside_a_tie:
        break;
    }
  }
  if (kind == Kind::products_cancel) {
    d.x[1] = d.x[0] ^ 0x8000U;
    d.y[1] = d.y[0];
    if (random.below(2) == 0) {
      d.x[3] = d.y[2];
      d.y[3] = d.x[2] ^ 0x8000U;
    }
  }
  double sum = 0;
  for (std::size_t k = 0; k < 4; ++k) sum += value_of_f16(d.x[k]) * value_of_f16(d.y[k]);
  d.addend = static_cast<U32>(random.next());
  switch (random.below(4)) {
    case 0:  // any exponent
      break;
    case 1:
      d.addend = special_f32[random.below(std::size(special_f32))];
      break;
    case 2:  // minus the sum, give or take an ulp
      d.addend = std::bit_cast<U32>(static_cast<float>(-sum)) + random.below(3) - 1;
      break;
    default: {  // of an exponent near that of the sum
      const U32 about = std::bit_cast<U32>(static_cast<float>(sum)) >> 23U & 0xFFU;
      const U32 exponent = std::min(254U, about + random.below(100) - std::min(about, 50U));
      d.addend = (d.addend & 0x807FFFFFU) | exponent << 23U;
    }
  }
  return d;
}

TEST(AmpUnit, DotProductsEqualTheReference) {
  Unit unit;
  Random random(1);
  int flagged = 0;
  int zeros = 0;
  for (int i = 0; i < samples; ++i) {
    const Dot d = random_dot(random);
    const Result<F32> expected = dot_f16_reference(d.addend, d.x, d.y);
    ASSERT_EQ(unit.dot(d.addend, d.x, d.y), expected) << ::testing::PrintToString(d) << " set " << i;
    flagged += expected.flags != 0 ? 1 : 0;
    zeros += (expected.bits & 0x7FFFFFFFU) == 0 ? 1 : 0;
  }
  EXPECT_GT(flagged, samples / 20);
  EXPECT_GT(zeros, samples / 200);
}

TEST(AmpUnit, SumsOfEightQuartersEqualTheReference) {
  Unit unit;
  Random random(8);
  for (int i = 0; i < samples / 2; ++i) {
    const auto x_format = static_cast<QuarterFormat>(random.below(2));
    const auto y_format = static_cast<QuarterFormat>(random.below(2));
    const int scale = static_cast<int>(random.below(64)) - 32;
    std::array<std::uint8_t, 8> x{}, y{};
    for (unsigned k = 0; k < 8; ++k) {
      x[k] = static_cast<std::uint8_t>(random.next());
      y[k] = static_cast<std::uint8_t>(random.next());
      if (random.below(50) != 0 && x[k] == 0x80) x[k] = 0;
      if (random.below(50) != 0 && y[k] == 0x80) y[k] = 0x7F;
      if (k > 0 && random.below(4) == 0) {  // the product before, with the other sign
        y[k] = y[k - 1];
        x[k] = static_cast<std::uint8_t>((x[k - 1] & 0x7F) == 0 ? 0 : x[k - 1] ^ 0x80);
      }
    }
    auto addend = static_cast<U32>(random.next());
    if (i % 2 == 0) addend = (addend & 0x807FFFFFU) | (90 + random.below(80)) << 23U;
    if (i % 9 == 0) addend = special_f32[random.below(std::size(special_f32))];
    ASSERT_EQ(unit.dot8(addend, x, x_format, y, y_format, scale),
              dot_f8(addend, x, x_format, y, y_format, scale))
        << i << " addend " << std::hex << addend << std::dec << " scale " << scale;
  }
}

// Products that are left out count for nothing, not even the sign of a zero.
TEST(AmpUnit, OnlyTheTermsAskedForCount) {
  Unit unit;
  Random random(2);
  for (int i = 0; i < samples / 4; ++i) {
    Dot d = random_dot(random);
    if (i % 8 == 0) d.addend = 0x80000000;
    const unsigned k = random.below(4);
    ASSERT_EQ(unit.dot(d.addend, d.x, d.y, 1U << k), dot_f16_reference<1>(d.addend, {d.x[k]}, {d.y[k]}))
        << ::testing::PrintToString(d) << " term " << k;
    const unsigned pair = 2 * random.below(2);
    ASSERT_EQ(unit.dot(d.addend, d.x, d.y, 3U << pair),
              dot_f16_reference<2>(d.addend, {d.x[pair], d.x[pair + 1]}, {d.y[pair], d.y[pair + 1]}))
        << ::testing::PrintToString(d) << " pair " << pair;
  }
}

TEST(AmpUnit, FusedProductsEqualTheReference) {
  Unit unit;
  Random random(3);
  const auto special = [&] { return special_f32[random.below(std::size(special_f32))]; };
  int flagged = 0;
  for (int i = 0; i < samples; ++i) {
    auto x = static_cast<U32>(random.next());
    auto y = static_cast<U32>(random.next());
    auto addend = static_cast<U32>(random.next());
    const U32 kind = random.below(5);
    if (kind == 4) {  // significands whose product is nearly 2^47: half a place of the addend
      const U32 significand = 0x800001U + random.below(0x7FFFFEU);
      const auto other = static_cast<U32>((1ULL << 47U) / significand) + random.below(3) - 1;
      const U32 exponent = 100 + random.below(50);
      x = (x & 0x80000000U) | 127U << 23U | (significand & 0x7FFFFFU);
      y = (y & 0x80000000U) | exponent << 23U | (other & 0x7FFFFFU);
      addend = (addend & 0x807FFFFFU) | (exponent + 25) << 23U;
    } else if (kind == 0) {
      if (random.below(2) == 0) x = special();
      if (random.below(2) == 0) y = special();
      if (random.below(2) == 0) addend = special();
    } else if (kind < 3) {  // the addend from far below the product to far above it; or minus the product
      x = (x & 0x807FFFFFU) | (32 + random.below(128)) << 23U;
      y = (y & 0x807FFFFFU) | (64 + random.below(128)) << 23U;
      const double product = value_of_f32(x) * value_of_f32(y);
      const U32 about = std::bit_cast<U32>(static_cast<float>(product)) >> 23U & 0xFFU;
      const U32 exponent = std::min(254U, about + random.below(160) - std::min(about, 80U));
      addend = kind == 1 ? (addend & 0x807FFFFFU) | exponent << 23U
                         : std::bit_cast<U32>(static_cast<float>(-product)) + random.below(3) - 1;
      if (kind == 2 && random.below(4) == 0)
        addend = (addend + (random.below(5) << 23U)) ^ random.below(2) << 31U;
    }
    const Result<F32> expected = fused_f32_reference(addend, x, y);
    ASSERT_EQ(unit.fused(addend, x, y), expected)
        << std::hex << addend << " + " << x << " * " << y << std::dec << " set " << i;
    flagged += expected.flags != 0 ? 1 : 0;
  }
  EXPECT_GT(flagged, samples / 20);
}

TEST(AmpUnit, IsSilentWhenIdle) {
  Unit unit;
  unit.set_active(false);
  EXPECT_EQ(unit.dot(0x3F800000, {0x7C00, 0, 0, 0}, {0x3C00, 0, 0, 0}), (Result<F32>{}));
  EXPECT_EQ(unit.fused(0x3F800000, 0x7F800001, 0x3F800000), (Result<F32>{}));
}

}  // namespace
}  // namespace ipusim::arith
