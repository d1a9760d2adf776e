// SPDX-License-Identifier: Apache-2.0
// What the modelled instructions compute; expected values worked from the ISA's own definitions.
#include <gtest/gtest.h>

#include IPUSIM_TEST_TILE_HEADER
#include "tile_bench.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::tile_test;
using U = std::uint32_t;

class Semantics : public ::testing::Test {
 protected:
  TileBench bench{&IPUSIM_TEST_TILE};
  static constexpr Context w0 = Context::worker(0);

  // Runs one main-lane instruction on a worker with $m2 = x, $m3 = y (from memory), result in $m4.
  U m_op(std::string_view id, std::initializer_list<std::int64_t> operands, U x, U y = 0) {
    TileBench b{&IPUSIM_TEST_TILE};
    b.poke(data, {x, y});
    Program w(worker_code);
    w.op("ld32_mmmn_zi", {13, 15, 0, 2}).op("ld32_mmmn_zi", {13, 15, 1, 3}).op(id, operands);
    w.op("exitz_mmmn", {15});
    EXPECT_EQ(b.run_workers(w).reason, tile::StopReason::sync) << id;
    return b.m(4, w0);
  }
  // One aux-lane instruction with $a0:3 loaded from memory, result $a4 (and $a5).
  std::pair<U, U> a_op(std::string_view id, std::initializer_list<std::int64_t> operands, std::vector<U> in) {
    TileBench b{&IPUSIM_TEST_TILE};
    in.resize(4);
    b.poke(data, in);
    Program w(worker_code);
    w.op("ld128_mman_zi", {13, 15, 0, 0}).op(id, operands).op("exitz_mmmn", {15});
    EXPECT_EQ(b.run_workers(w).reason, tile::StopReason::sync) << id;
    return {b.a(4, w0), b.a(5, w0)};
  }
};

TEST_F(Semantics, IntegerArithmetic) {
  EXPECT_EQ(m_op("add_mmmn", {4, 2, 3}, 0xFFFFFFFF, 2), 1U);
  EXPECT_EQ(m_op("add_mmmn_si", {4, 2, -1}, 0), 0xFFFFFFFFU);
  EXPECT_EQ(m_op("add_mmmn_zi", {4, 2, 0xFFFF}, 1), 0x10000U);
  // sub $d, $op2, $op1: first written source minus second.
  EXPECT_EQ(m_op("sub_mmmn", {4, 3, 2}, 10, 3), 7U);
  EXPECT_EQ(m_op("sub_mmmn_si", {4, 2, 5}, 7), 0xFFFFFFFEU);
  EXPECT_EQ(m_op("mul_mmmn", {4, 2, 3}, 0x10001, 0x10001), 0x20001U);
  EXPECT_EQ(m_op("mul_mmmn_si", {4, 2, -3}, 5), 0xFFFFFFF1U);
  EXPECT_EQ(m_op("abs_mmmn", {4, 2}, 0xFFFFFFFB), 5U);
  EXPECT_EQ(m_op("abs_mmmn", {4, 2}, 0x80000000), 0U);
  EXPECT_EQ(m_op("max_mmmn", {4, 2, 3}, 0x80000000, 1), 1U);
  EXPECT_EQ(m_op("min_mmmn_si", {4, 2, -2}, 1), 0xFFFFFFFEU);
}

TEST_F(Semantics, LogicAndShifts) {
  EXPECT_EQ(m_op("andc_mmmn_zi", {4, 2, 0xF}, 0xFF), 0xF0U);
  EXPECT_EQ(m_op("or_mmmn_iz", {4, 2, 0xABC}, 0x00012345), 0xABC12345U);
  EXPECT_EQ(m_op("xnor_mmmn", {4, 2, 3}, 0xF0F0F0F0, 0xFF00FF00), 0xF00FF00FU);
  EXPECT_EQ(m_op("shl_mmmn", {4, 2, 3}, 1, 31), 0x80000000U);
  EXPECT_EQ(m_op("shl_mmmn", {4, 2, 3}, 1, 32), 0U);
  EXPECT_EQ(m_op("shr_mmmn", {4, 2, 3}, 0x80000000, 31), 1U);
  EXPECT_EQ(m_op("shr_mmmn_zi", {4, 2, 4095}, 0x80000000), 0U);
  EXPECT_EQ(m_op("shrs_mmmn", {4, 2, 3}, 0x80000000, 40), 0xFFFFFFFFU);
  EXPECT_EQ(m_op("shrs_mmmn_zi", {4, 2, 4}, 0x80000000), 0xF8000000U);
}

