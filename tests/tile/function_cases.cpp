// SPDX-License-Identifier: Apache-2.0
// Division, roots and transcendental functions on the fast tile: operands, lanes, flags, modes, exceptions,
// random steps, turns. The arithmetic is checked in tests/arith; expected values here are worked out by hand
// or come from the host's mathematical functions, where a double rounds to the same f32 as the exact value.
#include <array>
#include <bit>
#include <cmath>
#include <functional>

#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

using U = std::uint32_t;
using Half = std::uint16_t;

U single(double v) { return std::bit_cast<U>(static_cast<float>(v)); }
Half half(double value) { return std::bit_cast<Half>(static_cast<_Float16>(value)); }
double value(Half bits) { return static_cast<double>(std::bit_cast<_Float16>(bits)); }
U halves(double low, double high) { return half(low) | static_cast<U>(half(high)) << 16U; }
unsigned upper(std::string_view name) { return isa::find_csr(isa::Mode::worker, name)->index & 0xFFU; }

constexpr U invalid = 1, divide_by_zero = 2, overflow = 4;
constexpr U to_zero = 3U << 16U, upwards = 1U << 16U, stochastic = 1U << 19U, nanoo = 1U << 20U;

// One instruction on a worker with $a2 = x, $a3 = y, result in $a0, which held `before`.
class Case {
 public:
  static constexpr U before = 0x11111111;
  static constexpr U seed = 0xDEADBEEF;

  Case(const TileKind& kind, Opcode opcode, U x, U y = 0, U control = 0, bool observed = true)
      : bench_(kind, observed) {
    const std::array<U, 5> words{x, y, control, before, seed};
    for (U i = 0; i < words.size(); ++i) bench_.store_word(data + 4 * i, words[i]);
    Program p(worker_code);
    p.add(Opcode::ld32_mman_zi, {13, 15, 4, 4});
    p.add(Opcode::uput_aaan_zi, {4, upper("PRNG_SEED")});
    p.add(Opcode::ld32_mman_zi, {13, 15, 2, 4});
    p.add(Opcode::uput_aaan_zi, {4, upper("FP_CTL")});
    p.add(Opcode::ld32_mman_zi, {13, 15, 0, 2});
    p.add(Opcode::ld32_mman_zi, {13, 15, 1, 3});
    p.add(Opcode::ld32_mman_zi, {13, 15, 3, 0});
    at_ = worker_code + 4 * 7;
    switch (isa::instruction(opcode).operands.size()) {
      case 1:
        p.add(opcode, {0});
        break;
      case 2:
        p.add(opcode, {0, 2});
        break;
      default:
        p.add(opcode, {0, 2, 3});
        break;
    }
    p.add(Opcode::exitz_mmmn, {15});
    report_ = bench_.run_worker(p);
  }
  U result() const { return bench_.a(0, 0); }
  U flags() const { return csr("FP_STS"); }
  U csr(std::string_view name) const { return bench_.csr(Context::worker(0), name); }
  const StopReport& report() const { return report_; }
  // From its issue to the next instruction's.
  std::uint64_t cycles() const { return bench_.cycles_at(at_ + 4)[0] - bench_.cycles_at(at_)[0]; }

 private:
  Bench bench_;
  ByteAddr at_{0};
  StopReport report_;
};

TEST_P(FunctionCases, DivisionAndRoots) {
  const auto of = [&](Opcode opcode, U x, U y = 0) { return Case(GetParam(), opcode, x, y).result(); };
  EXPECT_EQ(of(Opcode::f32div_aaan, single(-7), single(3)), single(-7.0 / 3));
  EXPECT_EQ(of(Opcode::f32div_aaan, single(3), single(-7)), single(-3.0 / 7));
  EXPECT_EQ(of(Opcode::f32sqrt_aaan, single(2)), single(std::sqrt(2.0)));
  EXPECT_EQ(of(Opcode::f32oox_aaan, single(3)), single(1.0 / 3));
  EXPECT_EQ(of(Opcode::f32oorx_aaan, single(0.0625)), single(4));
  EXPECT_EQ(of(Opcode::f32oorx_aaan, single(3)), single(1 / std::sqrt(3.0)));
}

struct Pair {
  Opcode one;
  Opcode two;
  double (*f)(double);
};
const Pair pairs[] = {
    {Opcode::f32exp_aaan, Opcode::f16v2exp_aaan, [](double x) { return std::exp(x); }},
    {Opcode::f32exp2_aaan, Opcode::f16v2exp2_aaan, [](double x) { return std::exp2(x); }},
    {Opcode::f32ln_aaan, Opcode::f16v2ln_aaan, [](double x) { return std::log(x); }},
    {Opcode::f32log2_aaan, Opcode::f16v2log2_aaan, [](double x) { return std::log2(x); }},
    {Opcode::f32tanh_aaan, Opcode::f16v2tanh_aaan, [](double x) { return std::tanh(x); }},
    {Opcode::f32sigm_aaan, Opcode::f16v2sigm_aaan, [](double x) { return 1 / (1 + std::exp(-x)); }}};

