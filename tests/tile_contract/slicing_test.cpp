// SPDX-License-Identifier: Apache-2.0
// Cutting a run into slices of any length changes nothing.
#include <gtest/gtest.h>

#include <random>

#include IPUSIM_TEST_TILE_HEADER
#include "tile_bench.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::tile_test;

Program busy_worker() {
  Program w(worker_code);
  w.set(0, 20).set(1, 0);
  const std::uint32_t loop = w.here();
  w.op("ld32step_mmmn_si", {13, 1, 1, 2}).op("add_mmmn", {3, 3, 2}).op("brnzdec_mmmn_zi", {0, loop / 4});
  w.op("exitz_mmmn", {15});
  return w;
}

TEST(Slicing, RandomSlicesGiveTheSameRecords) {
  TileBench whole{&IPUSIM_TEST_TILE};
  whole.run_workers(busy_worker());
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    TileBench sliced{&IPUSIM_TEST_TILE};
    sliced.load(busy_worker());
    Program supervisor(code_base);
    supervisor.set(0, worker_code).set(1, data).op("runall_mmmn_zi", {0, 1, 0});
    supervisor.op("sync", {2}).op("sync", {3});
    sliced.load(supervisor);
    sliced.tile->start(ByteAddr{code_base}, Cycle{0});
    tile::StopReport stop;
    do {
      stop = sliced.tile->advance(sliced.tile->now() + 1 + random() % 40);
    } while (stop.reason == tile::StopReason::limit);
    EXPECT_EQ(stop.reason, tile::StopReason::sync);
    ASSERT_EQ(sliced.recorder.retired, whole.recorder.retired);
  }
}

}  // namespace
