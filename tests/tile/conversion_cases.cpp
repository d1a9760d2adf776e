// SPDX-License-Identifier: Apache-2.0
// Integer conversions, class codes, sums of lanes, random masks and values: registers,
// lanes, flags, modes, generator steps. The arithmetic is checked in tests/arith; expected values here are
// worked out by hand.
#include <array>
#include <bit>

#include "cases.hpp"
#include "reference_generator.hpp"

namespace ipusim::tile::test {
namespace {

using U = std::uint32_t;

unsigned upper(std::string_view name) { return isa::find_csr(isa::Mode::worker, name)->index & 0xFFU; }
U single(float v) { return std::bit_cast<U>(v); }

constexpr U invalid = 1;
constexpr U upwards = 1U << 16U, to_zero = 3U << 16U, stochastic = 1U << 19U;
constexpr U seed = 0xDEADBEEF;

// One instruction on a worker whose $a2..$a5 hold `sources`; its results in $a0 and $a1, which held `before`.
class Case {
 public:
  static constexpr U before = 0x11111111;

  Case(const Way& way, Opcode opcode, std::initializer_list<U> operands, std::array<U, 4> sources,
       U control = 0)
      : bench_(way.kind, way.observed) {
    const std::array<U, 8> words{seed,       control,    before,     before,
                                 sources[0], sources[1], sources[2], sources[3]};
    for (U i = 0; i < words.size(); ++i) bench_.store_word(data + 4 * i, words[i]);
    Program p(worker_code);
    p.add(Opcode::ld32_mman_zi, {13, 15, 0, 0});
    p.add(Opcode::uput_aaan_zi, {0, upper("PRNG_SEED")});
    p.add(Opcode::ld32_mman_zi, {13, 15, 1, 0});
    p.add(Opcode::uput_aaan_zi, {0, upper("FP_CTL")});
    for (U i = 0; i < 6; ++i) p.add(Opcode::ld32_mman_zi, {13, 15, 2 + i, i});
    p.add(opcode, operands);
    p.add(Opcode::exitz_mmmn, {15});
    report_ = bench_.run_worker(p);
  }
  U result(unsigned i = 0) const { return bench_.a(0, i); }
  U flags() const { return csr("FP_STS"); }
  U csr(std::string_view name) const { return bench_.csr(Context::worker(0), name); }
  const StopReport& report() const { return report_; }
  // The generator's state, and that of the reference after some steps.
  std::array<std::uint64_t, 2> state() const {
    return {csr("PRNG_0_0") | static_cast<std::uint64_t>(csr("PRNG_0_1")) << 32U,
            csr("PRNG_1_0") | static_cast<std::uint64_t>(csr("PRNG_1_1")) << 32U};
  }
  static std::array<std::uint64_t, 2> state_after(int steps) {
    ReferenceGenerator generator(seed);
    for (int i = 0; i < steps; ++i) generator.next();
    return generator.state();
  }

