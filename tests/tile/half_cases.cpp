// f16 instructions, conversions, f32 extremes and random words: operands, lanes, broadcast
// forms, flags. The arithmetic is checked in tests/arith; expected values here come from the compiler's
// _Float16 and from the public definition of the generator.
#include <array>
#include <bit>
#include <cmath>
#include <functional>

#include "cases.hpp"

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
  Case(const Way& way, Opcode opcode, std::initializer_list<U> operands, const std::array<U, 8>& a,
       U control = 0)
      : bench_(way.kind, way.observed) {
    for (U i = 0; i < 8; ++i) bench_.store_word(data + 4 * i, a[i]);
    bench_.store_word(data + 32, control);
    Program p(worker_code);
    p.add(Opcode::ld32_mman_zi, {13, 15, 8, 0});
    p.add(Opcode::uput_aaan_zi, {0, upper("FP_CTL")});
    for (U i = 0; i < 8; ++i) p.add(Opcode::ld32_mman_zi, {13, 15, i, i});
    p.add(opcode, operands);
    p.add(Opcode::exitz_mmmn, {15});
    report_ = bench_.run_worker(p);
  }
  U a(unsigned i) const { return bench_.a(0, i); }
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

// xoroshiro128aox as published (arXiv 2203.04058), seeded as PRNG_SEED does.
class Reference {
 public:
  explicit Reference(U seed) {
    s0_ = seed | static_cast<std::uint64_t>(~seed) << 32U;
    const U low = seed << 13U | ~seed >> 19U;
    const U high = ~seed << 13U | seed >> 19U;
    s1_ = low | static_cast<std::uint64_t>(high) << 32U;
  }
  std::uint64_t next() {
    const std::uint64_t sx = s0_ ^ s1_;
    const std::uint64_t sa = s0_ & s1_;
    const std::uint64_t out = sx ^ (rotated(sa, 1) | rotated(sa, 2));
    s0_ = rotated(s0_, 55) ^ sx ^ (sx << 14);
    s1_ = rotated(sx, 36);
    return out;
  }

 private:
  static std::uint64_t rotated(std::uint64_t x, int n) { return x << n | x >> (64 - n); }
  std::uint64_t s0_ = 0, s1_ = 0;
};

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
    Reference reference(seed);
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

}  // namespace
}  // namespace ipusim::tile::test