TEST_F(Semantics, BitCounts) {
  EXPECT_EQ(m_op("clz_mmmn", {4, 2}, 0), 32U);
  EXPECT_EQ(m_op("clz_mmmn", {4, 2}, 0x00010000), 15U);
  EXPECT_EQ(m_op("cms_mmmn", {4, 2}, 0), 31U);
  EXPECT_EQ(m_op("cms_mmmn", {4, 2}, 0xFFFFFFFF), 31U);
  EXPECT_EQ(m_op("cms_mmmn", {4, 2}, 0x40000000), 0U);
  EXPECT_EQ(m_op("cms_mmmn", {4, 2}, 0xC0000000), 1U);
  EXPECT_EQ(m_op("popc_mmmn", {4, 2}, 0xF00F0001), 9U);
  EXPECT_EQ(m_op("bitrev8_mmmn", {4, 2}, 0x01020380), 0x8040C001U);
}

TEST_F(Semantics, Compares) {
  EXPECT_EQ(m_op("cmpeq_mmmn_si", {4, 2, -1}, 0xFFFFFFFF), 1U);
  EXPECT_EQ(m_op("cmpeq_mmmn_zi", {4, 2, 0xFFFF}, 0xFFFFFFFF), 0U);
  EXPECT_EQ(m_op("cmpne_mmmn", {4, 2, 3}, 1, 2), 1U);
  EXPECT_EQ(m_op("cmpslt_mmmn", {4, 2, 3}, 0x80000000, 0), 1U);
  EXPECT_EQ(m_op("cmpult_mmmn", {4, 2, 3}, 0x80000000, 0), 0U);
  EXPECT_EQ(m_op("movz_mmmn", {2, 4, 3}, 1, 77), 77U);  // moves when the condition is not zero
  EXPECT_EQ(m_op("movz_mmmn", {2, 4, 3}, 0, 77), 0U);
}

TEST_F(Semantics, Permutes) {
  const U x = 0x33221100, y = 0x77665544;
  EXPECT_EQ(m_op("sort4x16lo_mmmn", {4, 2, 3}, x, y), 0x55441100U);
  EXPECT_EQ(m_op("sort4x16hi_mmmn", {4, 2, 3}, x, y), 0x77663322U);
  EXPECT_EQ(m_op("roll16_mmmn", {4, 2, 3}, x, y), 0x55443322U);
  EXPECT_EQ(m_op("roll8l_mmmn", {4, 2, 3}, x, y), 0x66554433U);
  EXPECT_EQ(m_op("roll8r_mmmn", {4, 2, 3}, x, y), 0x44332211U);
  EXPECT_EQ(m_op("shuf8x8lo_mmmn", {4, 2, 3}, x, y), 0x55114400U);
  EXPECT_EQ(m_op("shuf8x8hi_mmmn", {4, 2, 3}, x, y), 0x77336622U);
  EXPECT_EQ(m_op("sort8x8lo_mmmn", {4, 2, 3}, x, y), 0x66442200U);
  EXPECT_EQ(m_op("sort8x8hi_mmmn", {4, 2, 3}, x, y), 0x77553311U);
  EXPECT_EQ(m_op("sort8_mmmn", {4, 2}, x), 0x33112200U);
  EXPECT_EQ(m_op("swap8_mmmn", {4, 2}, x), 0x22330011U);
}

TEST_F(Semantics, ArfPermutesAndLogic) {
  const std::vector<U> in = {0x11110000, 0x33332222, 0x55554444, 0x77776666};
  using Pair = std::pair<U, U>;
  EXPECT_EQ(a_op("sort4x16lo_aaau", {4, 0, 2}, in).first, 0x44441111U);
  EXPECT_EQ(a_op("sort4x16hi_aaal", {4, 0, 2}, in).first, 0x55550000U);
  EXPECT_EQ(a_op("sort4x32lo_aaan", {4, 0, 2}, in), (Pair{in[0], in[2]}));
  EXPECT_EQ(a_op("sort4x32hi_aaan", {4, 0, 2}, in), (Pair{in[1], in[3]}));
  EXPECT_EQ(a_op("roll32_aaan", {4, 0, 2}, in), (Pair{in[1], in[2]}));
  EXPECT_EQ(a_op("andc64_aaan", {4, 0, 2}, in), (Pair{in[0] & ~in[2], in[1] & ~in[3]}));
  EXPECT_EQ(a_op("not64_aaan", {4, 0}, in), (Pair{~in[0], ~in[1]}));
  EXPECT_EQ(a_op("or_aaan_iz", {4, 14, 0x3F8}, in).first, 0x3F800000U);
}