TEST_P(FunctionCases, OfOneF32AndOfTwoF16) {
  for (const bool observed : {true, false})
    for (const Pair& pair : pairs) {
      const Case one(GetParam(), pair.one, single(1.625), 0, 0, observed);
      EXPECT_EQ(one.result(), single(pair.f(1.625))) << isa::instruction(pair.one).id;
      EXPECT_EQ(one.flags(), 0U);
      const Case two(GetParam(), pair.two, halves(0.375, 5), 0, 0, observed);
      EXPECT_EQ(two.result(), halves(pair.f(0.375), pair.f(5))) << isa::instruction(pair.two).id;
      EXPECT_EQ(two.flags(), 0U);
    }
}

TEST_P(FunctionCases, SpecialsAndFlags) {
  constexpr U infinity = 0x7F800000, nan = 0x7FC00000, minus = 0x80000000;
  struct Row {
    Opcode opcode;
    U x, result, flags;
  };
  for (const Row& row : {Row{Opcode::f32exp_aaan, infinity | minus, 0, 0},
                         Row{Opcode::f32exp_aaan, single(100), infinity, overflow},
                         Row{Opcode::f32exp2_aaan, single(-126), 0x00800000, 0},
                         Row{Opcode::f32exp2_aaan, single(-127), 0, 0},
                         Row{Opcode::f32ln_aaan, minus, infinity | minus, divide_by_zero},
                         Row{Opcode::f32ln_aaan, single(1), 0, 0},
                         Row{Opcode::f32log2_aaan, single(-2), nan, invalid},
                         Row{Opcode::f32tanh_aaan, infinity | minus, single(-1), 0},
                         Row{Opcode::f32sigm_aaan, infinity | minus, 0, 0},
                         Row{Opcode::f32sigm_aaan, minus, single(0.5), 0},
                         Row{Opcode::f32tanh_aaan, 0x7F800001, nan, invalid},
                         Row{Opcode::f32sqrt_aaan, minus, minus, 0},
                         Row{Opcode::f32sqrt_aaan, single(-1), nan, invalid},
                         Row{Opcode::f32oox_aaan, minus, infinity | minus, divide_by_zero},
                         Row{Opcode::f32oorx_aaan, 0x00000001, infinity, divide_by_zero},
                         Row{Opcode::f16v2ln_aaan, halves(0, 1), 0x0000FBFF, divide_by_zero | overflow},
                         Row{Opcode::f16v2exp_aaan, halves(1, 12), 0x7BFF0000U | half(std::exp(1)), overflow},
                         Row{Opcode::f16v2log2_aaan, halves(-1, 8), 0x42007E00, invalid},
                         Row{Opcode::f16v2tanh_aaan, 0xFC007C00, 0xBC003C00, 0},
                         Row{Opcode::f16v2exp2_aaan, halves(-24, 15), 0x78000001, 0}}) {
    const Case run(GetParam(), row.opcode, row.x);
    EXPECT_EQ(run.result(), row.result) << isa::instruction(row.opcode).id << std::hex << " " << row.x;
    EXPECT_EQ(run.flags(), row.flags) << isa::instruction(row.opcode).id << std::hex << " " << row.x;
  }
  const Case nan_for_large(GetParam(), Opcode::f16v2exp_aaan, halves(12, 0), 0, nanoo);
  EXPECT_EQ(nan_for_large.result(), 0x3C007E00U);
  EXPECT_EQ(nan_for_large.flags(), invalid | overflow);
}

TEST_P(FunctionCases, RoundingModeOfFpCtl) {
  // 2^(1/2) = 1.6a09e667f.. in hexadecimal; in binary 1.0110101000|0010.
  const auto of = [&](Opcode opcode, U x, U control) {
    return Case(GetParam(), opcode, x, x, control).result();
  };
  EXPECT_EQ(of(Opcode::f32oox_aaan, single(3), to_zero), single(1.0 / 3) - 1);
  EXPECT_EQ(of(Opcode::f32exp2_aaan, single(0.5), upwards), std::bit_cast<U>(0x1.6a09e8p+0F));
  EXPECT_EQ(of(Opcode::f32exp2_aaan, single(0.5), to_zero), std::bit_cast<U>(0x1.6a09e6p+0F));
  EXPECT_EQ(of(Opcode::f16v2exp2_aaan, halves(0.5, 0.5), to_zero), 0x3DA83DA8U);
  EXPECT_EQ(of(Opcode::f16v2exp2_aaan, halves(0.5, 0.5), upwards), 0x3DA93DA9U);
}

