// SPDX-License-Identifier: Apache-2.0
// f8 in the RTL's units against systemc/arith, which tests/arith holds to the formats' definition.
#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "Vipu_class_unit.h"
#include "Vipu_half_unit.h"
#include "Vipu_quarter_unit.h"
#include "ipusim/arith/quarter.hpp"
#include "verilated.h"

namespace ipusim::arith {
namespace {

using Byte = std::uint8_t;
using Half = std::uint16_t;
using U64 = std::uint64_t;

constexpr unsigned half_quarter = 16;        // ipu_float_pkg::HALF_QUARTER
constexpr unsigned classes_of_quarters = 2;  // ipu_float_pkg::CLASSES_OF_QUARTERS

struct Outcome {
  U64 bits = 0;
  unsigned flags = 0;
  friend bool operator==(const Outcome&, const Outcome&) = default;
  friend void PrintTo(const Outcome& o, std::ostream* os) {
    *os << std::hex << o.bits << " flags " << o.flags;
  }
};

// FP_NFMT, FP_SCL, FP_CTL and the random word.
struct Control {
  QuarterFormat format = QuarterFormat::f152;
  int scale = 0;
  unsigned rounding = 0;
  bool nanoo = false, stochastic = false;
  U64 random = 0;
  HalfRules rules() const { return {rounding_from_code(rounding), nanoo}; }
};

template <class Unit>
void set(Unit& unit, const Control& c) {
  unit.f143_i = c.format == QuarterFormat::f143;
  unit.scale_i = static_cast<unsigned>(c.scale) & 63U;
  unit.rnd_i = c.rounding & 7U;
  unit.stochastic_i = c.stochastic;
  unit.nanoo_i = c.nanoo;
  unit.random_i = c.random;
}

Control random_control(std::mt19937_64& random) {
  Control c;
  c.format = static_cast<QuarterFormat>(random() % 2);
  c.scale = random() % 3 == 0 ? 0 : static_cast<int>(random() % 64) - 32;
  c.rounding = static_cast<unsigned>(random() % 8);
  c.nanoo = random() % 2 == 0;
  c.stochastic = random() % 3 == 0;
  c.random = random();
  return c;
}

Outcome quarters(Vipu_quarter_unit& unit, U64 low, U64 high, bool quad, const Control& c) {
  set(unit, c);
  unit.valid_i = 1;
  unit.quad_i = quad;
  unit.a_i = low;
  unit.b_i = high;
  unit.eval();
  return {unit.result_o, unit.flags_o};
}
Outcome expected_quarters(U64 low, U64 high, unsigned count, const Control& c) {
  Outcome all;
  for (unsigned i = 0; i < count; ++i) {
    const auto half = static_cast<Half>((i < 4 ? low : high) >> (16 * (i % 4)));
    std::optional<Byte> bits;
    if (c.stochastic) bits = static_cast<Byte>(c.random >> (8 * i));
    const QuarterResult r = half_to_quarter(half, c.format, c.scale, c.rules(), bits);
    all.bits |= U64{r.bits} << (8 * i);
    all.flags |= r.flags;
  }
  return all;
}

// Each f16 in every lane once, beside others; the two-lane form beside halves that do not count.
TEST(QuarterUnit, FromEveryHalf) {
  VerilatedContext context;
  Vipu_quarter_unit unit(&context);
  std::mt19937_64 random(1);
  for (unsigned x = 0; x < 0x10000; ++x)
    for (unsigned lane = 0; lane < 8; ++lane) {
      const Control c = random_control(random);
      U64 low = random(), high = random();
      U64& word = lane < 4 ? low : high;
      const unsigned shift = 16 * (lane % 4);
      word = (word & ~(U64{0xFFFF} << shift)) | U64{x} << shift;
      ASSERT_EQ(quarters(unit, low, high, true, c), expected_quarters(low, high, 8, c)) << std::hex << x;
      ASSERT_EQ(quarters(unit, low, high, false, c), expected_quarters(low, high, 2, c)) << std::hex << x;
    }
  unit.final();
}

TEST(QuarterUnit, EveryQuarterToHalf) {
  VerilatedContext context;
  Vipu_half_unit unit(&context);
  std::mt19937_64 random(2);
  for (unsigned i = 0; i < 200'000; ++i) {
    const Control c = random_control(random);
    const unsigned lanes = i % 2 == 0 ? 4 : 2;
    const auto bytes = static_cast<std::uint32_t>(random());
    unit.valid_i = 1;
    unit.op_i = half_quarter;
    unit.wide_i = lanes == 4;
    unit.pair_i = 0;
    unit.a_i = bytes;
    unit.b_i = 0x7E007E007E007E00;
    set(unit, c);
    unit.rnd_q_i = c.rounding & 7U;
    unit.clk_i = 0;
    unit.eval();
    unit.clk_i = 1;
    unit.eval();
    Outcome expected;
    for (unsigned lane = 0; lane < lanes; ++lane) {
      std::optional<Half> bits;
      if (c.stochastic) bits = static_cast<Half>(c.random >> (16 * lane));
      const Result<F16> r =
          quarter_to_half(static_cast<Byte>(bytes >> (8 * lane)), c.format, c.scale, c.rules(), bits);
      expected.bits |= U64{r.bits} << (16 * lane);
      expected.flags |= r.flags;
    }
    const U64 mask = lanes == 4 ? ~U64{0} : 0xFFFFFFFF;
    ASSERT_EQ((Outcome{unit.result_o & mask, unit.flags_o}), expected) << std::hex << bytes;
  }
  unit.final();
}

TEST(QuarterUnit, ClassesOfEveryQuarter) {
  VerilatedContext context;
  Vipu_class_unit unit(&context);
  for (const QuarterFormat format : {QuarterFormat::f152, QuarterFormat::f143})
    for (unsigned x = 0; x < 256; ++x) {
      std::uint32_t bytes = 0, expected = 0;
      for (unsigned i = 0; i < 4; ++i) {
        const auto byte = static_cast<Byte>(x + 37 * i);
        bytes |= std::uint32_t{byte} << (8 * i);
        expected |= static_cast<std::uint32_t>(classify_quarter(byte, format)) << (8 * i);
      }
      unit.valid_i = 1;
      unit.op_i = classes_of_quarters;
      unit.f143_i = format == QuarterFormat::f143;
      unit.a_i = bytes;
      unit.eval();
      ASSERT_EQ(unit.codes_o, expected) << std::hex << bytes;
    }
  unit.final();
}

}  // namespace
}  // namespace ipusim::arith
