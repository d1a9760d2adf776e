// SPDX-License-Identifier: Apache-2.0
#include "ipusim/base/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

namespace ipusim::app {
namespace {

TEST(ForEachIndex, DoesEachOnce) {
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{1000}}) {
    std::vector<std::atomic<int>> done(count);
    for_each_index(count, [&](std::size_t i) { ++done[i]; });
    for (const auto& times : done) EXPECT_EQ(times, 1);
  }
}

TEST(ForEachIndex, ThrowsWhatTheLowestThrows) {
  for (int round = 0; round < 100; ++round) {
    try {
      for_each_index(200, [](std::size_t i) {
        if (i >= 7 && i % 2 == 1) throw std::runtime_error(std::to_string(i));
      });
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "7");
    }
  }
}

}  // namespace
}  // namespace ipusim::app
