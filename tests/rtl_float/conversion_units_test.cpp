// SPDX-License-Identifier: Apache-2.0
// The RTL's units for integers (against systemc/arith, which MPFR holds), class codes and random values
// (against the host).
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "Vipu_class_unit.h"
#include "Vipu_integer_unit.h"
#include "Vipu_random_unit.h"
#include "ipusim/arith/integer_conversion.hpp"
#include "ipusim/arith/random_values.hpp"
#include "verilated.h"

namespace ipusim::arith {
namespace {

using U = std::uint32_t;
using U64 = std::uint64_t;

template <class Top>
class Module {
 public:
  ~Module() { top_->final(); }
  Top* operator->() { return top_.get(); }
  void clock() {
    top_->clk_i = 0;
    top_->eval();
    top_->clk_i = 1;
    top_->eval();
  }

 private:
  std::unique_ptr<VerilatedContext> context_ = std::make_unique<VerilatedContext>();
  std::unique_ptr<Top> top_ = std::make_unique<Top>(context_.get());
};

U64 words(U low, U high) { return low | static_cast<U64>(high) << 32U; }

// ---- Integers

// In the order of ipu_float_pkg::integer_op_e.
enum class Op : std::uint8_t { from_signed, from_unsigned, to_signed, to_unsigned, integral, fraction };

struct Outcome {
  U bits;
  unsigned flags;
  friend bool operator==(const Outcome&, const Outcome&) = default;
  friend void PrintTo(const Outcome& o, std::ostream* os) {
    *os << std::hex << o.bits << " flags " << o.flags;
  }
};

Outcome model(Op op, U x, unsigned code) {
  const auto outcome = [](const auto& r) { return Outcome{r.bits, r.flags}; };
  const Rounding rounding = rounding_from_code(code);
  switch (op) {
    case Op::from_signed:
      return outcome(from_signed(x, rounding));
    case Op::from_unsigned:
      return outcome(from_unsigned(x, rounding));
    case Op::to_signed:
      return outcome(to_signed(x, rounding));
    case Op::to_unsigned:
      return outcome(to_unsigned(x, rounding));
    case Op::integral:
      return outcome(round_to_integral(x, rounding));
    case Op::fraction:
      break;
  }
  return {signed_fraction<F32>(x), 0};
}

class Integers {
 public:
  // FP_CTL.RND is `code` in both stages; of `integral` it is the instruction's mode, beside another
  // FP_CTL.RND.
  Outcome operator()(Op op, U x, unsigned code) {
    const bool own_mode = op == Op::integral;
    give(op, false, words(x, 0x7F800001), code);
    unit_->rnd_q_i = own_mode ? (code + 1) & 7U : code & 7U;
    unit_->eval();
    EXPECT_EQ(unit_->result_o >> 32U, 0U);
    return {static_cast<U>(unit_->result_o), unit_->flags_o};
  }
  U64 fractions(U low, U high, unsigned code) {
    give(Op::fraction, true, words(low, high), code);
    unit_->rnd_q_i = code & 7U;
    unit_->eval();
    EXPECT_EQ(unit_->flags_o, 0);
    return unit_->result_o;
  }

