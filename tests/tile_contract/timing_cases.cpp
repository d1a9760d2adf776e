// SPDX-License-Identifier: Apache-2.0
// docs/timing.md, section 1 and 5: every number of isa/timing.yaml seen from outside, in exact cycles.
#include <gtest/gtest.h>

#include IPUSIM_TEST_TILE_HEADER
#include "tile_bench.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::tile_test;
using Cycles = std::vector<std::uint64_t>;

class Timing : public ::testing::Test {
 protected:
  TileBench bench{&IPUSIM_TEST_TILE};
  Cycles supervisor_cycles(const Program& p) {
    EXPECT_EQ(bench.run(p).reason, tile::StopReason::sync);
    return bench.cycles_of(Context::supervisor());
  }
};

TEST_F(Timing, IndependentInstructionsIssueEveryCycle) {
  Program p(code_base);
  p.set(0, 1).set(1, 2).set(2, 3).op("sync", {3});
  EXPECT_EQ(supervisor_cycles(p), (Cycles{0, 1, 2, 3}));
}

TEST_F(Timing, DependentInstructionWaitsSix) {
  Program p(code_base);
  p.set(0, 1).op("add_mmmn_si", {1, 0, 5}).op("sync", {3});
  EXPECT_EQ(supervisor_cycles(p), (Cycles{0, 6, 7}));
  EXPECT_EQ(bench.m(1), 6U);
}

TEST_F(Timing, IndependentInstructionsFillTheWait) {
  Program p(code_base);
  p.set(0, 1).set(2, 1).set(3, 1).op("add_mmmn_si", {1, 0, 5}).op("sync", {3});
  EXPECT_EQ(supervisor_cycles(p), (Cycles{0, 1, 2, 6, 7}));
}

TEST_F(Timing, ZeroRegisterNeverWaits) {
  Program p(code_base);
  p.set(15, 1).op("add_mmmn", {1, 15, 15}).op("sync", {3});
  EXPECT_EQ(supervisor_cycles(p), (Cycles{0, 1, 2}));
}

TEST_F(Timing, LoadResultWaitsSix) {
  Program p(code_base);
  p.set(0, data).nop().nop().nop().nop().nop();
  p.op("ld32_mmmn_zi", {0, 15, 0, 1}).op("add_mmmn", {2, 1, 1}).op("sync", {3});
  EXPECT_EQ(supervisor_cycles(p), (Cycles{0, 1, 2, 3, 4, 5, 6, 12, 13}));
}

TEST_F(Timing, TakenBranchWaitsSixAndSkips) {
  Program p(code_base);
  p.op("bri_mmmn_zi", {(code_base + 8) / 4}).set(0, 1).op("sync", {3});
  EXPECT_EQ(supervisor_cycles(p), (Cycles{0, 6}));
  EXPECT_EQ(bench.m(0), 0U);
}

TEST_F(Timing, BranchNotTakenCostsOne) {
  Program p(code_base);
  p.op("brnz_mmmn_zi", {15, code_base / 4}).op("sync", {3});
  EXPECT_EQ(supervisor_cycles(p), (Cycles{0, 1}));
}

// [code] a brnzdec loop of n passes takes 6(n-1)+1 cycles.
TEST_F(Timing, BrnzdecLoop) {
  constexpr unsigned n = 5;
  Program p(code_base);
  p.set(0, n - 1).nop().nop().nop().nop().nop();
  const std::uint32_t loop = p.here();
  p.op("brnzdec_mmmn_zi", {0, loop / 4}).op("sync", {3});
  const Cycles cycles = supervisor_cycles(p);
  EXPECT_EQ(cycles.back() - 6, 6 * (n - 1) + 1);
}

TEST_F(Timing, WhateverFollowsAPutWaitsSix) {
  Program p(code_base);
  p.op("put_mmmn_zi", {15, 0x21}).op("put_mmmn_zi", {15, 0x22}).op("get_mmmn_zi", {1, 0x21}).set(2, 1);
  p.op("put_mmmn_zi", {15, 0x23}).nop().op("sync", {3});
  EXPECT_EQ(supervisor_cycles(p), (Cycles{0, 6, 12, 13, 14, 20, 21}));
}

TEST_F(Timing, CycleCounterReadsItsIssueCycle) {
  Program p(code_base);
  p.nop().nop().nop().op("get_mmmn_zi", {1, 0x60}).op("sync", {3});
  supervisor_cycles(p);
  EXPECT_EQ(bench.m(1), 3U);
}

TEST_F(Timing, RunallStartsWorkersInTheirSlots) {
  Program w(worker_code);
  w.nop().op("exitz_mmmn", {15});
  ASSERT_EQ(bench.run_workers(w).reason, tile::StopReason::sync);
  // set, set, (6 after the second set) runall at 7: launch at 13, so slot n's first turn >= 13.
  EXPECT_EQ(bench.cycles_of(Context::worker(0)), (Cycles{18, 24}));
  EXPECT_EQ(bench.cycles_of(Context::worker(1)), (Cycles{13, 19}));
  EXPECT_EQ(bench.cycles_of(Context::worker(5)), (Cycles{17, 23}));
  // The supervisor gets its first slot back at 19 + 6 = 25; `sync 2` issues there; last exit 24, so sync 3 at
  // max(25, 24) + 6 = 31.
  EXPECT_EQ(bench.cycles_of(Context::supervisor()), (Cycles{0, 1, 7, 25, 31}));
}

