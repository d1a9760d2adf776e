// SPDX-License-Identifier: Apache-2.0
// f8 on a whole tile: conversions, class codes, the formats and the scale of FP_NFMT and FP_SCL, what
// launches set them to, and that only ipu21 has any of it.
#include <bit>
#include <cmath>

#include "cases.hpp"
#include "reference_generator.hpp"

namespace ipusim::tile::test {
namespace {

using U = std::uint32_t;

constexpr U f143 = 1, f152 = 0;  // codes of a format
U number(isa::Mode mode, std::string_view name) { return isa::find_csr(mode, name)->index & 0xFFU; }
U upper(std::string_view name) { return number(isa::Mode::worker, name); }
U lower(std::string_view name) { return number(isa::Mode::supervisor, name); }
U half(float value) { return std::bit_cast<std::uint16_t>(static_cast<_Float16>(value)); }
U halves(float low, float high) { return half(low) | half(high) << 16U; }
constexpr U seed = 0x2468ACE1;

struct Setting {
  U registers = f152;  // format of f8 in registers
  U coefficients = f152;
  int scale = 0;
  U control = 0;  // FP_CTL
};

// One instruction of a worker of an ipu21 with $a0:7 set.
class Case {
 public:
  Case(const Way& way, Opcode opcode, std::initializer_list<U> operands, const std::array<U, 8>& a,
       const Setting& setting)
      : bench_(way.kind, way.observed, {TileId{0}, isa::Arch::ipu21}) {
    constexpr std::string_view names[] = {"PRNG_SEED", "FP_CTL", "FP_NFMT", "FP_SCL"};
    const U values[] = {seed, setting.control, setting.registers << 1U | setting.coefficients,
                        static_cast<U>(setting.scale)};
    Program p(worker_code);
    for (U i = 0; i < 4; ++i) {
      bench_.store_word(data + 32 + 4 * i, values[i]);
      p.add(Opcode::ld32_mman_zi, {13, 15, 8 + i, 0});
      p.add(Opcode::uput_aaan_zi, {0, upper(names[i])});
    }
    for (U i = 0; i < 8; ++i) {
      bench_.store_word(data + 4 * i, a[i]);
      p.add(Opcode::ld32_mman_zi, {13, 15, i, i});
    }
    p.add(opcode, operands);
    p.add(Opcode::exitz_mmmn, {15});
    report_ = bench_.run_worker(p);
  }
  U a(unsigned i) const { return bench_.a(0, i); }
  U flags() const { return bench_.csr(Context::worker(0), "FP_STS"); }
  U csr(std::string_view name) const { return bench_.csr(Context::worker(0), name); }
  const StopReport& report() const { return report_; }

