// SPDX-License-Identifier: Apache-2.0
// What a tile does never depends on how its advance() calls are sliced, on when the exchange learns of words,
// or on being observed.
#include "cases.hpp"
#include "whole_runs.hpp"

namespace ipusim::tile::test {
namespace {

TEST_P(SlicingCases, RandomSlices) {
  const WholeRun whole = busy_run(GetParam(), true, 0);
  ASSERT_EQ(whole.syncs.size(), 5U);
  ASSERT_GT(whole.retired.size(), 1000U);
  ASSERT_GT(whole.received.size(), 100U);
  ASSERT_EQ(whole.sent.size(), 4U * 22U);
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const WholeRun sliced = busy_run(GetParam(), true, seed);
    ASSERT_EQ(sliced.syncs, whole.syncs) << "seed " << seed;
    ASSERT_TRUE(sliced == whole) << "seed " << seed;
  }
}

TEST_P(SlicingCases, SlicesOfOneCycle) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::delay, {20});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  bench.load(p);
  bench.tile().start(code, first_cycle);
  StopReport report;
  for (std::uint64_t t = 1; t < 60 && report.reason != StopReason::sync; ++t) {
    report = bench.tile().advance(Cycle{t});
    EXPECT_EQ(bench.tile().now().value(), t);
  }
  expect_sync(report);
  EXPECT_EQ(report.cycle.value(), 39U);  // 12 + 21 + 6
}

TEST_P(SlicingCases, AnObserverChangesNothing) {
  WholeRun observed = busy_run(GetParam(), true, 0);
  observed.retired.clear();
  observed.received.clear();
  observed.hazards.clear();
  for (const unsigned seed : {0U, 1U, 2U, 3U}) {
    const WholeRun unobserved = busy_run(GetParam(), false, seed);
    EXPECT_TRUE(unobserved == observed) << "seed " << seed;
  }
}

// ---- Random programs on all six workers

TEST_P(SlicingCases, RandomProgramsRunAlikeObservedOrNot) {
  const std::uint32_t programs = GetParam().name == "fast" ? 400 : 20;
  std::uint32_t finished = 0;
  for (std::uint32_t seed = 0; seed < programs; ++seed) {
    const RandomRun observed = random_run(GetParam(), true, seed);
    const RandomRun unobserved = random_run(GetParam(), false, seed);
    ASSERT_EQ(unobserved.stop.reason, observed.stop.reason) << "seed " << seed;
    ASSERT_EQ(unobserved.stop.cycle.value(), observed.stop.cycle.value()) << "seed " << seed;
    ASSERT_TRUE(unobserved.stop.exception == observed.stop.exception) << "seed " << seed;
    ASSERT_TRUE(unobserved.state == observed.state) << "seed " << seed;
    finished += observed.stop.reason == StopReason::sync ? 1U : 0U;
  }
  // Else the programs are not what they should be.
  EXPECT_GT(finished, programs / 3);
  EXPECT_LT(finished, programs + (programs < 100 ? 1U : 0U));
}

TEST_P(SlicingCases, AdvancingToNowDoesNothing) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::setzi_mmmn_zi, {0, 1});
  p.add(Opcode::sync, {3});
  bench.load(p);
  bench.tile().start(code, first_cycle);
  EXPECT_EQ(bench.tile().advance(Cycle{13}).reason, StopReason::limit);
  EXPECT_EQ(bench.tile().advance(Cycle{13}).reason, StopReason::limit);
  EXPECT_EQ(bench.tile().now().value(), 13U);
  EXPECT_EQ(bench.recorder().retired.size(), 1U);
}

}  // namespace
}  // namespace ipusim::tile::test
