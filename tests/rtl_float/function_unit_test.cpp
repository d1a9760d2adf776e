// SPDX-License-Identifier: Apache-2.0
// The RTL's unit for division, roots and transcendental functions against systemc/arith: result and flags of
// every operation, mode and kind of rounding.
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "Vipu_function_unit.h"
#include "ipusim/arith/division.hpp"
#include "ipusim/arith/functions.hpp"
#include "verilated.h"

namespace ipusim::arith {
namespace {

using U = std::uint32_t;

// In the order of ipu_function_unit_pkg::function_e.
enum class Operation : std::uint8_t { exp, exp2, ln, log2, tanh, sigm, div, sqrt, oox, oorx };
constexpr const char* names[] = {"exp", "exp2", "ln", "log2", "tanh", "sigm", "div", "sqrt", "oox", "oorx"};
constexpr std::size_t functions = 6;
std::vector<Operation> all(std::size_t count) {
  std::vector<Operation> list;
  for (std::size_t i = 0; i < count; ++i) list.push_back(static_cast<Operation>(i));
  return list;
}
std::string name_of(const ::testing::TestParamInfo<Operation>& info) {
  return names[static_cast<std::size_t>(info.param)];
}

struct Outcome {
  U bits;
  unsigned flags;
  friend bool operator==(const Outcome&, const Outcome&) = default;
  friend void PrintTo(const Outcome& o, std::ostream* os) {
    *os << std::hex << o.bits << " flags " << o.flags;
  }
};

class Unit {
 public:
  Unit()
      : context_(std::make_unique<VerilatedContext>()),
        top_(std::make_unique<Vipu_function_unit>(context_.get())) {}
  ~Unit() { top_->final(); }

  // First stage: the operands are taken.
  void give(Operation operation, bool half, U x, U y) {
    top_->valid_i = 1;
    top_->function_i = static_cast<unsigned>(operation) & 15U;
    top_->half_i = half;
    top_->x_i = x;
    top_->y_i = y;
    clock();
  }
  // Another instruction follows: nothing of the first may change.
  void pass(U x, U y) {
    top_->valid_i = 0;
    top_->x_i = x;
    top_->y_i = y;
    top_->eval();
  }
  Outcome result(unsigned rounding) { return result(rounding, false, false, 0); }
  Outcome result(unsigned rounding, bool nanoo, bool stochastic, U random) {
    top_->rnd_i = rounding & 7U;
    top_->nanoo_i = nanoo;
    top_->stochastic_i = stochastic;
    top_->random_i = random;
    top_->eval();
    return {top_->result_o, top_->flags_o};
  }