 private:
  Bench bench_;
  StopReport report_;
};

// 1.4.3, bias 8: 0x40 is 1, 0x43 1.375, 0xC8 -2, 0x7F 240, 0x01 2^-10.
TEST_P(QuarterCases, ToHalves) {
  const std::array<U, 8> a{1, 2, 0x7FC84340, 0x80010000, 5, 6, 7, 8};
  const Case four(GetParam(), Opcode::f8v4tof16_aaan, {4, 2}, a, {.registers = f143, .coefficients = f152});
  EXPECT_EQ(four.a(4), halves(1, 1.375F));
  EXPECT_EQ(four.a(5), halves(-2, 240));
  EXPECT_EQ(four.flags(), 0U);
  const Case two(GetParam(), Opcode::f8v2tof16_aaan, {2, 2}, a, {.registers = f143, .coefficients = f152});
  EXPECT_EQ(two.a(2), halves(1, 1.375F));
  EXPECT_EQ(two.a(3), a[3]);
  const Case scaled(GetParam(), Opcode::f8v4tof16_aaan, {0, 2}, a, {.registers = f143, .scale = -3});
  EXPECT_EQ(scaled.a(0), halves(0.125F, 0.171875F));
  EXPECT_EQ(scaled.a(1), halves(-0.25F, 30));
  const Case special(GetParam(), Opcode::f8v4tof16_aaan, {0, 3}, a, {.registers = f143, .scale = 3});
  EXPECT_EQ(special.a(0), 0U);
  EXPECT_EQ(special.a(1), 0x7E000000U | half(0x1p-7F));
  EXPECT_EQ(special.flags(), 1U);  // INV
  // 1.5.2, bias 16: 0x40 is 1, 0x43 1.75, 0xC8 -4, 0x7F 57344.
  const Case other(GetParam(), Opcode::f8v4tof16_aaan, {0, 2}, a, {.registers = f152, .coefficients = f143});
  EXPECT_EQ(other.a(0), halves(1, 1.75F));
  EXPECT_EQ(other.a(1), halves(-4, 57344));
  const Case beyond(GetParam(), Opcode::f8v4tof16_aaan, {0, 2}, a, {.registers = f152, .scale = 1});
  EXPECT_EQ(beyond.a(1), half(-8) | 0x7BFF0000U);
  EXPECT_EQ(beyond.flags(), 4U);  // OFLO
  const Case nanoo(GetParam(), Opcode::f8v4tof16_aaan, {0, 2}, a, {.scale = 1, .control = 1U << 20U});
  EXPECT_EQ(nanoo.a(1), half(-8) | 0x7E000000U);
  EXPECT_EQ(nanoo.flags(), 5U);  // OFLO, INV
}

TEST_P(QuarterCases, FromHalves) {
  // To 1.4.3: 1.0625 lies between 1 and 1.125, 17 between 16 and 18, 300 beyond 240, -2^-12 rounds to zero.
  const std::array<U, 8> a{
      halves(1.0625F, 17), halves(300, -0x1p-12F), halves(0, -0.0F), halves(-240, 2), 1, 2, 3, 4};
  const Case eight(GetParam(), Opcode::f16v8tof8_aaan, {4, 0}, a, {.registers = f143});
  EXPECT_EQ(eight.a(4), 0x007F6040U);
  EXPECT_EQ(eight.a(5), 0x48FF0000U);
  EXPECT_EQ(eight.flags(), 4U);
  const Case up(GetParam(), Opcode::f16v8tof8_aaan, {4, 0}, a, {.registers = f143, .control = 1U << 16U});
  EXPECT_EQ(up.a(4), 0x007F6141U);
  const Case down(GetParam(), Opcode::f16v8tof8_aaan, {4, 0}, a, {.registers = f143, .control = 2U << 16U});
  EXPECT_EQ(down.a(4), 0x817F6040U);
  const Case nanoo(GetParam(), Opcode::f16v8tof8_aaan, {4, 0}, a, {.registers = f143, .control = 1U << 20U});
  EXPECT_EQ(nanoo.a(4), 0x00806040U);
  EXPECT_EQ(nanoo.flags(), 5U);
  // Two leave zeros above them.
  const Case two(GetParam(), Opcode::f16v2tof8_aaan, {6, 3}, a, {.registers = f143, .scale = -1});
  EXPECT_EQ(two.a(6), 0x40F7U);
  EXPECT_EQ(two.a(7), a[7]);
  const Case other(GetParam(), Opcode::f16v2tof8_aaan, {6, 3}, a, {.registers = f152, .scale = 31});
  EXPECT_EQ(other.a(6), 0x7FFFU);  // far beyond
  const std::array<U, 8> nan{0x7E007C00};
  const Case invalid(GetParam(), Opcode::f16v2tof8_aaan, {0, 0}, nan, {});
  EXPECT_EQ(invalid.a(0), 0x807FU);
  EXPECT_EQ(invalid.flags(), 5U);
}

// One step of the generator; element i takes bits [8i+7:8i] in 256ths of the last place, or bits [16i+15:16i]
// in 65536ths.
TEST_P(QuarterCases, StochasticRounding) {
  ReferenceGenerator generator(seed);
  const std::uint64_t word = generator.next();
  constexpr U stochastic = 1U << 19U;
  std::array<U, 8> a{};
  // 1 + k/128: an eighth is sixteen of these, so 256ths are k % 16 * 16.
  for (U i = 0; i < 4; ++i)
    a[i] = halves(1 + static_cast<float>(1 + 4 * i) / 128, 1 + static_cast<float>(3 + 4 * i) / 128);
  std::array<U, 2> expected{};
  for (U i = 0; i < 8; ++i) {
    const U fraction = (1 + 2 * i) * 16 + static_cast<U>(word >> (8 * i) & 0xFFU);
    expected[i / 4] |= (0x40 + fraction / 256) << (8 * (i % 4));
  }
  const Case down(GetParam(), Opcode::f16v8tof8_aaan, {4, 0}, a, {.registers = f143, .control = stochastic});
  EXPECT_EQ(down.a(4), expected[0]);
  EXPECT_EQ(down.a(5), expected[1]);
  const auto state = generator.state();
  EXPECT_EQ(down.csr("PRNG_0_0"), static_cast<U>(state[0]));
  EXPECT_EQ(down.csr("PRNG_1_1"), static_cast<U>(state[1] >> 32U));
  // 0x0B is 1.375 * 2^-7; times 2^-19 that is 0.34375 of the smallest f16.
  const std::array<U, 8> small{0x0B0B0B0B};
  const Case up(GetParam(), Opcode::f8v4tof16_aaan, {4, 0}, small,
                {.registers = f143, .scale = -19, .control = stochastic});
  for (U i = 0; i < 4; ++i) {
    const U kept = (0x5800U + static_cast<U>(word >> (16 * i) & 0xFFFFU)) / 65536;
    EXPECT_EQ(up.a(4 + i / 2) >> (16 * (i % 2)) & 0xFFFFU, kept) << i;
  }
  EXPECT_EQ(up.csr("PRNG_0_1"), static_cast<U>(state[0] >> 32U));
}

// Denormals depend on the format: 0x07 is one of 1.4.3, 0x04 the smallest normal number of 1.5.2.
TEST_P(QuarterCases, Classes) {
  const std::array<U, 8> a{0x80FF8700, 0x07040884};
  EXPECT_EQ(Case(GetParam(), Opcode::f8v4class_aaan, {4, 0}, a, {.registers = f143}).a(4), 0x02090706U);
  EXPECT_EQ(Case(GetParam(), Opcode::f8v4class_aaan, {4, 1}, a, {.registers = f143}).a(4), 0x08080A07U);
  EXPECT_EQ(Case(GetParam(), Opcode::f8v4class_aaan, {4, 1}, a, {.registers = f152}).a(4), 0x0A0A0A09U);
  EXPECT_EQ(Case(GetParam(), Opcode::f8v4class_aaan, {4, 0}, a, {.registers = f152, .scale = 9}).a(4),
            0x02090906U);
}

TEST_P(QuarterCases, AnEnabledFlagStopsTheWorker) {
  const std::array<U, 8> a{halves(300, 1), 0x80};
  const Case overflow(GetParam(), Opcode::f16v2tof8_aaan, {0, 0}, a, {.registers = f143, .control = 4});
  EXPECT_EQ(overflow.report().exception.cause, ExceptionCause::floating_point);
  EXPECT_EQ(overflow.a(0), a[0]);
  EXPECT_EQ(overflow.flags(), 4U);
  const Case invalid(GetParam(), Opcode::f8v2tof16_aaan, {0, 1}, a, {.control = 1});
  EXPECT_EQ(invalid.report().exception.cause, ExceptionCause::floating_point);
}

TEST_P(QuarterCases, EveryFormatIsKeptForLaunches) {
  for (U format = 0; format < 4; ++format) {
    Bench bench = make_bench({TileId{0}, isa::Arch::ipu21});
    Program p(code);
    p.set_m(2, format);
    p.add(Opcode::put_mmmn_zi, {2, lower("FP_INFMT")});
    p.add(Opcode::get_mmmn_zi, {3, lower("FP_INFMT")});
    p.add(Opcode::sync, {3});
    expect_sync(bench.run(p));
    EXPECT_EQ(bench.m(Context::supervisor(), 3), format);
  }
}

TEST_P(QuarterCases, LaunchesTakeFormatsAndScaleOfTheSupervisor) {
  Bench bench = make_bench({TileId{0}, isa::Arch::ipu21});
  Program w(worker_code);
  w.add(Opcode::uget_aaan_zi, {0, upper("FP_NFMT")});
  w.add(Opcode::uget_aaan_zi, {1, upper("FP_SCL")});
  w.add(Opcode::setzi_aaan_zi, {2, 0xFFFFF});
  w.add(Opcode::uput_aaan_zi, {2, upper("FP_NFMT")});
  w.add(Opcode::uput_aaan_zi, {2, upper("FP_SCL")});
  w.add(Opcode::uget_aaan_zi, {3, upper("FP_NFMT")});
  w.add(Opcode::uget_aaan_zi, {4, upper("FP_SCL")});
  w.add(Opcode::exitz_mmmn, {15});
  bench.load(w);
  Program p(code);
  p.set_m(1, worker_code.value());
  p.set_m(2, 0xFFFFFFFE);
  p.add(Opcode::put_mmmn_zi, {2, lower("FP_INFMT")});
  p.add(Opcode::put_mmmn_zi, {2, lower("FP_ISCL")});
  p.add(Opcode::get_mmmn_zi, {3, lower("FP_INFMT")});
  p.add(Opcode::get_mmmn_zi, {4, lower("FP_ISCL")});
  p.add(Opcode::run_mmmn_zi, {1, 15, 0});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(Context::supervisor(), 3), 2U);
  EXPECT_EQ(bench.m(Context::supervisor(), 4), 0x3EU);
  EXPECT_EQ(bench.a(0, 0), 2U);
  EXPECT_EQ(bench.a(0, 1), 0x3EU);
  EXPECT_EQ(bench.a(0, 3), 3U);
  EXPECT_EQ(bench.a(0, 4), 0x3FU);
  EXPECT_EQ(bench.csr(Context::worker(1), "FP_NFMT"), 0U);  // not launched
}

TEST_P(QuarterCases, OtherArchitecturesHaveNoneOfIt) {
  for (const isa::Arch arch : {isa::Arch::ipu1, isa::Arch::ipu2}) {
    for (const Opcode opcode :
         {Opcode::f16v2tof8_aaan, Opcode::f16v8tof8_aaan, Opcode::f8v2tof16_aaan, Opcode::f8v4class_aaan,
          Opcode::f8v4tof16_aaan, Opcode::f8v8hihov4amp_aaan_ef, Opcode::f8v8hihov4slic_aaan_ef}) {
      Bench bench = make_bench({TileId{0}, arch});
      Program p(worker_code);
      p.add_word(isa::instruction(opcode).match);
      EXPECT_EQ(bench.run_worker(p).exception.cause, ExceptionCause::illegal_instruction)
          << isa::instruction(opcode).id;
    }
    for (const std::string_view name : {"FP_NFMT", "FP_SCL"}) {
      Bench bench = make_bench({TileId{0}, arch});
      Program p(worker_code);
      p.add(Opcode::uput_aaan_zi, {0, upper(name)});
      EXPECT_EQ(bench.run_worker(p).exception.cause, ExceptionCause::invalid_csr) << name;
    }
    for (const std::string_view name : {"FP_INFMT", "FP_ISCL"}) {
      Bench bench = make_bench({TileId{0}, arch});
      Program p(code);
      p.add(Opcode::put_mmmn_zi, {0, lower(name)});
      EXPECT_EQ(bench.run(p).exception.cause, ExceptionCause::invalid_csr) << name;
    }
  }
}

}  // namespace
}  // namespace ipusim::tile::test
