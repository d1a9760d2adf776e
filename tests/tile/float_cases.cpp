// SPDX-License-Identifier: Apache-2.0
// f32 on the aux lane: every operation and form, flags, rounding, exceptions. The arithmetic itself is
// checked against MPFR in tests/arith.
#include <bit>

#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

constexpr std::uint32_t yes = 0xFFFFFFFF;
constexpr std::uint32_t f(float value) { return std::bit_cast<std::uint32_t>(value); }
constexpr std::uint32_t infinity = 0x7F800000;
constexpr std::uint32_t nan = 0x7FC00000;
constexpr std::uint32_t max_finite = 0x7F7FFFFF;

std::uint32_t upper(std::string_view name) { return isa::find_csr(isa::Mode::worker, name)->index & 0xFFU; }

// With x = (1.5, -2) and y = (0.25, -2); `mixed` is x[0] with y[1].
struct Forms {
  Opcode scalar;
  Opcode two_lanes;
  Opcode broadcast;
  std::uint32_t first;   // x[0] with y[0]
  std::uint32_t second;  // x[1] with y[1]
  std::uint32_t mixed;
};

const Forms all_forms[] = {
    {Opcode::f32add_aaan, Opcode::f32v2add_aaan, Opcode::f32v2add_aaat, f(1.75F), f(-4.0F), f(-0.5F)},
    {Opcode::f32sub_aaan, Opcode::f32v2sub_aaan, Opcode::f32v2sub_aaat, f(1.25F), f(0.0F), f(3.5F)},
    {Opcode::f32mul_aaan, Opcode::f32v2mul_aaan, Opcode::f32v2mul_aaat, f(0.375F), f(4.0F), f(-3.0F)},
    {Opcode::f32cmpeq_aaan, Opcode::f32v2cmpeq_aaan, Opcode::f32v2cmpeq_aaat, 0, yes, 0},
    {Opcode::f32cmpne_aaan, Opcode::f32v2cmpne_aaan, Opcode::f32v2cmpne_aaat, yes, 0, yes},
    {Opcode::f32cmplt_aaan, Opcode::f32v2cmplt_aaan, Opcode::f32v2cmplt_aaat, 0, 0, 0},
    {Opcode::f32cmple_aaan, Opcode::f32v2cmple_aaan, Opcode::f32v2cmple_aaat, 0, yes, 0},
    {Opcode::f32cmpgt_aaan, Opcode::f32v2cmpgt_aaan, Opcode::f32v2cmpgt_aaat, yes, 0, yes},
    {Opcode::f32cmpge_aaan, Opcode::f32v2cmpge_aaan, Opcode::f32v2cmpge_aaat, yes, yes, yes},
};

TEST_P(FloatCases, EveryOperationInEveryForm) {
  Bench bench = make_bench();
  std::uint32_t offset = 0x800;
  for (const float value : {1.5F, -2.0F, 0.25F, -2.0F}) {
    bench.store_word(data + offset, f(value));
    offset += 4;
  }
  Program p(worker_code);
  p.set_m(8, data.value());
  p.add(Opcode::ld64_mman_zi, {8, 15, 0x100, 2});  // x
  p.add(Opcode::ld64_mman_zi, {8, 15, 0x101, 4});  // y
  std::uint32_t slot = 0;
  for (const Forms& forms : all_forms) {
    p.add(forms.scalar, {0, 2, 4});
    p.add(Opcode::setzi_aaan_zi, {1, 0x777});
    p.add(Opcode::st64_mbmn_zi, {8, 15, slot++, 0});
    p.add(forms.two_lanes, {0, 2, 4});
    p.add(Opcode::st64_mbmn_zi, {8, 15, slot++, 0});
    p.add(forms.broadcast, {0, 2, 4});
    p.add(Opcode::st64_mbmn_zi, {8, 15, slot++, 0});
  }
  // The destination may overlap the sources.
  p.add(Opcode::f32v2add_aaat, {2, 2, 4});
  p.add(Opcode::st64_mbmn_zi, {8, 15, slot, 2});
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  slot = 0;
  const auto expect = [&](Opcode opcode, std::uint32_t low, std::uint32_t high) {
    EXPECT_EQ(bench.word(data + 8 * slot), low) << isa::instruction(opcode).id;
    EXPECT_EQ(bench.word(data + 8 * slot + 4), high) << isa::instruction(opcode).id;
    ++slot;
  };
  for (const Forms& forms : all_forms) {
    expect(forms.scalar, forms.first, 0x777);
    expect(forms.two_lanes, forms.first, forms.second);
    expect(forms.broadcast, forms.first, forms.mixed);
  }
  expect(Opcode::f32v2add_aaat, f(1.75F), f(-0.5F));
  EXPECT_EQ(bench.csr(Context::worker(0), "FP_STS"), 0U);
}

