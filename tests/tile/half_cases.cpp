// SPDX-License-Identifier: Apache-2.0
// f16 instructions, conversions, f32 extremes and random words: operands, lanes, broadcast
// forms, flags. The arithmetic is checked in tests/arith; expected values here come from the compiler's
// _Float16 and from the public definition of the generator.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <memory>

#include "cases.hpp"
#include "reference_generator.hpp"

namespace ipusim::tile::test {
namespace {

using U = std::uint32_t;
using Half = std::uint16_t;

Half half(float value) { return std::bit_cast<Half>(static_cast<_Float16>(value)); }
float value(Half bits) { return static_cast<float>(std::bit_cast<_Float16>(bits)); }
U halves(float low, float high) { return half(low) | static_cast<U>(half(high)) << 16U; }
U single(float v) { return std::bit_cast<U>(v); }
unsigned upper(std::string_view name) { return isa::find_csr(isa::Mode::worker, name)->index & 0xFFU; }

// One instruction on a worker whose $a0..$a7 hold `a`.
class Case {
 public:
  static constexpr U seed = 0xDEADBEEF;

  Case(const Way& way, Opcode opcode, std::initializer_list<U> operands, const std::array<U, 8>& a,
       U control = 0)
      : bench_(way.kind, way.observed) {
    for (U i = 0; i < 8; ++i) bench_.store_word(data + 4 * i, a[i]);
    bench_.store_word(data + 32, control);
    bench_.store_word(data + 36, seed);
    Program p(worker_code);
    p.add(Opcode::ld32_mman_zi, {13, 15, 9, 0});
    p.add(Opcode::uput_aaan_zi, {0, upper("PRNG_SEED")});
    p.add(Opcode::ld32_mman_zi, {13, 15, 8, 0});
    p.add(Opcode::uput_aaan_zi, {0, upper("FP_CTL")});
    for (U i = 0; i < 8; ++i) p.add(Opcode::ld32_mman_zi, {13, 15, i, i});
    p.add(opcode, operands);
    p.add(Opcode::exitz_mmmn, {15});
    report_ = bench_.run_worker(p);
  }
  U a(unsigned i) const { return bench_.a(0, i); }
  // PRNG_0 and PRNG_1.
  std::array<std::uint64_t, 2> generator() const {
    const auto word = [&](std::string_view low, std::string_view high) {
      return bench_.csr(Context::worker(0), low) |
             static_cast<std::uint64_t>(bench_.csr(Context::worker(0), high)) << 32U;
    };
    return {word("PRNG_0_0", "PRNG_0_1"), word("PRNG_1_0", "PRNG_1_1")};
  }
  U flags() const { return bench_.csr(Context::worker(0), "FP_STS"); }
  const StopReport& report() const { return report_; }

