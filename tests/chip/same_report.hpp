// SPDX-License-Identifier: Apache-2.0
// Two runs that must have come to the same.
#pragma once

#include <gtest/gtest.h>

#include "ipusim/chip/chip_report.hpp"

namespace ipusim::chip_test {

inline void expect_same_report(const chip::ChipReport& a, const chip::ChipReport& b) {
  EXPECT_EQ(a.state, b.state);
  EXPECT_EQ(a.end, b.end);
  EXPECT_EQ(a.supersteps, b.supersteps);
  EXPECT_EQ(a.cycles.compute, b.cycles.compute);
  EXPECT_EQ(a.cycles.sync, b.cycles.sync);
  EXPECT_EQ(a.cycles.exchange, b.cycles.exchange);
  ASSERT_EQ(a.tile_cycles.size(), b.tile_cycles.size());
  for (std::size_t i = 0; i < a.tile_cycles.size(); ++i) {
    EXPECT_EQ(a.tile_cycles[i].compute, b.tile_cycles[i].compute) << i;
    EXPECT_EQ(a.tile_cycles[i].sync, b.tile_cycles[i].sync) << i;
    EXPECT_EQ(a.tile_cycles[i].exchange, b.tile_cycles[i].exchange) << i;
    EXPECT_EQ(a.tile_exchange[i].words_sent, b.tile_exchange[i].words_sent) << i;
    EXPECT_EQ(a.tile_exchange[i].words_received, b.tile_exchange[i].words_received) << i;
    EXPECT_EQ(a.tile_exchange[i].words_unselected, b.tile_exchange[i].words_unselected) << i;
  }
  ASSERT_EQ(a.hazards.size(), b.hazards.size());
  for (std::size_t i = 0; i < a.hazards.size(); ++i) {
    EXPECT_EQ(a.hazards[i].tile, b.hazards[i].tile);
    EXPECT_EQ(a.hazards[i].hazard, b.hazards[i].hazard);
  }
  EXPECT_EQ(a.problems, b.problems);
  EXPECT_EQ(a.hazards_left_out, b.hazards_left_out);
}

}  // namespace ipusim::chip_test