TEST_F(Semantics, FloatScalarVectorAndBroadcast) {
  const std::vector<U> in = {0x3F800000, 0x40000000, 0x40400000, 0xC0800000};  // 1, 2, 3, -4
  using Pair = std::pair<U, U>;
  EXPECT_EQ(a_op("f32add_aaan", {4, 0, 2}, in).first, 0x40800000U);                   // 4
  EXPECT_EQ(a_op("f32sub_aaan", {4, 0, 2}, in).first, 0xC0000000U);                   // -2
  EXPECT_EQ(a_op("f32v2mul_aaan", {4, 0, 2}, in), (Pair{0x40400000U, 0xC1000000U}));  // 3, -8
  EXPECT_EQ(a_op("f32v2add_aaat", {4, 1, 2}, in), (Pair{0x40A00000U, 0xC0000000U}));  // 5, -2
  EXPECT_EQ(a_op("f32cmplt_aaan", {4, 0, 2}, in).first, 0xFFFFFFFFU);
  EXPECT_EQ(a_op("f32v2cmpge_aaan", {4, 0, 2}, in), (Pair{0U, 0xFFFFFFFFU}));
}

TEST_F(Semantics, LoadsExtendAndBroadcast) {
  bench.poke(data, {0x8081F2F3, 0x12345678});
  Program w(worker_code);
  w.op("lds8_mmmn_zi", {13, 15, 1, 0}).op("ldz8_mmmn_zi", {13, 15, 3, 1});
  w.op("lds16_mmmn_zi", {13, 15, 1, 2}).op("ldz16_mmmn_zi", {13, 15, 0, 3});
  w.op("ldb16_mman_zi", {13, 15, 3, 0}).op("exitz_mmmn", {15});
  bench.run_workers(w);
  EXPECT_EQ(bench.m(0, w0), 0xFFFFFFF2U);
  EXPECT_EQ(bench.m(1, w0), 0x80U);
  EXPECT_EQ(bench.m(2, w0), 0xFFFF8081U);
  EXPECT_EQ(bench.m(3, w0), 0xF2F3U);
  EXPECT_EQ(bench.a(0, w0), 0x12341234U);
}

TEST_F(Semantics, StepScalesByTheAccessAndLoadedDataWin) {
  bench.poke(data, {1, 2, 3, 4});
  Program w(worker_code);
  w.set(0, 8).op("ld64step_mmbn_si", {13, 0, -1, 2});  // reads data+8, $m0 = 0
  w.set(1, 1).op("ld32step_mmmn", {13, 15, 1, 5});     // $m15 stays 0
  w.set(2, 4).op("ld32step_mmmn_si", {13, 2, 3, 2});   // destination is the address register
  w.op("exitz_mmmn", {15});
  bench.run_workers(w);
  EXPECT_EQ(bench.a(2, w0), 3U);
  EXPECT_EQ(bench.a(3, w0), 4U);
  EXPECT_EQ(bench.m(0, w0), 0U);
  EXPECT_EQ(bench.m(5, w0), 1U);
  EXPECT_EQ(bench.m(2, w0), 2U);
}

TEST_F(Semantics, StoresReachMemory) {
  bench.poke(data, {11, 22, 33, 44});
  Program w(worker_code);
  w.op("ld64_mman_zi", {13, 15, 0, 0}).set(0, data + 0x100).set(1, 7);
  w.op("st64_mbmn_zi", {0, 15, 1, 0});         // data+0x108: 11, 22
  w.op("st32_mmmn_zi", {0, 15, 4095, 1});      // largest offset
  w.op("stm32_mmmn", {0, 1, 1});               // data+0x100+28: 7
  w.op("st32step_mbmn_si", {0, 15, -128, 1});  // address $m0+$m15; the increment is dropped
  w.op("exitz_mmmn", {15});
  bench.run_workers(w);
  EXPECT_EQ(bench.peek(data + 0x108), 11U);
  EXPECT_EQ(bench.peek(data + 0x10C), 22U);
  EXPECT_EQ(bench.peek(data + 0x100 + 4095 * 4), 7U);
  EXPECT_EQ(bench.peek(data + 0x100 + 28), 7U);
  EXPECT_EQ(bench.peek(data + 0x100), 22U);
}