TEST_P(FunctionCases, EnabledFlagsRaiseTheException) {
  struct Row {
    Opcode opcode;
    U x, enabled;
  };
  for (const Row& row :
       {Row{Opcode::f32sqrt_aaan, single(-1), invalid}, Row{Opcode::f32oox_aaan, 0, divide_by_zero},
        Row{Opcode::f32exp_aaan, single(1000), overflow},
        Row{Opcode::f16v2log2_aaan, halves(1, 0), divide_by_zero}}) {
    const Case run(GetParam(), row.opcode, row.x, 0, row.enabled);
    EXPECT_EQ(run.report().exception.type, ExceptionType::floating_point);
    EXPECT_EQ(run.result(), Case::before);
    EXPECT_EQ(run.flags() & row.enabled, row.enabled);
    EXPECT_EQ(Case(GetParam(), row.opcode, row.x, 0, row.enabled ^ 7U).report().reason,
              isa::instruction(row.opcode).id.starts_with("f16") ? StopReason::exception : StopReason::sync);
  }
  EXPECT_EQ(Case(GetParam(), Opcode::f32div_aaan, single(1), 0, divide_by_zero).report().exception.type,
            ExceptionType::floating_point);
}

// xoroshiro128aox as published (arXiv 2203.04058), seeded as PRNG_SEED does.
struct Generator {
  std::uint64_t s0, s1;
  static std::uint64_t words(U low, U high) { return low | static_cast<std::uint64_t>(high) << 32U; }
  explicit Generator(U seed)
      : s0(words(seed, ~seed)), s1(words(seed << 13U | ~seed >> 19U, ~seed << 13U | seed >> 19U)) {}
  std::uint64_t next() {
    const std::uint64_t sx = s0 ^ s1;
    const std::uint64_t sa = s0 & s1;
    s0 = std::rotl(s0, 55) ^ sx ^ (sx << 14U);
    s1 = std::rotl(sx, 36);
    return sx ^ (std::rotl(sa, 1) | std::rotl(sa, 2));
  }
  friend bool operator==(const Generator&, const Generator&) = default;
};

// One step of the generator per f16 instruction with ESR, exact or not; none of an f32 instruction's.
TEST_P(FunctionCases, StochasticRoundingTakesOneStep) {
  const auto state = [](const Case& c) {
    Generator g(0);
    g.s0 = Generator::words(c.csr("PRNG_0_0"), c.csr("PRNG_0_1"));
    g.s1 = Generator::words(c.csr("PRNG_1_0"), c.csr("PRNG_1_1"));
    return g;
  };
  const Generator before(Case::seed);
  Generator after = before;
  const std::uint64_t word = after.next();
  EXPECT_EQ(state(Case(GetParam(), Opcode::f32exp2_aaan, single(0.5), 0, stochastic)), before);
  EXPECT_EQ(state(Case(GetParam(), Opcode::f16v2exp2_aaan, halves(0.5, 0.5))), before);
  EXPECT_EQ(state(Case(GetParam(), Opcode::f16v2ln_aaan, halves(0, 0), 0, stochastic | divide_by_zero)),
            before)
      << "an exception leaves the generator alone";
  const Case exact(GetParam(), Opcode::f16v2exp2_aaan, halves(1, 1), 0, stochastic);
  EXPECT_EQ(state(exact), after);
  EXPECT_EQ(exact.result(), 0x40004000U);
  for (const Pair& pair : pairs) {
    const Case run(GetParam(), pair.two, halves(0.375, 5), 0, stochastic);
    EXPECT_EQ(state(run), after);
    for (const unsigned lane : {0U, 1U}) {  // element i takes bits 16i to 16i + 15
      const double y = pair.f(lane == 0 ? 0.375 : 5);
      const int place = std::ilogb(y) - 10;
      const double units = std::floor(std::ldexp(std::abs(y), 16 - place)) +
                           static_cast<double>((word >> (16 * lane)) & 0xFFFFU);
      const double expected = std::copysign(std::ldexp(std::floor(units / 65536), place), y);
      EXPECT_EQ(value(static_cast<Half>(run.result() >> (16 * lane))), expected)
          << isa::instruction(pair.two).id;
    }
  }
}

// docs/timing.md, 1: the slot's turns of an instruction that takes more than one are skipped.
TEST_P(FunctionCases, TurnsAreThoseOfTheInstructionSet) {
  for (const auto& [opcode, turns] :
       {std::pair{Opcode::f32div_aaan, 3U}, std::pair{Opcode::f32ln_aaan, 6U},
        std::pair{Opcode::f32oox_aaan, 3U}, std::pair{Opcode::f16v2exp_aaan, 2U},
        std::pair{Opcode::f16v2tanh_aaan, 1U}})
    EXPECT_EQ(Case(GetParam(), opcode, single(1.5), single(2)).cycles(), 6 * turns)
        << isa::instruction(opcode).id;
}

}  // namespace
}  // namespace ipusim::tile::test
