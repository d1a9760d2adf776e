// SPDX-License-Identifier: Apache-2.0
// The RTL's f32 unit for sums, products, compares and extremes against systemc/arith: results and flags.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <random>
#include <vector>

#include "Vipu_single_unit.h"
#include "ipusim/arith/selection.hpp"
#include "verilated.h"

namespace ipusim::arith {
namespace {

using U = std::uint32_t;

// In the order of ipu_float_pkg::single_op_e.
enum class Op : std::uint8_t { add, sub, mul, cmpeq, cmpne, cmplt, cmple, cmpgt, cmpge, max, min, clamp };
constexpr unsigned operations = 12;

struct Outcome {
  U bits;
  unsigned flags;
  friend bool operator==(const Outcome&, const Outcome&) = default;
  friend void PrintTo(const Outcome& o, std::ostream* os) {
    *os << std::hex << o.bits << " flags " << o.flags;
  }
};

Outcome of(const Result<F32>& r) { return {r.bits, r.flags}; }
Outcome of(const Comparison& c) { return {c.holds ? 0xFFFFFFFFU : 0U, c.flags}; }

// `z` only counts as the upper bound of a clamp.
Outcome model(Op op, U x, U y, U z, unsigned code) {
  constexpr auto flush = Denormals::flush;
  const Environment env{rounding_from_code(code), flush};
  switch (op) {
    case Op::add:
      return of(add<F32>(x, y, env));
    case Op::sub:
      return of(subtract<F32>(x, y, env));
    case Op::mul:
      return of(multiply<F32>(x, y, env));
    case Op::cmpeq:
      return of(compare<F32>(x, y, Relation::equal, flush));
    case Op::cmpne:
      return of(compare<F32>(x, y, Relation::not_equal, flush));
    case Op::cmplt:
      return of(compare<F32>(x, y, Relation::less, flush));
    case Op::cmple:
      return of(compare<F32>(x, y, Relation::less_equal, flush));
    case Op::cmpgt:
      return of(compare<F32>(x, y, Relation::greater, flush));
    case Op::cmpge:
      return of(compare<F32>(x, y, Relation::greater_equal, flush));
    case Op::max:
      return of(select<F32>(x, y, Extreme::maximum, flush));
    case Op::min:
      return of(select<F32>(x, y, Extreme::minimum, flush));
    case Op::clamp:
      break;
  }
  const auto raised = select<F32>(x, y, Extreme::maximum, flush);
  auto r = select<F32>(raised.bits, z, Extreme::minimum, flush);
  r.flags |= raised.flags;
  return of(r);
}

class Unit {
 public:
  Unit()
      : context_(std::make_unique<VerilatedContext>()),
        top_(std::make_unique<Vipu_single_unit>(context_.get())) {}
  ~Unit() { top_->final(); }

  void give(Op op, bool magnitudes, bool wide, std::uint64_t a, std::uint64_t b, unsigned code) {
    top_->valid_i = 1;
    top_->op_i = static_cast<unsigned>(op) & 15U;
    top_->magnitudes_i = magnitudes;
    top_->wide_i = wide;
    top_->a_i = a;
    top_->b_i = b;
    top_->rnd_i = code & 7U;
    top_->clk_i = 0;
    top_->eval();
    top_->clk_i = 1;
    top_->eval();
  }
  void pass(std::uint64_t a, std::uint64_t b) {
    top_->valid_i = 0;
    top_->a_i = a;
    top_->b_i = b;
    top_->eval();
  }
  Outcome lane(unsigned i, unsigned code) {
    top_->rnd_q_i = code & 7U;
    top_->eval();
    return {static_cast<U>(top_->result_o >> (32U * i)), top_->flags_o};
  }