TEST_F(Semantics, BundleHalvesReadBeforeEitherWrites) {
  bench.poke(data, {0x11, 0x22});
  Program w(worker_code);
  w.op("ld64_mman_zi", {13, 15, 0, 0}).nop();
  w.bundle(words("atom_mamn", {0, 0}), words("or_aaan", {0, 1, 1}));  // main reads $a0, aux writes it
  w.bundle(words("ld32_mman_zi", {13, 15, 0, 2}), words("or_aaan", {3, 2, 2}));  // aux reads the old $a2
  w.op("exitz_mmmn", {15});
  bench.run_workers(w);
  EXPECT_EQ(bench.m(0, w0), 0x11U);
  EXPECT_EQ(bench.a(0, w0), 0x22U);
  EXPECT_EQ(bench.a(2, w0), 0x11U);
  EXPECT_EQ(bench.a(3, w0), 0U);
}

TEST_F(Semantics, WorkersKnowThemselves) {
  Program w(worker_code);
  w.op("get_mmmn_zi", {0, 1}).op("get_mmmn_zi", {1, 2}).op("or_mmmn", {2, 13, 15}).op("or_mmmn", {3, 12, 15});
  w.op("exitz_mmmn", {15});
  bench.load(w);
  Program p(code_base);
  p.set(2, 0x60000).op("put_mmmn_zi", {2, 0x23});  // WORKER2_BASE
  p.set(0, worker_code).set(1, data).op("runall_mmmn_zi", {0, 1, 3}).op("sync", {2}).op("sync", {3});
  bench.run(p);
  for (unsigned n = 0; n < 6; ++n) {
    EXPECT_EQ(bench.m(0, Context::worker(n)) & 7U, n);
    EXPECT_EQ(bench.m(1, Context::worker(n)), data + 12 * n);
    EXPECT_EQ(bench.m(2, Context::worker(n)), data + 12 * n);
    EXPECT_EQ(bench.m(3, Context::worker(n)), n == 2 ? 0x60000U : 0U);
  }
}

TEST_F(Semantics, LocalConditionIsTheAndOfExitCodes) {
  Program w(worker_code);
  w.op("get_mmmn_zi", {0, 1})
      .op("and_mmmn_zi", {0, 0, 7})
      .op("cmpeq_mmmn_zi", {0, 0, 3})
      .op("exitz_mmmn", {0});
  bench.load(w);
  Program p(code_base);
  p.set(5, 2).op("put_mmmn_zi", {5, 2}).set(0, worker_code).set(1, data);
  p.op("get_mmmn_zi", {6, 1}).op("runall_mmmn_zi", {0, 1, 0}).op("sync", {2}).op("get_mmmn_zi", {7, 1});
  p.op("sync", {3});
  bench.run(p);
  EXPECT_EQ(bench.m(6) & 1U, 1U);  // set through CR
  EXPECT_EQ(bench.m(7) & 1U, 0U);  // worker 3 left with exitz of 1: false
}

TEST_F(Semantics, PrngSeedSpreads) {
  Program w(worker_code);
  w.op("setzi_aaan_zi", {0, 0x12345}).op("uput_aaan_zi", {0, 7});
  for (int i = 0; i < 4; ++i) w.op("uget_aaan_zi", {1 + i, 3 + i});
  w.op("exitz_mmmn", {15});
  bench.run_workers(w);
  const U v = 0x12345;
  EXPECT_EQ(bench.a(1, w0), v);
  EXPECT_EQ(bench.a(2, w0), ~v);
  EXPECT_EQ(bench.a(3, w0), v << 13 | ~v >> 19);
  EXPECT_EQ(bench.a(4, w0), ~v << 13 | v >> 19);
}

TEST_F(Semantics, FlagsAreStickyUntilCleared) {
  bench.poke(data, {0x7F7FFFFF, 0x7FC00000});  // largest f32, NaN
  Program w(worker_code);
  w.op("ld64_mman_zi", {13, 15, 0, 0}).op("f32add_aaan", {2, 0, 0}).op("uget_aaan_zi", {3, 0});
  w.op("f32add_aaan", {2, 1, 0}).op("uget_aaan_zi", {4, 0});
  w.op("setzi_aaan_zi", {5, 4}).op("uput_aaan_zi", {5, 1}).op("uget_aaan_zi", {6, 0}).op("exitz_mmmn", {15});
  bench.run_workers(w);
  EXPECT_EQ(bench.a(3, w0), 4U);
  EXPECT_EQ(bench.a(4, w0), 5U);
  EXPECT_EQ(bench.a(6, w0), 1U);
}

}  // namespace