 private:
  Bench bench_;
  StopReport report_;
};

Case run(const Way& way, Opcode opcode, std::initializer_list<U> operands, std::array<U, 4> sources,
         U control = 0) {
  return {way, opcode, operands, sources, control};
}

TEST_P(ConversionCases, Integers) {
  const auto of = [&](Opcode opcode, U x, U control = 0) {
    return run(GetParam(), opcode, {0, 2}, {x}, control).result();
  };
  EXPECT_EQ(of(Opcode::f32fromi32_aaan, 0xFFFFFFFF), single(-1));
  EXPECT_EQ(of(Opcode::f32fromui32_aaan, 0xFFFFFFFF), single(4294967296.0F));
  EXPECT_EQ(of(Opcode::f32fromui32_aaan, 0xFFFFFFFF, to_zero), single(4294967040.0F));
  EXPECT_EQ(of(Opcode::f32toi32_aaan, single(-2.5F)), 0xFFFFFFFEU);
  EXPECT_EQ(of(Opcode::f32toi32_aaan, single(2.25F), upwards), 3U);
  EXPECT_EQ(of(Opcode::f32toui32_aaan, single(3e9F)), 3000000000U);
  // f32int has a mode of its own.
  EXPECT_EQ(run(GetParam(), Opcode::f32int_aaan_ef, {0, 2, 3}, {single(-2.75F)}, upwards).result(),
            single(-2));
  EXPECT_EQ(run(GetParam(), Opcode::f32int_aaan_ef, {0, 2, 2}, {single(-2.25F)}, upwards).result(),
            single(-3));
}

TEST_P(ConversionCases, IntegersOutOfRange) {
  const Case high = run(GetParam(), Opcode::f32toi32_aaan, {0, 2}, {single(2147483648.0F)});
  EXPECT_EQ(high.result(), 0x7FFFFFFFU);
  EXPECT_EQ(high.flags(), invalid);
  const Case lowest = run(GetParam(), Opcode::f32toi32_aaan, {0, 2}, {single(-2147483648.0F)});
  EXPECT_EQ(lowest.result(), 0x80000000U);
  EXPECT_EQ(lowest.flags(), 0U);
  const Case nan = run(GetParam(), Opcode::f32toui32_aaan, {0, 2}, {0x7F800001}, 1);  // INV trapped
  EXPECT_EQ(nan.report().reason, StopReason::exception);
  EXPECT_EQ(nan.report().exception.type, ExceptionType::floating_point);
  EXPECT_EQ(nan.result(), Case::before);
}

TEST_P(ConversionCases, Classes) {
  EXPECT_EQ(run(GetParam(), Opcode::f32class_aaan, {0, 2}, {0x80000000}).result(), 5U);
  EXPECT_EQ(run(GetParam(), Opcode::f32v2class_aaan, {0, 2}, {0x7F800001, 0x3F800000}).result(), 0x0A01U);
  EXPECT_EQ(run(GetParam(), Opcode::f16v2class_aaan, {0, 2}, {0x8000'7E00}).result(), 0x0502U);
  const Case four = run(GetParam(), Opcode::f16v4class_aaan, {0, 2}, {0xFC00'8000, 0x0001'3C00}, 1);
  EXPECT_EQ(four.result(), 0x08'0A'03'05U);
  EXPECT_EQ(four.result(1), Case::before);
  EXPECT_EQ(four.flags(), 0U);
}

TEST_P(ConversionCases, SumsOfLanes) {
  EXPECT_EQ(run(GetParam(), Opcode::f16v2sum_aaan, {0, 2}, {0x4000'3C00}).result(), single(3));
  const Case two = run(GetParam(), Opcode::f16v4sum_aaan, {0, 2}, {0x7BFF'7BFF, 0x0001'BC00});
  EXPECT_EQ(two.result(), single(131008));
  EXPECT_EQ(two.result(1), single(-1 + 0x1p-24F));
  EXPECT_EQ(two.flags(), 0U);
  // 2^-24 on 1024 needs 35 places.
  EXPECT_EQ(run(GetParam(), Opcode::f16v2sum_aaan, {0, 2}, {0x0001'6400}, upwards).result(),
            single(1024.0F) + 1);
  EXPECT_EQ(run(GetParam(), Opcode::f16v2sum_aaan, {0, 2}, {0x0001'6400}).result(), single(1024));
  const Case infinite = run(GetParam(), Opcode::f16v2sum_aaan, {0, 2}, {0x7C00'3C00});
  EXPECT_EQ(infinite.result(), 0x7FC00000U);
  EXPECT_EQ(infinite.flags(), invalid);
}

TEST_P(ConversionCases, FractionsOfIntegers) {
  EXPECT_EQ(run(GetParam(), Opcode::f16v2sufromui_aaan, {0, 2}, {0x8000'7FFF}).result(),
            0x0080'8080U);  // +-2^-17
  const Case four =
      run(GetParam(), Opcode::f16v4sufromui_aaan, {0, 2}, {0xFFFF'0000, 0x8000'C000}, stochastic | upwards);
  EXPECT_EQ(four.result(), 0x3800'B800U);
  EXPECT_EQ(four.result(1), 0x0080'3400U);
  EXPECT_EQ(four.state(), Case::state_after(0));
  EXPECT_EQ(run(GetParam(), Opcode::f32sufromui_aaan, {0, 2}, {0x80000000}).result(), single(0x1p-33F));
  const Case two = run(GetParam(), Opcode::f32v2sufromui_aaan, {0, 2}, {0, 0xFFFFFFFF});
  EXPECT_EQ(two.result(), single(-0.5F));
  EXPECT_EQ(two.result(1), single(0.5F));
}

TEST_P(ConversionCases, MasksFollowTheGenerator) {
  const std::uint64_t word = ReferenceGenerator(seed).next();
  constexpr U p = 0x9000;
  std::array<U, 2> expected{};
  for (unsigned i = 0; i < 4; ++i)
    if (((word >> (16 * i)) & 0xFFFF) < p) expected[i / 2] |= 0xFFFFU << (16 * (i % 2));
  const Case halves = run(GetParam(), Opcode::f16v4rmask_aaan, {0, 2, 4}, {0xFFFFFFFF, 0xFFFFFFFF, p});
  EXPECT_EQ(halves.result(0), expected[0]);
  EXPECT_EQ(halves.result(1), expected[1]);
  EXPECT_EQ(halves.state(), Case::state_after(1));
  const Case singles = run(GetParam(), Opcode::f32v2rmask_aaan, {0, 2, 4}, {0xFFFFFFFF, 0x12345678, p});
  EXPECT_EQ(singles.result(0), (word & 0xFFFF) < p ? 0xFFFFFFFFU : 0U);
  EXPECT_EQ(singles.result(1), ((word >> 16U) & 0xFFFF) < p ? 0x12345678U : 0U);
  const Case all = run(GetParam(), Opcode::f16v4rmask_aaan, {0, 2, 4}, {0x7C01FFFF, 0x12345678, 0x10000});
  EXPECT_EQ(all.result(0), 0x7C01FFFFU);
  EXPECT_EQ(all.result(1), 0x12345678U);
  EXPECT_EQ(all.flags(), 0U);
  EXPECT_EQ(all.state(), Case::state_after(1));
  // The probability may come out of the pair itself.
  const Case overlapping = run(GetParam(), Opcode::f32v2rmask_aaan, {2, 2, 2}, {0x10000, 0x12345678});
  EXPECT_EQ(overlapping.result(2), 0x10000U);
  EXPECT_EQ(overlapping.result(3), 0x12345678U);
}

double sum_of_fields(std::uint64_t word) {
  int sum = 0;
  for (unsigned j = 0; j < 12; ++j) sum += static_cast<int>((word >> (5 * j)) % 32);
  return (sum - 186) / 32.0;
}

TEST_P(ConversionCases, GaussiansFollowTheGenerator) {
  ReferenceGenerator generator(seed);
  const double first = sum_of_fields(generator.next());
  const double second = sum_of_fields(generator.next());
  const Case singles = run(GetParam(), Opcode::f32v2grand_aaan, {0}, {});
  EXPECT_EQ(singles.result(0), single(static_cast<float>(first)));
  EXPECT_EQ(singles.result(1), single(static_cast<float>(second)));
  EXPECT_EQ(singles.state(), Case::state_after(2));
  const Case halves = run(GetParam(), Opcode::f16v2grand_aaan, {0}, {});
  EXPECT_EQ(halves.result(0) & 0xFFFFU, std::bit_cast<std::uint16_t>(static_cast<_Float16>(first)));
  EXPECT_EQ(halves.result(0) >> 16U, std::bit_cast<std::uint16_t>(static_cast<_Float16>(second)));
  EXPECT_EQ(halves.state(), Case::state_after(2));
}

}  // namespace
}  // namespace ipusim::tile::test
