// SPDX-License-Identifier: Apache-2.0
// The RTL's f16 unit against systemc/arith: results and flags of every operation, rounding mode, stochastic
// rounding, overflow as NaN.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <memory>
#include <random>
#include <vector>

#include "Vipu_half_unit.h"
#include "ipusim/arith/half_arithmetic.hpp"
#include "ipusim/arith/selection.hpp"
#include "verilated.h"

namespace ipusim::arith {
namespace {

using U = std::uint32_t;
using Half = std::uint16_t;
using Quad = std::array<Half, 4>;

// In the order of ipu_float_pkg::half_op_e.
enum class Op : std::uint8_t {
  add,
  sub,
  mul,
  cmpeq,
  cmpne,
  cmplt,
  cmple,
  cmpgt,
  cmpge,
  max,
  min,
  clamp,
  maxc,
  widen,
  narrow,
  fraction,
  quarter
};
enum class First : std::uint8_t { plain, lower, upper };

struct Outcome {
  std::uint64_t bits;
  unsigned flags;
  friend bool operator==(const Outcome&, const Outcome&) = default;
  friend void PrintTo(const Outcome& o, std::ostream* os) {
    *os << std::hex << o.bits << " flags " << o.flags;
  }
};

// FP_CTL and the random word.
struct Control {
  unsigned rounding = 0;
  bool nanoo = false;
  bool stochastic = false;
  std::uint64_t random = 0;
  HalfRules rules() const { return {rounding_from_code(rounding), nanoo}; }
  std::optional<Half> bits(unsigned lane) const {
    if (!stochastic) return std::nullopt;
    return static_cast<Half>(random >> (16U * lane));
  }
};

struct Operands {
  Op op = Op::add;
  std::uint64_t a = 0, b = 0;
  bool wide = true;  // four lanes, or a pair of results
  bool pair = true;  // the first source is more than one register
  bool magnitudes = false;
  First first = First::plain;
};

class Unit {
 public:
  Unit()
      : context_(std::make_unique<VerilatedContext>()),
        top_(std::make_unique<Vipu_half_unit>(context_.get())) {}
  ~Unit() { top_->final(); }

  Outcome operator()(const Operands& o, const Control& c) {
    give(o, c);
    return result(c);
  }
  void give(const Operands& o, const Control& c) {
    top_->valid_i = 1;
    top_->op_i = static_cast<unsigned>(o.op) & 31U;
    top_->first_i = static_cast<unsigned>(o.first) & 3U;
    top_->magnitudes_i = o.magnitudes;
    top_->wide_i = o.wide;
    top_->pair_i = o.pair;
    top_->a_i = o.a;
    top_->b_i = o.b;
    top_->rnd_i = c.rounding & 7U;
    top_->clk_i = 0;
    top_->eval();
    top_->clk_i = 1;
    top_->eval();
  }
  // Another instruction follows, not for this unit.
  void pass(std::uint64_t a, std::uint64_t b) {
    top_->valid_i = 0;
    top_->a_i = a;
    top_->b_i = b;
    top_->eval();
  }
  Outcome result(const Control& c) {
    top_->rnd_q_i = c.rounding & 7U;
    top_->nanoo_i = c.nanoo;
    top_->stochastic_i = c.stochastic;
    top_->random_i = c.random;
    top_->eval();
    return {top_->result_o, top_->flags_o};
  }

