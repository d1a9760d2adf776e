// SPDX-License-Identifier: Apache-2.0
// What is kept of a run's past.
#include "ipusim/app/checkpoint/state_history.hpp"

#include <gtest/gtest.h>

namespace ipusim::app {
namespace {

std::vector<std::uint64_t> cycles_of(const StateHistory& history) {
  std::vector<std::uint64_t> cycles;
  for (const auto& entry : history.entries()) cycles.push_back(entry.at.value());
  return cycles;
}

void offer(StateHistory& history, std::uint64_t cycle, std::size_t bytes = 1) {
  if (history.wants(Cycle{cycle})) history.add(Cycle{cycle}, std::vector<std::byte>(bytes));
}

TEST(StateHistory, KeepsStatesAtADistanceFromTheOriginOn) {
  StateHistory history({.count = 100, .bytes = 100, .distance = 10}, Cycle{5});
  for (std::uint64_t cycle = 5; cycle <= 47; ++cycle) offer(history, cycle);
  EXPECT_EQ(cycles_of(history), (std::vector<std::uint64_t>{15, 25, 35, 45}));
}

TEST(StateHistory, KeepsEverySecondWhenThereAreTooMany) {
  StateHistory history({.count = 4, .bytes = 100, .distance = 10}, Cycle{0});
  for (std::uint64_t cycle = 0; cycle <= 50; ++cycle) offer(history, cycle);
  EXPECT_EQ(cycles_of(history), (std::vector<std::uint64_t>{20, 40}));
  for (std::uint64_t cycle = 51; cycle <= 100; ++cycle) offer(history, cycle);
  EXPECT_EQ(cycles_of(history), (std::vector<std::uint64_t>{40, 80}));
}

TEST(StateHistory, KeepsNoMoreBytesThanItMay) {
  StateHistory history({.count = 100, .bytes = 100, .distance = 10}, Cycle{0});
  for (std::uint64_t cycle = 0; cycle <= 1000; ++cycle) {
    offer(history, cycle, 30);
    EXPECT_LE(history.entries().size(), 3U);
  }
  EXPECT_FALSE(history.entries().empty());
  StateHistory none({.count = 100, .bytes = 10, .distance = 10}, Cycle{0});
  offer(none, 10, 30);
  EXPECT_TRUE(none.entries().empty());
}

TEST(StateHistory, FindsTheNearestThatIsNotBehind) {
  StateHistory history({.count = 100, .bytes = 100, .distance = 10}, Cycle{0});
  for (const std::uint64_t cycle : std::vector<std::uint64_t>{10, 20, 30}) offer(history, cycle);
  EXPECT_EQ(history.nearest(Cycle{9}), nullptr);
  EXPECT_EQ(history.nearest(Cycle{10})->at, Cycle{10});
  EXPECT_EQ(history.nearest(Cycle{29})->at, Cycle{20});
  EXPECT_EQ(history.nearest(Cycle{1000})->at, Cycle{30});
}

TEST(StateHistory, WantsNothingAgainOnTheSameWay) {
  StateHistory history({.count = 100, .bytes = 100, .distance = 10}, Cycle{0});
  for (const std::uint64_t cycle : std::vector<std::uint64_t>{10, 20, 30, 15, 25, 30, 39})
    offer(history, cycle);
  EXPECT_EQ(cycles_of(history), (std::vector<std::uint64_t>{10, 20, 30}));
}

}  // namespace
}  // namespace ipusim::app
