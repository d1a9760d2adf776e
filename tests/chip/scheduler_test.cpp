// SPDX-License-Identifier: Apache-2.0
// Every tile that is ready is stepped, and what steps make ready, by every scheduler.
#include "ipusim/chip/schedule/scheduler.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

using namespace ipusim;
using namespace ipusim::chip;

struct Kind {
  const char* name;
  std::function<std::unique_ptr<Scheduler>()> make;
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class Schedulers : public ::testing::TestWithParam<Kind> {};

TEST_P(Schedulers, StepEachTileAsOftenAsItIsReady) {
  constexpr std::uint32_t tiles = 500;
  const auto scheduler = GetParam().make();
  std::vector<std::atomic<unsigned>> steps(tiles);
  std::vector<std::uint32_t> ready(tiles / 2);
  std::iota(ready.begin(), ready.end(), 0U);
  for (unsigned round = 1; round <= 20; ++round) {
    // The lower half makes the upper ready, and that itself once more.
    scheduler->run(ready, [&](TileIndex tile, Scheduler::Ready& more) {
      const unsigned before = steps[tile.value()].fetch_add(1);
      if (tile.value() < tiles / 2) more.add(tile.value() + tiles / 2);
      if (tile.value() >= tiles / 2 && before % 2 == 0) more.add(tile.value());
    });
    for (std::uint32_t i = 0; i < tiles; ++i) ASSERT_EQ(steps[i], i < tiles / 2 ? round : 2 * round) << i;
  }
}

TEST_P(Schedulers, GiveBackWhatAStepThrows) {
  const auto scheduler = GetParam().make();
  const std::vector<std::uint32_t> ready{0, 1, 2, 3, 4, 5, 6, 7};
  for (unsigned round = 0; round < 50; ++round) {
    EXPECT_THROW(scheduler->run(ready,
                                [&](TileIndex tile, Scheduler::Ready& more) {
                                  if (tile.value() == 5) throw std::domain_error("five");
                                  if (tile.value() < 100) more.add(tile.value() + 8);
                                }),
                 std::domain_error);
  }
  unsigned steps = 0;
  scheduler->run(std::vector<std::uint32_t>{9}, [&](TileIndex, Scheduler::Ready&) { ++steps; });
  EXPECT_EQ(steps, 1U);
}

TEST_P(Schedulers, HaveNothingToDoWithoutTiles) {
  EXPECT_NO_THROW(GetParam().make()->run({}, [](TileIndex, Scheduler::Ready&) { FAIL(); }));
}

INSTANTIATE_TEST_SUITE_P(All, Schedulers,
                         ::testing::Values(Kind{"serial", [] { return make_serial_scheduler(); }},
                                           Kind{"shuffled", [] { return make_shuffled_scheduler(7, 100); }},
                                           Kind{"one", [] { return make_pool_scheduler(1); }},
                                           Kind{"two", [] { return make_pool_scheduler(2); }},
                                           Kind{"seven", [] { return make_pool_scheduler(7); }}),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(PoolScheduler, NeedsAThread) { EXPECT_THROW(make_pool_scheduler(0), std::invalid_argument); }

TEST(PoolScheduler, UsesItsThreads) {
  const auto scheduler = make_pool_scheduler(3);
  std::atomic<unsigned> inside{0};
  // Each waits until all are inside: one thread alone would wait for ever.
  scheduler->run(std::vector<std::uint32_t>{0, 1, 2}, [&](TileIndex, Scheduler::Ready&) {
    ++inside;
    while (inside < 3) std::this_thread::yield();
  });
  EXPECT_EQ(inside, 3U);
}

TEST(ShuffledScheduler, CutsSlices) {
  const auto scheduler = make_shuffled_scheduler(3, 10);
  for (unsigned i = 0; i < 200; ++i) {
    const Cycle end = scheduler->slice(Cycle{100}, Cycle{105});
    EXPECT_GT(end, Cycle{100});
    EXPECT_LE(end, Cycle{105});
  }
}

}  // namespace