 private:
  Bench bench_;
  StopReport report_;
};

// Registers 2:3 x, 4:5 y, results in 0:1.
const std::array<U, 8> operands{0x11111111,          0x22222222,      halves(1.5F, -2.25F),
                                halves(100, 0.125F), halves(0.5F, 3), halves(-7, 0.125F),
                                0x66666666,          0x77777777};

struct Forms {
  std::array<Opcode, 6> ops;  // v2, :BL, :BU, v4, :BL, :BU
  std::function<Half(float, float)> f;
};
#define IPUSIM_HALF_FORMS(name)                                                            \
  {                                                                                        \
    Opcode::f16v2##name##_aaan, Opcode::f16v2##name##_aaal, Opcode::f16v2##name##_aaau,    \
        Opcode::f16v4##name##_aaan, Opcode::f16v4##name##_aaal, Opcode::f16v4##name##_aaau \
  }
Half truth(bool holds) { return holds ? 0xFFFF : 0; }
const Forms all_forms[] = {{IPUSIM_HALF_FORMS(add), [](float x, float y) { return half(x + y); }},
                           {IPUSIM_HALF_FORMS(sub), [](float x, float y) { return half(x - y); }},
                           {IPUSIM_HALF_FORMS(mul), [](float x, float y) { return half(x * y); }},
                           {IPUSIM_HALF_FORMS(cmpeq), [](float x, float y) { return truth(x == y); }},
                           {IPUSIM_HALF_FORMS(cmpne), [](float x, float y) { return truth(x != y); }},
                           {IPUSIM_HALF_FORMS(cmplt), [](float x, float y) { return truth(x < y); }},
                           {IPUSIM_HALF_FORMS(cmple), [](float x, float y) { return truth(x <= y); }},
                           {IPUSIM_HALF_FORMS(cmpgt), [](float x, float y) { return truth(x > y); }},
                           {IPUSIM_HALF_FORMS(cmpge), [](float x, float y) { return truth(x >= y); }}};

float lane(U reg, unsigned i) { return value(static_cast<Half>(operands[reg + i / 2] >> (16U * (i % 2)))); }

TEST_P(HalfCases, EveryOperationInEveryForm) {
  for (const Forms& forms : all_forms)
    for (unsigned form = 0; form < 6; ++form) {
      const Case run(GetParam(), forms.ops[form], {0, 2, 4}, operands);
      const unsigned lanes = form < 3 ? 2 : 4;
      for (unsigned i = 0; i < lanes; ++i) {
        const float x = form % 3 == 0 ? lane(2, i) : lane(2, form % 3 - 1);
        const Half got = static_cast<Half>(run.a(i / 2) >> (16U * (i % 2)));
        EXPECT_EQ(got, forms.f(x, lane(4, i))) << isa::instruction(forms.ops[form]).id << " lane " << i;
      }
      if (lanes == 2) {
        EXPECT_EQ(run.a(1), operands[1]);
      }
      EXPECT_EQ(run.flags(), 0U);
    }
}

TEST_P(HalfCases, ExtremesMagnitudesAndBounds) {
  const auto of = [&](Opcode opcode) { return Case(GetParam(), opcode, {0, 2, 4}, operands); };
  EXPECT_EQ(of(Opcode::f16v2max_aaan).a(0), halves(1.5F, 3));
  EXPECT_EQ(of(Opcode::f16v2min_aaan).a(0), halves(0.5F, -2.25F));
  EXPECT_EQ(of(Opcode::f16v4max_aaan).a(1), halves(100, 0.125F));
  EXPECT_EQ(of(Opcode::f16v4min_aaan).a(1), halves(-7, 0.125F));
  EXPECT_EQ(of(Opcode::f16v2absmax_aaan).a(0), halves(1.5F, 3));
  EXPECT_EQ(of(Opcode::f16v4absmax_aaan).a(1), halves(100, 0.125F));
  EXPECT_EQ(of(Opcode::f16v2absadd_aaan).a(0), halves(2, 5.25F));
  EXPECT_EQ(of(Opcode::f16v4absadd_aaan).a(1), halves(107, 0.25F));
  // Bounds 0.5 and 3 from $a4.
  EXPECT_EQ(of(Opcode::f16v2clamp_aaan).a(0), halves(1.5F, 0.5F));
  EXPECT_EQ(of(Opcode::f16v4clamp_aaan).a(1), halves(3, 0.5F));
  EXPECT_EQ(Case(GetParam(), Opcode::f16v2maxc_aaan, {0, 2}, operands).a(0), halves(1.5F, 1.5F));
  EXPECT_EQ(Case(GetParam(), Opcode::f16v4maxc_aaan, {0, 2}, operands).a(0), halves(1.5F, 100));
}

TEST_P(HalfCases, SameRegistersAsSourceAndDestination) {
  EXPECT_EQ(Case(GetParam(), Opcode::f16v4add_aaan, {2, 2, 2}, operands).a(3), halves(200, 0.25F));
  EXPECT_EQ(Case(GetParam(), Opcode::f16v4mul_aaau, {2, 2, 2}, operands).a(2),
            halves(1.5F * -2.25F, 2.25F * 2.25F));
  EXPECT_EQ(Case(GetParam(), Opcode::f16v2add_aaan, {15, 2, 4}, operands).a(0), operands[0]);  // dropped
  EXPECT_EQ(Case(GetParam(), Opcode::f16v2sub_aaan, {0, 15, 4}, operands).a(0), halves(-0.5F, -3));
}

TEST_P(HalfCases, Conversions) {
  const Case one(GetParam(), Opcode::f16tof32_aaan, {0, 2}, operands);
  EXPECT_EQ(one.a(0), single(1.5F));
  const Case two(GetParam(), Opcode::f16v2tof32_aaan, {0, 2}, operands);
  EXPECT_EQ(two.a(0), single(1.5F));
  EXPECT_EQ(two.a(1), single(-2.25F));
  const std::array<U, 8> infinities{0, 0, 0x7C00FC00, 0, 0, 0, 0, 0};
  const Case infinite(GetParam(), Opcode::f16v2tof32_aaan, {0, 2}, infinities);
  EXPECT_EQ(infinite.a(0), 0xFF800000U);
  EXPECT_EQ(infinite.a(1), 0x7F800000U);
  const std::array<U, 8> singles{0, 0, 0, 0, single(1.0F / 3), single(-2.5F), single(1e-6F), single(70000)};
  EXPECT_EQ(Case(GetParam(), Opcode::f32tof16_aaan, {0, 4}, singles).a(0), halves(1.0F / 3, 1.0F / 3));
  EXPECT_EQ(Case(GetParam(), Opcode::f32v2tof16_aaan, {0, 4}, singles).a(0), halves(1.0F / 3, -2.5F));
  const Case four(GetParam(), Opcode::f32v4tof16_aaan, {0, 4}, singles);
  EXPECT_EQ(four.a(0), halves(1.0F / 3, -2.5F));
  EXPECT_EQ(four.a(1), halves(1e-6F, 65504));
  EXPECT_EQ(four.flags(), 4U);  // OFLO
}

TEST_P(HalfCases, OverflowFollowsNanooAndMayFault) {
  const std::array<U, 8> large{0, 0, halves(60000, 1), 0, halves(60000, 1), 0, 0, 0};
  constexpr U nanoo = 1U << 20U;
  constexpr U overflow_faults = 4;
  EXPECT_EQ(Case(GetParam(), Opcode::f16v2add_aaan, {0, 2, 4}, large).a(0), 0x40007BFFU);
  const Case nan(GetParam(), Opcode::f16v2add_aaan, {0, 2, 4}, large, nanoo);
  EXPECT_EQ(nan.a(0), 0x40007E00U);
  EXPECT_EQ(nan.flags(), 5U);  // INV and OFLO
  const Case fault(GetParam(), Opcode::f16v2add_aaan, {0, 2, 4}, large, overflow_faults);
  EXPECT_EQ(fault.report().exception.type, ExceptionType::floating_point);
  EXPECT_EQ(fault.a(0), 0U);
  EXPECT_EQ(fault.flags(), 4U);
}

TEST_P(HalfCases, RoundingModeOfFpCtl) {
  const std::array<U, 8> tiny{0, 0, halves(1, -1), 0, 0x00010001, 0, 0, 0};  // 1 + the smallest denormal
  constexpr unsigned rnd_shift = 16;
  EXPECT_EQ(Case(GetParam(), Opcode::f16v2add_aaan, {0, 2, 4}, tiny, 0U << rnd_shift).a(0), 0xBC003C00U);
  EXPECT_EQ(Case(GetParam(), Opcode::f16v2add_aaan, {0, 2, 4}, tiny, 1U << rnd_shift).a(0),
            0xBBFF3C01U);  // up
  EXPECT_EQ(Case(GetParam(), Opcode::f16v2add_aaan, {0, 2, 4}, tiny, 2U << rnd_shift).a(0),
            0xBC003C00U);  // down
  EXPECT_EQ(Case(GetParam(), Opcode::f16v2add_aaan, {0, 2, 4}, tiny, 3U << rnd_shift).a(0),
            0xBBFF3C00U);  // to zero
}

TEST_P(HalfCases, SingleExtremes) {
  const std::array<U, 8> singles{0,          0,         single(1.5F), single(-4),
                                 single(-2), single(3), single(10),   single(-1)};
  const auto of = [&](Opcode opcode) { return Case(GetParam(), opcode, {0, 2, 4}, singles); };
  EXPECT_EQ(of(Opcode::f32max_aaan).a(0), single(1.5F));
  EXPECT_EQ(of(Opcode::f32min_aaan).a(0), single(-2));
  EXPECT_EQ(of(Opcode::f32absmax_aaan).a(0), single(2));
  EXPECT_EQ(of(Opcode::f32absadd_aaan).a(0), single(3.5F));
  EXPECT_EQ(of(Opcode::f32v2max_aaan).a(1), single(3));
  EXPECT_EQ(of(Opcode::f32v2min_aaan).a(1), single(-4));
  EXPECT_EQ(of(Opcode::f32v2absmax_aaan).a(1), single(4));
  EXPECT_EQ(of(Opcode::f32v2absadd_aaan).a(1), single(7));
  // Bounds -2 and 3.
  EXPECT_EQ(Case(GetParam(), Opcode::f32clamp_aaan, {0, 6, 4}, singles).a(0), single(3));
  const Case both(GetParam(), Opcode::f32v2clamp_aaan, {0, 2, 4}, singles);
  EXPECT_EQ(both.a(0), single(1.5F));
  EXPECT_EQ(both.a(1), single(-2));
}

TEST_P(HalfCases, RandomWordsFollowThePublishedGenerator) {
  for (const U seed : {1U, 0xDEADBEEFU}) {
    Bench bench = make_bench();
    bench.store_word(data, seed);
    Program p(worker_code);
    p.add(Opcode::ld32_mman_zi, {13, 15, 0, 0});
    p.add(Opcode::uput_aaan_zi, {0, upper("PRNG_SEED")});
    p.add(Opcode::urand64_aaan, {0});
    p.add(Opcode::urand32_aaan, {2});
    for (int i = 0; i < 20; ++i) p.add(Opcode::urand64_aaan, {4});
    p.add(Opcode::exitz_mmmn, {15});
    ASSERT_EQ(bench.run_worker(p).reason, StopReason::sync);
    ReferenceGenerator reference(seed);
    const std::uint64_t first = reference.next();
    EXPECT_EQ(bench.a(0, 0), static_cast<U>(first));
    EXPECT_EQ(bench.a(0, 1), static_cast<U>(first >> 32U));
    EXPECT_EQ(bench.a(0, 2), static_cast<U>(reference.next()));
    std::uint64_t last = 0;
    for (int i = 0; i < 20; ++i) last = reference.next();
    EXPECT_EQ(bench.a(0, 4), static_cast<U>(last));
    EXPECT_EQ(bench.a(0, 5), static_cast<U>(last >> 32U));
  }
}

// One step of the generator per instruction with f16 results that are rounded, element i taking bits 16i to
// 16i + 15 (O21); none of one whose results are not, and none without ESR.
TEST_P(HalfCases, StochasticRoundingTakesOneStep) {
  constexpr U stochastic = 1U << 19U;
  const std::array<U, 8> a{0,
                           0,
                           halves(1.0F / 3, -1000.5F),
                           halves(0.1F, 7e-6F),
                           halves(1.0F / 1024, 0.03F),
                           halves(-300, 3e-6F),
                           single(0.3F),
                           single(-1e-7F)};
  const auto in = [&](U reg, unsigned i) {
    return static_cast<double>(value(static_cast<Half>(a[reg + i / 2] >> (16U * (i % 2)))));
  };
  ReferenceGenerator reference(Case::seed);
  const auto before = reference.state();
  const std::uint64_t word = reference.next();
  const auto after = reference.state();
  // The magnitude in 2^-16 of the last place, plus the random bits, cut off.
  const auto expected = [&](double exact, unsigned lane) {
    const int place = std::max(std::ilogb(exact), -14) - 10;
    const double units = std::floor(std::ldexp(std::abs(exact), 16 - place)) +
                         static_cast<double>((word >> (16U * lane)) & 0xFFFFU);
    return half(static_cast<float>(std::copysign(std::ldexp(std::floor(units / 65536), place), exact)));
  };
  struct Row {
    Opcode opcode;
    std::function<double(unsigned)> exact;
  };
  for (const Row& row :
       {Row{Opcode::f16v4add_aaan, [&](unsigned i) { return in(2, i) + in(4, i); }},
        Row{Opcode::f16v4sub_aaan, [&](unsigned i) { return in(2, i) - in(4, i); }},
        Row{Opcode::f16v4mul_aaan, [&](unsigned i) { return in(2, i) * in(4, i); }},
        Row{Opcode::f16v4absadd_aaan, [&](unsigned i) { return std::abs(in(2, i)) + std::abs(in(4, i)); }}}) {
    const Case run(GetParam(), row.opcode, {0, 2, 4}, a, stochastic);
    for (unsigned i = 0; i < 4; ++i)
      EXPECT_EQ(static_cast<Half>(run.a(i / 2) >> (16U * (i % 2))), expected(row.exact(i), i))
          << isa::instruction(row.opcode).id << " lane " << i;
    EXPECT_EQ(run.generator(), after);
    EXPECT_EQ(Case(GetParam(), row.opcode, {0, 2, 4}, a).generator(), before);
  }
  const Half low = expected(static_cast<double>(0.3F), 0);
  const Case two(GetParam(), Opcode::f32v2tof16_aaan, {0, 6}, a, stochastic);
  EXPECT_EQ(two.a(0), low | static_cast<U>(expected(static_cast<double>(-1e-7F), 1)) << 16U);
  EXPECT_EQ(two.generator(), after);
  // One result in both halves, from one set of random bits.
  EXPECT_EQ(Case(GetParam(), Opcode::f32tof16_aaan, {0, 6}, a, stochastic).a(0), low * 0x10001U);
  for (const Opcode opcode : {Opcode::f16v4max_aaan, Opcode::f16v4cmplt_aaan, Opcode::f32v2absadd_aaan})
    EXPECT_EQ(Case(GetParam(), opcode, {0, 2, 4}, a, stochastic).generator(), before);
  EXPECT_EQ(Case(GetParam(), Opcode::f16v2tof32_aaan, {0, 2}, a, stochastic).generator(), before);
}

// With INV enabled a NaN in the last lane is an exception of every kind of instruction: nothing is written,
// the generator stands, the flag stays. Without, it is a flag.
TEST_P(HalfCases, ANanRaisesTheExceptionItsFlagEnables) {
  constexpr U invalid = 1, others = 6, stochastic = 1U << 19U, half_nan = 0x7E000000, single_nan = 0x7F800001;
  const std::array<U, 8> half_nans{0x11111111, 0x22222222, half_nan, half_nan, half_nan, 0, 0, 0};
  const std::array<U, 8> single_nans{0x11111111, 0x22222222, 0, single_nan, 0, 0, 0, single_nan};
  struct Row {
    Opcode opcode;
    U first;
    const std::array<U, 8>& a;
  };
  for (const Row& row :
       {Row{Opcode::f16v2add_aaan, 2, half_nans}, Row{Opcode::f16v4mul_aaau, 2, half_nans},
        Row{Opcode::f16v4absadd_aaan, 2, half_nans}, Row{Opcode::f16v4cmpne_aaan, 2, half_nans},
        Row{Opcode::f16v2min_aaan, 2, half_nans}, Row{Opcode::f16v4clamp_aaan, 2, half_nans},
        Row{Opcode::f16v2maxc_aaan, 2, half_nans}, Row{Opcode::f16v4maxc_aaan, 2, half_nans},
        Row{Opcode::f16v2tof32_aaan, 2, half_nans}, Row{Opcode::f32v2tof16_aaan, 2, single_nans},
        Row{Opcode::f32v4tof16_aaan, 4, single_nans}, Row{Opcode::f32v2max_aaan, 2, single_nans},
        Row{Opcode::f32v2absadd_aaan, 2, single_nans}, Row{Opcode::f32v2clamp_aaan, 2, single_nans}}) {
    SCOPED_TRACE(isa::instruction(row.opcode).id);
    const bool three = isa::instruction(row.opcode).operands.size() == 3;
    const auto run = [&](U control) {
      return three ? std::make_unique<Case>(GetParam(), row.opcode, std::initializer_list<U>{0, row.first, 4},
                                            row.a, control)
                   : std::make_unique<Case>(GetParam(), row.opcode, std::initializer_list<U>{0, row.first},
                                            row.a, control);
    };
    const auto fault = run(invalid | stochastic);
    EXPECT_EQ(fault->report().exception.type, ExceptionType::floating_point);
    EXPECT_EQ(fault->a(0), 0x11111111U);
    EXPECT_EQ(fault->a(1), 0x22222222U);
    EXPECT_EQ(fault->flags(), invalid);
    EXPECT_EQ(fault->generator(), ReferenceGenerator(Case::seed).state());
    const auto flag = run(others);
    EXPECT_EQ(flag->report().reason, StopReason::sync);
    EXPECT_EQ(flag->flags(), invalid);
  }
  // Lanes and halves that an instruction does not name raise nothing.
  EXPECT_EQ(Case(GetParam(), Opcode::f16tof32_aaan, {0, 2}, half_nans).flags(), 0U);
  EXPECT_EQ(Case(GetParam(), Opcode::f32tof16_aaan, {0, 2}, single_nans).flags(), 0U);
  EXPECT_EQ(Case(GetParam(), Opcode::f32max_aaan, {0, 2, 4}, single_nans).flags(), 0U);
}

}  // namespace
}  // namespace ipusim::tile::test