struct FlagCase {
  Opcode opcode;
  std::uint32_t x;
  std::uint32_t y;
  std::uint32_t result;
  std::uint32_t flags;  // INV 1, DIV0 2, OFLO 4
};

const FlagCase flag_cases[] = {
    {Opcode::f32sub_aaan, infinity, infinity, nan, 1},
    {Opcode::f32mul_aaan, infinity, 0x80000000, nan, 1},
    {Opcode::f32add_aaan, 0xFFC12345, 0, nan, 1},  // any NaN, payload and sign lost
    {Opcode::f32add_aaan, infinity, f(1.0F), infinity, 0},
    {Opcode::f32mul_aaan, max_finite, max_finite, infinity, 4},
    {Opcode::f32mul_aaan, 0x00800000, 0xBF000000, 0x80000000, 0},  // flushed, no flag
    {Opcode::f32add_aaan, 0x007FFFFF, 0x007FFFFF, 0, 0},           // denormals read as zero
    {Opcode::f32cmpeq_aaan, nan, nan, 0, 1},
    {Opcode::f32cmpne_aaan, nan, f(1.0F), yes, 1},
    {Opcode::f32cmple_aaan, 0x7F800001, infinity, 0, 1},
    {Opcode::f32cmpeq_aaan, 0x80000000, 0x00000001, yes, 0},
};

// Loads x and y into a0 and a1 and computes a2; FP_CTL first.
Program flag_program(Bench& bench, const FlagCase& c, std::uint32_t control) {
  bench.store_word(data, c.x);
  bench.store_word(data + 4, c.y);
  bench.store_word(data + 8, control);
  Program p(worker_code);
  p.set_m(8, data.value());
  p.add(Opcode::ld32_mman_zi, {8, 15, 2, 3});
  p.add(Opcode::uput_aaan_zi, {3, upper("FP_CTL")});
  p.add(Opcode::ld64_mman_zi, {8, 15, 0, 0});
  p.align(8);
  return p;
}

TEST_P(FloatCases, FlagsAreStickyAndReported) {
  for (const FlagCase& c : flag_cases) {
    Bench bench = make_bench();
    Program p = flag_program(bench, c, 0);
    const ByteAddr at = p.add(c.opcode, {2, 0, 1});
    p.add(Opcode::f32add_aaan, {3, 15, 15});
    p.add(Opcode::exitz_mmmn, {15});
    expect_sync(bench.run_worker(p));
    EXPECT_EQ(bench.a(0, 2), c.result)
        << isa::instruction(c.opcode).id << std::hex << " " << c.x << " " << c.y;
    EXPECT_EQ(bench.csr(Context::worker(0), "FP_STS"), c.flags) << isa::instruction(c.opcode).id;
    for (const RetireRecord& record : bench.recorder().retired) {
      if (record.pc == at) {
        std::vector<RegisterWrite> expected{{RegisterWrite::File::a, 2, c.result}};
        if (c.flags != 0) {
          expected.push_back({RegisterWrite::File::csr, 0x100, c.flags});
        }
        EXPECT_EQ(record.registers, expected);
      }
    }
  }
}

// Upwards: what lies far below the last place counts, and a negative sum out of range stays finite.
TEST_P(FloatCases, DirectedRounding) {
  constexpr std::uint32_t upwards = 1U << 16U;
  const FlagCase cases[] = {
      {Opcode::f32add_aaan, 0x3FFFFFFF, 0x34000001, 0x40000001, 0},  // 2 - 2^-23 + 2^-23 (1 + 2^-23)
      {Opcode::f32add_aaan, max_finite | 0x80000000, max_finite | 0x80000000, max_finite | 0x80000000, 4},
      {Opcode::f32mul_aaan, max_finite, max_finite, infinity, 4},
  };
  for (const FlagCase& c : cases) {
    Bench bench = make_bench();
    Program p = flag_program(bench, c, upwards);
    p.add(c.opcode, {2, 0, 1});
    p.add(Opcode::exitz_mmmn, {15});
    expect_sync(bench.run_worker(p));
    EXPECT_EQ(bench.a(0, 2), c.result) << std::hex << c.x << " " << c.y;
    EXPECT_EQ(bench.csr(Context::worker(0), "FP_STS"), c.flags);
  }
}