TEST_F(Timing, SupervisorUsesTheSlotsWorkersLeave) {
  Program w(worker_code);
  for (int i = 0; i < 10; ++i) w.nop();
  w.op("exitz_mmmn", {15});
  bench.load(w);
  Program p(code_base);
  // run puts worker 0 into slot 0; its launch is at 7 + 6 = 13, first turn 18.
  p.set(0, worker_code).set(1, 0).op("run_mmmn_zi", {0, 1, 0});
  for (int i = 0; i < 12; ++i) p.nop();
  p.op("sync", {3});
  // 18 and 24 belong to worker 0: the nops from 13 on take 13..17, 19..23, 25, 26; sync needs no csr wait.
  EXPECT_EQ(supervisor_cycles(p), (Cycles{0, 1, 7, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 25, 26, 27}));
}

TEST_F(Timing, SyncLocalWithoutWorkersTakesSix) {
  Program p(code_base);
  p.op("sync", {2}).op("sync", {3});
  EXPECT_EQ(supervisor_cycles(p), (Cycles{0, 6}));
}

TEST_F(Timing, ReleasedSyncGoesOnAtTheReleaseCycle) {
  Program p(code_base);
  p.nop().op("sync", {3}).nop().op("sync", {7});
  const auto first = bench.run(p);
  EXPECT_EQ(first.cycle, Cycle{1});
  EXPECT_EQ(first.sync_zone, 3U);
  bench.tile->release_sync(Cycle{127});
  const auto second = bench.tile->advance(Cycle{1000});
  EXPECT_EQ(second.reason, tile::StopReason::sync);
  EXPECT_EQ(second.sync_zone, 7U);
  EXPECT_EQ(bench.cycles_of(Context::supervisor()), (Cycles{0, 1, 127, 128}));
}

TEST_F(Timing, WorkersGoOnWhileTheSupervisorWaits) {
  Program w(worker_code);
  w.set(2, 1).set(3, 2).op("exitz_mmmn", {15});
  bench.load(w);
  Program p(code_base);
  p.set(0, worker_code).set(1, 0).op("run_mmmn_zi", {0, 1, 0}).op("sync", {3}).op("sync", {3});
  ASSERT_EQ(bench.run(p).cycle, Cycle{13});
  bench.tile->release_sync(Cycle{140});
  EXPECT_EQ(bench.tile->advance(Cycle{1000}).cycle, Cycle{140});
  EXPECT_EQ(bench.cycles_of(Context::worker(0)), (Cycles{18, 24, 30}));
  EXPECT_EQ(bench.m(3, Context::worker(0)), 2U);
}

TEST_F(Timing, RepeatRunsItsBodyCountTimes) {
  Program w(worker_code);
  w.nop().op("rpt_mmmn_zi_zi", {4, 1});
  w.bundle(words("add_mmmn_si", {0, 0, 1}), words("setzi_aaan_zi", {13, 0}));
  w.bundle(words("add_mmmn_si", {1, 1, 2}), words("setzi_aaan_zi", {13, 0}));
  w.op("exitz_mmmn", {15});
  bench.run_workers(w);
  const Cycles cycles = bench.cycles_of(Context::worker(1));
  ASSERT_EQ(cycles.size(), 2U + 8U + 1U);
  EXPECT_EQ(cycles.back() - cycles.front(), 6U * 10U);
  EXPECT_EQ(bench.m(0, Context::worker(1)), 4U);
  EXPECT_EQ(bench.m(1, Context::worker(1)), 8U);
}

TEST_F(Timing, RepeatOfZeroSkipsTheBody) {
  Program w(worker_code);
  w.nop().op("rpt_mmmn_zi", {15, 0});
  w.bundle(words("add_mmmn_si", {0, 0, 1}), words("setzi_aaan_zi", {13, 0}));
  w.op("exitz_mmmn", {15});
  bench.run_workers(w);
  EXPECT_EQ(bench.cycles_of(Context::worker(1)).size(), 3U);
  EXPECT_EQ(bench.m(0, Context::worker(1)), 0U);
}

// A bundle issued at t is fetched with the stores issued up to t - 5 and none later.
TEST_F(Timing, StoreIntoCodeIsSeenFiveCyclesLater) {
  for (const unsigned distance : {4U, 5U}) {
    TileBench b{&IPUSIM_TEST_TILE};
    Program p(code_base);
    const std::uint32_t patch_data = data;
    p.set(0, patch_data).nop().nop().nop().nop().nop();
    p.op("ld32_mmmn_zi", {0, 15, 0, 1}).set(2, code_base + 4 * (14 + distance));
    for (int i = 0; i < 6; ++i) p.nop();
    p.op("st32_mmmn_zi", {2, 15, 0, 1});  // word 14, issues at cycle 14
    for (unsigned i = 1; i < distance; ++i) p.nop();
    p.set(3, 1);  // patched to set(3, 2)
    p.op("sync", {3});
    b.poke(patch_data, {words("setzi_mmmn_zi", {3, 2})[0]});
    ASSERT_EQ(b.run(p).reason, tile::StopReason::sync);
    EXPECT_EQ(b.m(3), distance < 5 ? 1U : 2U) << "distance " << distance;
  }
}

}  // namespace