 private:
  void clock() {
    top_->clk_i = 0;
    top_->eval();
    top_->clk_i = 1;
    top_->eval();
  }
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Vipu_function_unit> top_;
};

Outcome of(const Result<F32>& r) { return {r.bits, r.flags}; }

Outcome model(Operation operation, U x, U y, Rounding rounding) {
  const Environment env{rounding, Denormals::flush};
  switch (operation) {
    case Operation::div:
      return of(divide(x, y, env));
    case Operation::sqrt:
      return of(square_root(x, env));
    case Operation::oox:
      return of(reciprocal(x, env));
    case Operation::oorx:
      return of(reciprocal_square_root(x, env));
    default:
      return of(evaluate(static_cast<Function>(operation), x, rounding));
  }
}

Outcome two_halves(Operation operation, U x, HalfRules rules, std::optional<U> random) {
  Outcome outcome{0, 0};
  for (unsigned i = 0; i < 2; ++i) {
    std::optional<std::uint16_t> bits;
    if (random) bits = static_cast<std::uint16_t>(*random >> (16 * i));
    const auto r = evaluate_half(static_cast<Function>(operation), static_cast<std::uint16_t>(x >> (16 * i)),
                                 rules, bits);
    outcome.bits |= static_cast<U>(r.bits) << (16 * i);
    outcome.flags |= r.flags;
  }
  return outcome;
}

void check(Unit& unit, Operation operation, U x, U y) {
  unit.give(operation, false, x, y);
  for (unsigned code = 0; code < 8; ++code)
    ASSERT_EQ(unit.result(code), model(operation, x, y, rounding_from_code(code)))
        << names[static_cast<std::size_t>(operation)] << std::hex << " " << x << " " << y << " mode " << code;
}

// Zeros, denormals, ends of the range, infinities, NaNs; every power of two and every border of a segment,
// with their neighbours.
std::vector<U> borders() {
  std::vector<U> values;
  const auto around = [&](U bits) {
    for (U i = 0; i < 5; ++i) {
      values.push_back((bits + i - 2) & 0x7FFFFFFFU);
      values.push_back((bits + i - 2) | 0x80000000U);
    }
  };
  for (U e = 0; e < 256; ++e) around(e << 23U);
  around(0x7FC00000);
  for (int i = 1; i <= 32 * 130; ++i) around(std::bit_cast<U>(static_cast<float>(i) / 32));
  for (const float v : {88.72283F, 87.33654F, 103.2789F, 9.010913F, 17.32868F, 149.0F})
    around(std::bit_cast<U>(v));
  return values;
}

class Singles : public ::testing::TestWithParam<Operation> {};
INSTANTIATE_TEST_SUITE_P(Every, Singles, ::testing::ValuesIn(all(10)), name_of);

TEST_P(Singles, Borders) {
  Unit unit;
  const std::vector<U> values = borders();
  for (std::size_t i = 0; i < values.size(); ++i) {
    check(unit, GetParam(), values[i], values[(i * 7919) % values.size()]);
    if (HasFatalFailure()) return;
  }
}

TEST_P(Singles, Random) {
  Unit unit;
  std::mt19937 random(41);
  for (int i = 0; i < 100'000; ++i) {
    auto x = static_cast<U>(random());
    auto y = static_cast<U>(random());
    if (i % 4 != 0) x = (x & 0x807FFFFFU) | ((127U - 24U + static_cast<U>(random()) % 32U) << 23U);
    if (i % 4 == 2) y = (y & 0x807FFFFFU) | (x & 0x7F800000U);
    check(unit, GetParam(), x, y);
    if (HasFatalFailure()) return;
  }
}

class Halves : public ::testing::TestWithParam<Operation> {};
INSTANTIATE_TEST_SUITE_P(Every, Halves, ::testing::ValuesIn(all(functions)), name_of);

// Every f16 in each lane, beside another.
TEST_P(Halves, EveryOperand) {
  Unit unit;
  std::mt19937 random(42);
  for (U i = 0; i < 0x10000; ++i) {
    const U x = i | ((i * 40503U + 12345U) << 16U);
    unit.give(GetParam(), true, x, static_cast<U>(random()));
    for (unsigned code = 0; code < 5; ++code)
      for (const bool nanoo : {false, true})
        ASSERT_EQ(unit.result(code, nanoo, false, static_cast<U>(random())),
                  two_halves(GetParam(), x, {rounding_from_code(code), nanoo}, std::nullopt))
            << std::hex << x << " mode " << code;
    for (int n = 0; n < 4; ++n) {
      const auto bits = static_cast<U>(random());
      const bool nanoo = n == 0;
      ASSERT_EQ(unit.result(n & 7, nanoo, true, bits),
                two_halves(GetParam(), x, {rounding_from_code(0), nanoo}, bits))
          << std::hex << x << " random " << bits;
    }
  }
}

// The first instruction's result stands, whatever comes behind it that is not for the unit.
TEST(FunctionUnit, OtherInstructionsDoNotDisturbIt) {
  Unit unit;
  std::mt19937 random(43);
  for (std::size_t i = 0; i < 1000; ++i) {
    const auto operation = static_cast<Operation>(i % 10);
    const auto x = static_cast<U>(random());
    const auto y = static_cast<U>(random());
    unit.give(operation, false, x, y);
    unit.pass(static_cast<U>(random()), static_cast<U>(random()));
    ASSERT_EQ(unit.result(0), model(operation, x, y, Rounding::nearest_even));
  }
}

}  // namespace
}  // namespace ipusim::arith