 private:
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Vipu_half_unit> top_;
};

Half part(std::uint64_t v, unsigned lane) { return static_cast<Half>(v >> (16U * lane)); }

Result<F16> of(const Comparison& c) { return {c.holds ? Half{0xFFFF} : Half{0}, c.flags}; }

// One lane of operations from two f16 to one.
Result<F16> lane_model(Op op, Half x, Half y, const Control& c, unsigned lane) {
  constexpr auto keep = Denormals::keep;
  switch (op) {
    case Op::add:
      return add_half(x, y, c.rules(), c.bits(lane));
    case Op::sub:
      return subtract_half(x, y, c.rules(), c.bits(lane));
    case Op::mul:
      return multiply_half(x, y, c.rules(), c.bits(lane));
    case Op::cmpeq:
      return of(compare<F16>(x, y, Relation::equal, keep));
    case Op::cmpne:
      return of(compare<F16>(x, y, Relation::not_equal, keep));
    case Op::cmplt:
      return of(compare<F16>(x, y, Relation::less, keep));
    case Op::cmple:
      return of(compare<F16>(x, y, Relation::less_equal, keep));
    case Op::cmpgt:
      return of(compare<F16>(x, y, Relation::greater, keep));
    case Op::cmpge:
      return of(compare<F16>(x, y, Relation::greater_equal, keep));
    case Op::min:
      return select<F16>(x, y, Extreme::minimum, keep);
    default:
      return select<F16>(x, y, Extreme::maximum, keep);
  }
}

// Four lanes; `lanes` of them count.
Outcome model(const Operands& o, const Control& c, unsigned lanes = 4) {
  Outcome outcome{0, 0};
  for (unsigned i = 0; i < lanes; ++i) {
    Half x = part(o.a, o.first == First::plain ? i : o.first == First::lower ? 0 : 1);
    Half y = part(o.b, i);
    if (o.magnitudes) {
      x = magnitude<F16>(x);
      y = magnitude<F16>(y);
    }
    Result<F16> r{};
    if (o.op == Op::clamp) {
      const auto raised = select<F16>(x, part(o.b, 0), Extreme::maximum, Denormals::keep);
      r = select<F16>(raised.bits, part(o.b, 1), Extreme::minimum, Denormals::keep);
      r.flags |= raised.flags;
    } else {
      r = lane_model(o.op, x, y, c, i);
    }
    outcome.bits |= static_cast<std::uint64_t>(r.bits) << (16U * i);
    outcome.flags |= r.flags;
  }
  return outcome;
}

std::uint64_t packed(const Quad& q) {
  std::uint64_t v = 0;
  for (unsigned i = 0; i < 4; ++i) v |= static_cast<std::uint64_t>(q[i]) << (16U * i);
  return v;
}

// Zeros, ends and neighbours of the denormal and normal ranges, one, infinities, NaNs, every power of two.
std::vector<Half> specials() {
  std::vector<Half> values;
  for (const U bits :
       {0x0000U, 0x0001U, 0x0002U, 0x0003U, 0x01FFU, 0x0200U, 0x03FEU, 0x03FFU, 0x0401U, 0x3BFFU,
        0x3C01U, 0x7BFEU, 0x7BFFU, 0x7C00U, 0x7C01U, 0x7DFFU, 0x7E00U, 0x7FFFU, 0x3555U, 0x2AAAU})
    values.push_back(static_cast<Half>(bits));
  for (U e = 1; e < 31; ++e) values.push_back(static_cast<Half>(e << 10U));
  const std::size_t positive = values.size();
  for (std::size_t i = 0; i < positive; ++i) values.push_back(values[i] | F16::sign_mask);
  return values;
}

constexpr std::array<Op, 12> binary{Op::add,   Op::sub,   Op::mul,   Op::cmpeq, Op::cmpne, Op::cmplt,
                                    Op::cmple, Op::cmpgt, Op::cmpge, Op::max,   Op::min,   Op::clamp};

void check(Unit& unit, const Operands& o, const Control& c) {
  ASSERT_EQ(unit(o, c), model(o, c)) << "op " << static_cast<int>(o.op) << std::hex << " a " << o.a << " b "
                                     << o.b << " mode " << c.rounding << (c.nanoo ? " nanoo" : "")
                                     << (c.stochastic ? " random " : "") << c.random
                                     << (o.magnitudes ? " magnitudes" : "");
}

// Every code of FP_CTL.RND, with and without NANOO, then stochastically.
void check_all_modes(Unit& unit, const Operands& o, std::mt19937_64& random) {
  for (unsigned code = 0; code < 8; ++code) check(unit, o, {code, (code & 1U) != 0, false, random()});
  for (unsigned code = 0; code < 5; ++code) check(unit, o, {code, (code & 1U) == 0, false, random()});
  for (const std::uint64_t word : {std::uint64_t{0}, ~std::uint64_t{0}, random(), random()})
    check(unit, o, {static_cast<unsigned>(word & 3U), (word & 4U) != 0, true, word});
}

TEST(HalfUnit, AllPairsOfSpecials) {
  Unit unit;
  std::mt19937_64 random(1);
  const std::vector<Half> values = specials();
  const std::size_t n = values.size();
  for (const Op op : binary)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; j += 4) {
        Quad y;
        for (unsigned k = 0; k < 4; ++k) y[k] = values[(j + k) % n];
        const Half x = values[i];
        check_all_modes(unit, {.op = op, .a = packed({x, x, x, x}), .b = packed(y)}, random);
        if (HasFatalFailure()) return;
      }
}

TEST(HalfUnit, MagnitudesOfSpecials) {
  Unit unit;
  std::mt19937_64 random(2);
  const std::vector<Half> values = specials();
  for (const Op op : {Op::add, Op::max})
    for (const Half x : values)
      for (const Half y : values) {
        check_all_modes(unit,
                        {.op = op, .a = packed({x, y, x, y}), .b = packed({y, x, x, y}), .magnitudes = true},
                        random);
        if (HasFatalFailure()) return;
      }
}

// Four pairs each time: 1.2 million pairs of each operation. Half of them have exponents near each other.
TEST(HalfUnit, RandomPairs) {
  Unit unit;
  std::mt19937_64 random(3);
  for (const Op op : binary)
    for (int i = 0; i < 300'000; ++i) {
      Operands o{.op = op, .a = random(), .b = random()};
      if (i % 2 == 0) o.b ^= (o.a ^ o.b) & 0x7000700070007000U;
      const std::uint64_t word = random();
      check(unit, o, {static_cast<unsigned>(i) % 8U, (word & 1U) != 0, i % 3 == 0, word});
      if (HasFatalFailure()) return;
    }
}

// Every f16 against the bounds, which NaNs, zeros and infinities are among.
TEST(HalfUnit, ClampOfEveryOperand) {
  Unit unit;
  const std::vector<Half> values = specials();
  for (U x = 0; x < 0x10000; x += 4)
    for (U k = 0; k < 5; ++k) {
      const Half low = values[(x / 4 + 7 * k) % values.size()];
      const Half high = values[(x / 4 * 13 + 29 * k) % values.size()];
      const Quad q{static_cast<Half>(x), static_cast<Half>(x + 1), static_cast<Half>(x + 2),
                   static_cast<Half>(x + 3)};
      check(unit, {.op = Op::clamp, .a = packed(q), .b = packed({low, high, 0x7C01, 0x7E00})}, {});
      if (HasFatalFailure()) return;
    }
}

TEST(HalfUnit, WidensEveryOperand) {
  Unit unit;
  for (U x = 0; x < 0x10000; ++x) {
    const Half other = static_cast<Half>(x * 40503U + 12345U);
    const std::uint64_t a = packed({static_cast<Half>(x), other, 0x7E00, 0x7E00});
    const auto low = widen(static_cast<Half>(x));
    const auto high = widen(other);
    const Outcome two{low.bits | static_cast<std::uint64_t>(high.bits) << 32U,
                      static_cast<unsigned>(low.flags | high.flags)};
    ASSERT_EQ(unit({.op = Op::widen, .a = a, .wide = true, .pair = false}, {}), two) << std::hex << x;
    // Of one the upper half of the register does not count.
    const Outcome one = unit({.op = Op::widen, .a = a, .wide = false, .pair = false}, {});
    ASSERT_EQ(static_cast<U>(one.bits), low.bits) << std::hex << x;
    ASSERT_EQ(one.flags, low.flags) << std::hex << x;
  }
}

Outcome narrowed(const std::array<U, 4>& singles, const Control& c, unsigned lanes) {
  Outcome outcome{0, 0};
  for (unsigned i = 0; i < lanes; ++i) {
    const auto r = narrow(singles[i], c.rules(), c.bits(i));
    outcome.bits |= static_cast<std::uint64_t>(r.bits) << (16U * i);
    outcome.flags |= r.flags;
  }
  return outcome;
}

// Forms of one, two and four f32; unused registers hold NaNs.
void check_narrow(Unit& unit, const std::array<U, 4>& singles, const Control& c) {
  const auto words = [](U low, U high) { return low | static_cast<std::uint64_t>(high) << 32U; };
  const std::uint64_t a = words(singles[0], singles[1]);
  const std::uint64_t nans = words(0x7FC00000, 0x7F800001);
  const auto four = unit({.op = Op::narrow, .a = a, .b = words(singles[2], singles[3])}, c);
  ASSERT_EQ(four, narrowed(singles, c, 4)) << std::hex << a << " mode " << c.rounding << " " << c.random;
  ASSERT_EQ(unit({.op = Op::narrow, .a = a, .b = nans, .wide = false}, c), narrowed(singles, c, 2))
      << std::hex << a;
  Outcome one = narrowed(singles, c, 1);
  one.bits |= one.bits << 16U;  // in both halves
  ASSERT_EQ(unit({.op = Op::narrow, .a = singles[0], .b = nans, .wide = false, .pair = false}, c), one)
      << std::hex << singles[0];
}

TEST(HalfUnit, NarrowsBordersOfF16) {
  Unit unit;
  std::mt19937_64 random(4);
  // Every f16 as f32, the points half way to the next, and their neighbours.
  for (U x = 0; x < 0x10000; ++x) {
    const U at = widen(static_cast<Half>(x)).bits;
    const bool denormal = (x & 0x7C00U) == 0;
    const U half_step =
        denormal && (x & 0x3FFU) != 0
            ? 1U << (12U + static_cast<U>(std::countl_zero(static_cast<Half>((x & 0x3FFU) << 6U)) + 1))
            : 0x1000U;
    for (const U base : {at, at + half_step})
      for (const unsigned code : {0U, 1U, 2U, 3U, 4U}) {
        check_narrow(unit, {base, base + 1, base - 1, base ^ 0x80000000U},
                     {code, (x & 1U) != 0, false, random()});
        if (HasFatalFailure()) return;
      }
    check_narrow(unit, {at, at + half_step, at + 1, at - 1}, {0, (x & 1U) != 0, true, random()});
    if (HasFatalFailure()) return;
  }
}

TEST(HalfUnit, NarrowsRandomF32) {
  Unit unit;
  std::mt19937_64 random(5);
  for (int i = 0; i < 300'000; ++i) {
    std::array<U, 4> singles{};
    for (U& s : singles) {
      s = static_cast<U>(random());
      // Mostly near the range of f16, denormals and what rounds to zero included.
      if (random() % 8 != 0) s = (s & 0x807FFFFFU) | (static_cast<U>(96 + random() % 52) << 23U);
    }
    const std::uint64_t word = random();
    check_narrow(unit, singles, {static_cast<unsigned>(i) % 8U, (word & 1U) != 0, i % 2 == 0, word});
    if (HasFatalFailure()) return;
  }
}

// Whatever FP_CTL says. The host rounds a double to the nearest f16 once.
TEST(HalfUnit, FractionsOfEveryInteger) {
  Unit unit;
  const auto expected = [](unsigned u) {
    const double value = (2.0 * (u & 0xFFFFU) - 65535.0) / 131072.0;
    return std::uint64_t{std::bit_cast<Half>(static_cast<_Float16>(value))};
  };
  for (unsigned u = 0; u < 0x10000; ++u) {
    const std::array<unsigned, 4> lanes{u, ~u, u + 0x4000, u ^ 0x55};
    Operands o{.op = Op::fraction, .b = 0x7C007C007C007C00};
    Outcome four{0, 0};
    for (unsigned i = 0; i < 4; ++i) {
      o.a |= std::uint64_t{lanes[i] & 0xFFFFU} << (16 * i);
      four.bits |= expected(lanes[i]) << (16 * i);
    }
    const Control c{u % 8, u % 3 == 0, u % 2 == 0, 0xFFFFFFFFFFFFFFFF};
    ASSERT_EQ(unit(o, c), four) << std::hex << u;
    o.wide = false;
    o.pair = false;
    ASSERT_EQ(unit(o, c).bits & 0xFFFFFFFFU, four.bits & 0xFFFFFFFFU) << std::hex << u;
  }
}

TEST(HalfUnit, LargestOfNeighbours) {
  Unit unit;
  std::mt19937_64 random(6);
  const std::vector<Half> values = specials();
  for (const Half x : values)
    for (const Half y : values) {
      const auto other = values[random() % values.size()];
      const auto first = select<F16>(x, y, Extreme::maximum, Denormals::keep);
      const auto second = select<F16>(y, other, Extreme::maximum, Denormals::keep);
      const Outcome four{first.bits | static_cast<std::uint64_t>(second.bits) << 16U,
                         static_cast<unsigned>(first.flags | second.flags)};
      ASSERT_EQ(unit({.op = Op::maxc, .a = packed({x, y, y, other}), .b = random(), .wide = false}, {}),
                four);
      const Outcome two{first.bits | static_cast<std::uint64_t>(first.bits) << 16U, first.flags};
      ASSERT_EQ(
          unit({.op = Op::maxc, .a = packed({x, y, 0, 0}), .b = random(), .wide = false, .pair = false}, {}),
          two);
    }
}

// Broadcast sources; of two lanes the others raise nothing, whatever stands there.
TEST(HalfUnit, FormsAndLanes) {
  Unit unit;
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i)
    for (const Op op : binary) {
      if (op == Op::clamp) continue;
      const First first = static_cast<First>(i % 3);
      const Control c{static_cast<unsigned>(i) % 5U, (i & 8) != 0, (i & 16) != 0, random()};
      const Operands four{
          .op = op, .a = random(), .b = random(), .pair = first == First::plain, .first = first};
      ASSERT_EQ(unit(four, c), model(four, c));
      const Operands two{.op = op,
                         .a = random() & 0xFFFFFFFFU,
                         .b = (random() & 0xFFFFFFFFU) | 0x7E007C01ULL << 32U,
                         .wide = false,
                         .pair = false,
                         .first = first};
      const Outcome got = unit(two, c);
      const Outcome expected = model(two, c, 2);
      ASSERT_EQ(static_cast<U>(got.bits), static_cast<U>(expected.bits));
      ASSERT_EQ(got.flags, expected.flags);
    }
}

TEST(HalfUnit, OtherInstructionsDoNotDisturbIt) {
  Unit unit;
  std::mt19937_64 random(8);
  for (std::size_t i = 0; i < 2000; ++i) {
    const Operands o{.op = binary[i % binary.size()], .a = random(), .b = random()};
    unit.give(o, {});
    unit.pass(random(), random());
    ASSERT_EQ(unit.result({}), model(o, {}));
  }
}

}  // namespace
}  // namespace ipusim::arith