 private:
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Vipu_single_unit> top_;
};

std::uint64_t words(U low, U high) { return low | static_cast<std::uint64_t>(high) << 32U; }

// One lane beside a NaN that does not count, then both lanes.
void check(Unit& unit, Op op, bool magnitudes, std::array<U, 2> x, std::array<U, 2> y, unsigned code) {
  const auto sign_free = [&](U v) { return magnitudes ? magnitude<F32>(v) : v; };
  std::array<Outcome, 2> expected{};
  for (unsigned i = 0; i < 2; ++i)
    expected[i] = model(op, sign_free(x[i]), sign_free(op == Op::clamp ? y[0] : y[i]), y[1], code);
  const std::uint64_t b = op == Op::clamp ? words(y[0], y[1]) : words(y[0], 0x7F800001);
  unit.give(op, magnitudes, false, words(x[0], 0x7FC00000), b, code);
  ASSERT_EQ(unit.lane(0, code), expected[0])
      << "op " << static_cast<int>(op) << std::hex << " " << x[0] << " " << y[0] << " " << y[1] << " mode "
      << code << (magnitudes ? " magnitudes" : "");
  unit.give(op, magnitudes, true, words(x[0], x[1]), words(y[0], y[1]), code);
  const unsigned flags = expected[0].flags | expected[1].flags;
  ASSERT_EQ(unit.lane(0, code), (Outcome{expected[0].bits, flags}));
  ASSERT_EQ(unit.lane(1, code), (Outcome{expected[1].bits, flags}))
      << "op " << static_cast<int>(op) << std::hex << " " << x[1] << " " << y[1] << " mode " << code;
}

std::vector<U> specials() {
  std::vector<U> values{0x00000000, 0x00000001, 0x007FFFFF, 0x00800000, 0x00800001, 0x00FFFFFF, 0x33800000,
                        0x3F7FFFFF, 0x3F800000, 0x3F800001, 0x4B7FFFFF, 0x7EFFFFFF, 0x7F000000, 0x7F7FFFFE,
                        0x7F7FFFFF, 0x7F800000, 0x7F800001, 0x7FBFFFFF, 0x7FC00000, 0x7FFFFFFF};
  const std::size_t positive = values.size();
  for (std::size_t i = 0; i < positive; ++i) values.push_back(values[i] | 0x80000000U);
  return values;
}

TEST(SingleUnit, AllPairsOfSpecials) {
  Unit unit;
  const std::vector<U> values = specials();
  for (unsigned op = 0; op < operations; ++op)
    for (const U x : values)
      for (const U y : values)
        for (unsigned code = 0; code < 8; ++code) {
          const U other = values[(x ^ y) % values.size()];
          check(unit, static_cast<Op>(op), false, {x, other}, {y, x}, code);
          if (HasFatalFailure()) return;
        }
}

TEST(SingleUnit, MagnitudesOfSpecials) {
  Unit unit;
  const std::vector<U> values = specials();
  for (const Op op : {Op::add, Op::max})
    for (const U x : values)
      for (const U y : values)
        for (unsigned code = 0; code < 8; ++code) {
          check(unit, op, true, {x, y}, {y, y}, code);
          if (HasFatalFailure()) return;
        }
}

// Bounds in every order, NaNs among them.
TEST(SingleUnit, ClampOfSpecials) {
  Unit unit;
  const std::vector<U> values = specials();
  for (const U x : values)
    for (const U low : values)
      for (const U high : values) {
        check(unit, Op::clamp, false, {x, low}, {low, high}, 0);
        if (HasFatalFailure()) return;
      }
}

// Two pairs each time: a million pairs of each operation. Half of them have exponents near each other.
TEST(SingleUnit, RandomPairs) {
  Unit unit;
  std::mt19937 random(1);
  const auto word = [&] { return static_cast<U>(random()); };
  for (unsigned op = 0; op < operations; ++op)
    for (int i = 0; i < 500'000; ++i) {
      const std::array<U, 2> x{word(), word()};
      std::array<U, 2> y{word(), word()};
      if (i % 2 == 0)
        for (unsigned k = 0; k < 2; ++k) y[k] ^= (x[k] ^ y[k]) & 0x7E000000U;
      const auto code = static_cast<unsigned>(i) % 8U;
      check(unit, static_cast<Op>(op), false, x, y, code);
      if (HasFatalFailure()) return;
    }
}

TEST(SingleUnit, OtherInstructionsDoNotDisturbIt) {
  Unit unit;
  std::mt19937 random(2);
  for (unsigned i = 0; i < 2000; ++i) {
    const auto op = static_cast<Op>(i % operations);
    const auto x = static_cast<U>(random());
    const auto y = static_cast<U>(random());
    const auto z = static_cast<U>(random());
    unit.give(op, false, false, x, op == Op::clamp ? words(y, z) : y, 0);
    unit.pass(words(y, x), words(x, z));
    ASSERT_EQ(unit.lane(0, 0), model(op, x, y, z, 0));
  }
}

}  // namespace
}  // namespace ipusim::arith
