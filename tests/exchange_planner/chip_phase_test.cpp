// SPDX-License-Identifier: Apache-2.0
// Planned phases on chips of fast tiles.
#include <gtest/gtest.h>

#include <array>

#include "phase_run.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::planner_test;

TEST(PlannedPhases, SixteenTilesOfTheSystemFile) {
  const auto system = system_of("mk2-16.yaml");
  std::mt19937 random(1);
  for (const std::uint32_t words : {1U, 2U, 3U, 40U, 700U}) {
    SCOPED_TRACE(words);
    PhaseRun(system, three_phases(random, system.places.size(), words));
  }
}

TEST(PlannedPhases, RandomPlaces) {
  for (unsigned seed = 1; seed <= 12 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const std::size_t tiles = std::array{2UL, 3UL, 7UL, 24UL, 61UL, 100UL}[seed % 6];
    const std::uint32_t words = std::array{1U, 5U, 51U, 52U, 53U, 130U}[random() % 6];
    PhaseRun(system_at(random_places(random, tiles)), three_phases(random, tiles, words));
  }
}

TEST(PlannedPhases, SomeTilesOnly) {
  const auto system = system_of("mk2-16.yaml");
  const auto tiles = tiles_of({1, 4, 5, 9, 15});
  const PhaseRun run(system, {{"gather", {}, AllGather{tiles, 9, "in", out(0)}},
                              {"swap", {}, AllToAll{tiles, 7, "in", out(1)}},
                              {"none", {}, Messages{}}});
  EXPECT_EQ(run.summary(0).tiles, 5U);
  EXPECT_EQ(run.summary(2).tiles, 0U);
  EXPECT_EQ(run.summary(2).events, 0U);
}

TEST(PlannedPhases, OneSenderToEverybodyAndEverybodyToOne) {
  const auto system = system_of("mk2-16.yaml");
  Messages broadcast;
  Messages collect;
  auto others = all_of(16);
  others.erase(others.begin() + 3);
  broadcast.messages.push_back({TileIndex{3}, others, 5000, "in", 400, out(0), 0});
  for (const TileIndex other : others) {
    collect.messages.push_back({other, {TileIndex{3}}, 100, "in", 0, out(1), 400 * other.value()});
  }
  PhaseRun(system, {{"broadcast", {}, broadcast}, {"collect", {}, collect}});
}

// The events of a plan are cycles of the chip: what the tiles spend in the phase by the chip's own account.
TEST(PlannedPhases, EventsAreWhatTheChipMeasures) {
  const auto system = system_of("mk2-16.yaml");
  for (const std::uint32_t words : {1U, 40U}) {
    const PhaseRun run(system, {{"swap", {}, AllToAll{all_of(16), words, "in", out(0)}}});
    std::uint64_t longest = 0;
    for (const auto& cycles : run.report().tile_cycles) longest = std::max(longest, cycles.exchange);
    EXPECT_EQ(longest, run.summary(0).events);
  }
}

TEST(PlannedPhases, WholeChip) {
  const auto system = system_of("mk2.yaml");
  const auto tiles = all_of(system.places.size());
  const PhaseRun run(system, {{"gather", {}, AllGather{tiles, 4, "in", out(0)}}});
  // Words times tiles, and less than the longest path, mux and all, around it.
  EXPECT_LE(run.summary(0).events, 4U * 1472 + 280);
}

TEST(PlannedPhases, WholeChipAllToAll) {
  const auto system = system_of("mk2.yaml");
  const auto tiles = all_of(system.places.size());
  const PhaseRun run(system, {{"swap", {}, AllToAll{tiles, 1, "in", out(0)}}});
  EXPECT_LE(run.summary(0).events, 1471U + 200);
}

}  // namespace