// An enabled flag excepts: FP_STS is updated, nothing else is written, in neither half.
TEST_P(FloatCases, EnabledFlagsExcept) {
  for (const FlagCase& c : flag_cases) {
    if (c.flags == 0) {
      continue;
    }
    Bench bench = make_bench();
    Program p = flag_program(bench, c, c.flags);
    const ByteAddr at =
        p.add_bundle(encode(Opcode::st32_mmmn_zi, {8, 15, 4, 8}), encode(c.opcode, {2, 0, 1}));
    p.add(Opcode::exitz_mmmn, {15});
    expect_exception(bench.run_worker(p),
                     {ExceptionType::floating_point, ExceptionCause::floating_point, Context::worker(0), at});
    EXPECT_EQ(bench.csr(Context::worker(0), "FP_STS"), c.flags);
    EXPECT_EQ(bench.csr(Context::worker(0), "WSR"), 5U << 4U);
    EXPECT_EQ(bench.a(0, 2), 0U);
    EXPECT_EQ(bench.word(data + 16), 0U);
    EXPECT_EQ(bench.tile().context_status(Context::worker(0)), 3U);
  }
}

// The main half stores what the aux half overwrites; the second pass excepts and must not store.
TEST_P(FloatCases, AnExceptionUndoesAStoreBesideIt) {
  for (const bool observed : {true, false}) {
    Bench bench = make_bench(observed);
    bench.store_word(data, f(1.0F));
    bench.store_word(data + 4, max_finite);
    Program p(worker_code);
    p.set_m(8, data.value());
    p.set_m(3, 1);
    p.add(Opcode::setzi_aaan_zi, {4, 4});
    p.add(Opcode::uput_aaan_zi, {4, upper("FP_CTL")});
    const ByteAddr loop = p.add(Opcode::ld32step_mmbn_si, {8, 2, 1, 0});
    p.align(8);
    const ByteAddr at =
        p.add_bundle(encode(Opcode::st32_mbmn_zi, {8, 2, 4, 2}), encode(Opcode::f32add_aaan, {2, 0, 0}));
    p.add(Opcode::brnzdec_mmmn_zi, {3, loop.value()});
    p.add(Opcode::exitz_mmmn, {15});
    bench.store_word(data + 0x18, 0x5555);
    expect_exception(bench.run_worker(p),
                     {ExceptionType::floating_point, ExceptionCause::floating_point, Context::worker(0), at});
    EXPECT_EQ(bench.word(data + 0x14), 0U);
    EXPECT_EQ(bench.word(data + 0x18), 0x5555U);
    EXPECT_EQ(bench.a(0, 2), f(2.0F));
    EXPECT_EQ(bench.csr(Context::worker(0), "FP_STS"), 4U);
  }
}

TEST_P(FloatCases, FlagsThatAreNotEnabledDoNotExcept) {
  for (const FlagCase& c : flag_cases) {
    Bench bench = make_bench();
    Program p = flag_program(bench, c, 7U & ~c.flags);
    p.add(c.opcode, {2, 0, 1});
    p.add(Opcode::exitz_mmmn, {15});
    expect_sync(bench.run_worker(p));
  }
}

TEST_P(FloatCases, RoundingModes) {
  // 1 + 2^-24 is a tie; -1 - 2^-24 likewise. Codes 5..7 act as nearest-even.
  const std::uint32_t one = f(1.0F);
  const std::uint32_t tiny = 0x33800000;
  struct Mode {
    std::uint32_t code;
    std::uint32_t positive;
    std::uint32_t negative;
  };
  for (const Mode mode : {Mode{0, 0, 0}, Mode{1, 1, 0}, Mode{2, 0, 1}, Mode{3, 0, 0}, Mode{4, 1, 1},
                          Mode{5, 0, 0}, Mode{6, 0, 0}, Mode{7, 0, 0}}) {
    Bench bench = make_bench();
    Program p = flag_program(bench, {Opcode::f32add_aaan, one, tiny, 0, 0}, mode.code << 16U);
    p.add(Opcode::f32add_aaan, {2, 0, 1});
    p.add(Opcode::or_aaan_iz, {0, 0, 0x80000000});
    p.add(Opcode::f32sub_aaan, {3, 0, 1});
    p.add(Opcode::exitz_mmmn, {15});
    expect_sync(bench.run_worker(p));
    EXPECT_EQ(bench.a(0, 2), one + mode.positive) << mode.code;
    EXPECT_EQ(bench.a(0, 3), (one | 0x80000000U) + mode.negative) << mode.code;
  }
}

// Both lanes' flags count, even when the destination is dropped.
TEST_P(FloatCases, FlagsOfBothLanes) {
  Bench bench = make_bench();
  Program p = flag_program(bench, {Opcode::f32v2add_aaan, max_finite, nan, 0, 0}, 0);
  p.add(Opcode::f32v2add_aaan, {14, 0, 0});
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.csr(Context::worker(0), "FP_STS"), 5U);
}

}  // namespace
}  // namespace ipusim::tile::test