 private:
  void give(Op op, bool wide, U64 a, unsigned code) {
    unit_->valid_i = 1;
    unit_->op_i = static_cast<unsigned char>(op);
    unit_->wide_i = wide;
    unit_->a_i = a;
    unit_->mode_i = code & 15U;
    unit_->rnd_i = op == Op::integral ? (code + 3) & 7U : code & 7U;
    unit_.clock();
  }
  Module<Vipu_integer_unit> unit_;
};

// Numbers around the powers of two up to 2^34, halves between integers, the ends of f32; both signs.
std::vector<U> singles() {
  std::vector<U> values{0, 1, 0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0x7F800000, 0x7F800001, 0x7FC00000};
  for (int exponent = -3; exponent <= 34; ++exponent)
    for (const U step : {0xFFFFFFFEU, 0xFFFFFFFFU, 0U, 1U, 2U, 0x400000U, 0x400001U})
      values.push_back(std::bit_cast<U>(std::ldexp(1.0F, exponent)) + step);
  for (float half = 0.5F; half < 6; ++half)
    for (const U step : {0xFFFFFFFFU, 0U, 1U}) values.push_back(std::bit_cast<U>(half) + step);
  const std::size_t positive = values.size();
  for (std::size_t i = 0; i < positive; ++i) values.push_back(values[i] ^ 0x80000000U);
  return values;
}
std::vector<U> integers() {
  std::vector<U> values;
  for (unsigned bit = 0; bit < 32; ++bit)
    for (const U step : {0xFFFFFFFEU, 0xFFFFFFFFU, 0U, 1U, 2U}) values.push_back((U{1} << bit) + step);
  return values;
}

void check(Integers& unit, Op op, U x, unsigned code) {
  ASSERT_EQ(unit(op, x, code), model(op, x, code))
      << "op " << static_cast<int>(op) << " of " << std::hex << x << " mode " << code;
}

// The mode of f32int has four bits.
unsigned modes(Op op) { return op == Op::integral ? 16 : 8; }

TEST(IntegerUnit, Specials) {
  Integers unit;
  for (unsigned n = 0; n < 6; ++n) {
    const auto op = static_cast<Op>(n);
    const bool from_f32 = op == Op::to_signed || op == Op::to_unsigned || op == Op::integral;
    for (const U x : from_f32 ? singles() : integers())
      for (unsigned code = 0; code < modes(op); ++code) ASSERT_NO_FATAL_FAILURE(check(unit, op, x, code));
  }
}

// Every second f32 has an exponent at which its fraction, or the range of integers, ends.
TEST(IntegerUnit, RandomOperands) {
  Integers unit;
  std::mt19937 random(3);
  for (unsigned n = 0; n < 6; ++n)
    for (unsigned i = 0; i < 300'000; ++i) {
      const auto op = static_cast<Op>(n);
      auto x = static_cast<U>(random());
      if (i % 2 == 0) x = (x & 0x807FFFFFU) | (125 + x % 36) << 23U;
      ASSERT_NO_FATAL_FAILURE(check(unit, op, x, i % modes(op)));
    }
}

// The host rounds a quotient of doubles to the nearest f32 once.
TEST(IntegerUnit, FractionsAreEvenSteps) {
  Integers unit;
  std::mt19937 random(4);
  const auto expected = [](U u) {
    return std::bit_cast<U>(static_cast<float>((2.0 * u - 4294967295.0) / 8589934592.0));
  };
  for (unsigned i = 0; i < 100'000; ++i) {
    const U low = i < 4 ? (i & 1U) * 0xFFFFFFFFU : static_cast<U>(random());
    const U high = i < 4 ? (i >> 1U) * 0x80000000U : static_cast<U>(random());
    ASSERT_EQ(unit.fractions(low, high, i % 8), words(expected(low), expected(high)))
        << std::hex << low << " " << high;
  }
}

// ---- Classes

// By docs/arithmetic.md (O25), from what the C library says of the number.
template <class Number>
U expected_class(Number x, bool quiet) {
  const bool minus = std::signbit(x);
  switch (std::fpclassify(x)) {
    case FP_NAN:
      return quiet ? 2 : 1;
    case FP_INFINITE:
      return minus ? 3 : 4;
    case FP_ZERO:
      return minus ? 5 : 6;
    case FP_SUBNORMAL:
      return minus ? 7 : 8;
    default:
      return minus ? 9 : 10;
  }
}
U class_of_single(U bits) { return expected_class(std::bit_cast<float>(bits), (bits & 0x400000U) != 0); }
// The class of an f16 by its fields: the library knows none.
U class_of_half(U bits) {
  const U exponent = (bits >> 10U) & 31U;
  const U fraction = bits & 0x3FFU;
  const U minus = bits >> 15U;
  if (exponent == 31 && fraction != 0) return fraction >= 0x200 ? 2 : 1;
  if (exponent == 31) return minus != 0 ? 3 : 4;
  if (exponent != 0) return minus != 0 ? 9 : 10;
  if (fraction != 0) return minus != 0 ? 7 : 8;
  return minus != 0 ? 5 : 6;
}

U classes(Vipu_class_unit& unit, bool halves, bool pair, U64 a) {
  unit.valid_i = 1;
  unit.op_i = halves ? 1 : 0;  // of ipu_float_pkg::class_op_e
  unit.pair_i = pair;
  unit.a_i = a;
  unit.eval();
  return unit.codes_o;
}

TEST(ClassUnit, EveryHalf) {
  VerilatedContext context;
  Vipu_class_unit unit(&context);
  for (U x = 0; x < 0x10000; ++x) {
    const U y = x ^ 0x8001U;  // another number beside it
    const U low = class_of_half(x) | class_of_half(y) << 8U;
    const U64 a = words(x | y << 16U, y | x << 16U);
    ASSERT_EQ(classes(unit, true, false, a), low) << std::hex << x;
    ASSERT_EQ(classes(unit, true, true, a), low | class_of_half(y) << 16U | class_of_half(x) << 24U)
        << std::hex << x;
  }
  unit.final();
}

TEST(ClassUnit, Singles) {
  VerilatedContext context;
  Vipu_class_unit unit(&context);
  std::mt19937 random(5);
  std::vector<U> values = singles();
  for (int i = 0; i < 100'000; ++i) values.push_back(static_cast<U>(random()));
  for (const U x : values) {
    const U y = x ^ 0x80000001U;
    ASSERT_EQ(classes(unit, false, false, words(x, y)), class_of_single(x)) << std::hex << x;
    ASSERT_EQ(classes(unit, false, true, words(x, y)), class_of_single(x) | class_of_single(y) << 8U)
        << std::hex << x;
  }
  unit.final();
}

// ---- Random values

// In the order of ipu_float_pkg::random_op_e.
enum class Make : std::uint8_t { word, mask_halves, mask_singles, normal_halves, normal_singles };

U64 make(Vipu_random_unit& unit, Make op, U64 a, U p, U64 word, U64 second) {
  unit.valid_i = 1;
  unit.op_i = static_cast<unsigned char>(op);
  unit.a_i = a;
  unit.p_i = p;
  unit.word_i = word;
  unit.second_i = second;
  unit.eval();
  return unit.result_o;
}

// The sum of twelve fields of five bits, less its mean, over 32 (O43).
float normal_value(U64 word) {
  int sum = 0;
  for (unsigned field = 0; field < 12; ++field) sum += static_cast<int>(word >> (5 * field)) & 31;
  return static_cast<float>(sum - 186) / 32;
}

TEST(RandomUnit, NormalValues) {
  VerilatedContext context;
  Vipu_random_unit unit(&context);
  std::mt19937_64 random(6);
  const auto half = [](U64 word) {
    return std::bit_cast<std::uint16_t>(static_cast<_Float16>(normal_value(word)));
  };
  const auto single = [](U64 word) { return std::bit_cast<U>(normal_value(word)); };
  const auto check = [&](U64 x, U64 y) {
    ASSERT_EQ(make(unit, Make::normal_halves, 0, 0, x, y), half(x) | static_cast<U64>(half(y)) << 16U);
    ASSERT_EQ(make(unit, Make::normal_singles, 0, 0, x, y), words(single(x), single(y)));
  };
  // Every sum there is: from the mean 186, six fields of 31, downwards and upwards; then random words.
  U64 word = 0;
  for (unsigned step = 0; step <= 372; ++step) {
    ASSERT_NO_FATAL_FAILURE(check(word, ~word));
    if (step < 372) word += U64{1} << (5 * (step / 31));
  }
  for (int i = 0; i < 100'000; ++i) ASSERT_NO_FATAL_FAILURE(check(random(), random()));
  unit.final();
}

TEST(RandomUnit, Masks) {
  VerilatedContext context;
  Vipu_random_unit unit(&context);
  std::mt19937_64 random(7);
  for (unsigned i = 0; i < 200'000; ++i) {
    const U64 a = random();
    const U64 word = random();
    auto p = static_cast<U>(random());
    if (i % 4 != 0) p &= 0xFFFEFFFFU;
    // Now and then the border: the number drawn, or one more.
    if (i % 8 == 1)
      p = (p & 0xFFFE0000U) | ((static_cast<U>(word >> (16U * (i / 8 % 4))) + i / 32 % 2) & 0xFFFFU);
    U64 mask_of_halves = 0, mask_of_singles = 0;
    for (unsigned k = 0; k < 4; ++k) {
      const bool kept = (p & 0x10000U) != 0 || ((word >> (16 * k)) & 0xFFFFU) < (p & 0xFFFFU);
      if (kept) mask_of_halves |= U64{0xFFFF} << (16 * k);
      if (kept && k < 2) mask_of_singles |= U64{0xFFFFFFFF} << (32 * k);
    }
    ASSERT_EQ(make(unit, Make::mask_halves, a, p, word, 0), a & mask_of_halves)
        << std::hex << word << " " << p;
    ASSERT_EQ(make(unit, Make::mask_singles, a, p, word, 0), a & mask_of_singles)
        << std::hex << word << " " << p;
    ASSERT_EQ(make(unit, Make::word, a, p, word, 0), word);
  }
  unit.final();
}

}  // namespace
}  // namespace ipusim::arith
