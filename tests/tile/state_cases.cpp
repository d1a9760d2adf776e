// SPDX-License-Identifier: Apache-2.0
// A tile that is saved and loaded is the same tile. That it does the same whatever it is at, the other cases
// show on tiles that are reloaded all the time.
#include <gmock/gmock.h>

#include <random>

#include "cases.hpp"
#include "reloading_tile.hpp"
#include "whole_runs.hpp"

namespace ipusim::tile::test {
namespace {

using ::testing::HasSubstr;

// What load() says of bytes; empty if nothing.
std::string complaint(TileModel& tile, std::span<const std::byte> state) {
  try {
    load(tile, state);
  } catch (const StateError& error) {
    return error.what();
  }
  return {};
}

// A tile in the middle of its work.
std::vector<std::byte> busy_state(const TileKind& kind) {
  std::vector<std::byte> state;
  unsigned slice = 0;
  busy_run(kind, true, 1, [&](const TileModel& tile) {
    constexpr unsigned some_slice = 60;
    if (++slice == some_slice) state = saved(tile);
  });
  return state;
}

TEST_P(StateCases, ARunWithReloadsIsTheSameRun) {
  for (unsigned seed = 0; seed < 4; ++seed) {
    const WholeRun whole = busy_run(GetParam(), true, seed);
    ASSERT_GT(whole.retired.size(), 1000U);
    EXPECT_TRUE(busy_run(reloading(GetParam()), true, seed) == whole) << "seed " << seed;
  }
  const WholeRun unobserved = busy_run(GetParam(), false, 1);
  EXPECT_TRUE(busy_run(reloading(GetParam()), false, 1) == unobserved);
}

TEST_P(StateCases, LaterStatesAreTheSameBytes) {
  if (dynamic_cast<ReloadingTile*>(GetParam().make({}).get()) != nullptr)
    GTEST_SKIP() << "one that is reloaded already runs in slices of its own";
  const auto states = [](const TileKind& kind) {
    std::vector<std::vector<std::byte>> all;
    unsigned slice = 0;
    busy_run(kind, true, 3, [&](const TileModel& tile) {
      constexpr unsigned every = 16;
      if (++slice % every == 0) all.push_back(saved(tile));
    });
    return all;
  };
  const auto whole = states(GetParam());
  const auto reloaded = states(reloading(GetParam(), 0));
  ASSERT_GT(whole.size(), 5U);
  ASSERT_EQ(reloaded.size(), whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i) ASSERT_TRUE(reloaded[i] == whole[i]) << i;
}

TEST_P(StateCases, RandomProgramsEndAlike) {
  const std::uint32_t programs = GetParam().name == "fast" ? 100 : 8;
  for (std::uint32_t seed = 0; seed < programs; ++seed) {
    const RandomRun whole = random_run(GetParam(), seed % 2 == 0, seed);
    const RandomRun reloaded = random_run(reloading(GetParam()), seed % 2 == 0, seed);
    ASSERT_EQ(reloaded.stop.reason, whole.stop.reason) << "seed " << seed;
    ASSERT_EQ(reloaded.stop.cycle, whole.stop.cycle) << "seed " << seed;
    ASSERT_TRUE(reloaded.stop.exception == whole.stop.exception) << "seed " << seed;
    ASSERT_TRUE(reloaded.state == whole.state) << "seed " << seed;
  }
}

TEST_P(StateCases, AFreshTileTakesLittleSpace) {
  Bench bench = make_bench();
  EXPECT_LT(saved(bench.tile()).size(), 64U << 10U);  // of 624 KiB of memory
}

TEST_P(StateCases, ATileMadeOtherwiseIsRefused) {
  const std::unique_ptr<TileModel> here = GetParam().make({TileId{5}, isa::Arch::ipu2, 1});
  const std::vector<std::byte> state = saved(*here);
  EXPECT_EQ(complaint(*here, state), "");
  const auto said = [&](const TileParameters& parameters) {
    return complaint(*GetParam().make(parameters), state);
  };
  EXPECT_THAT(said({TileId{6}, isa::Arch::ipu2, 1}), HasSubstr("the tile id"));
  EXPECT_THAT(said({TileId{6}, isa::Arch::ipu2, 1}), HasSubstr("5, not 6"));
  EXPECT_THAT(said({TileId{5}, isa::Arch::ipu21, 1}), HasSubstr("the architecture"));
  EXPECT_THAT(said({TileId{5}, isa::Arch::ipu2, 2}), HasSubstr("exchange errors"));
}

TEST_P(StateCases, AnotherKindOfTileIsRefused) {
  StateWriter writer;
  writer.section("paper tile", 1, [](StateWriter& w) { w(true); });
  EXPECT_THAT(complaint(*GetParam().make({}), writer.bytes()),
              HasSubstr("expected section \"" + GetParam().make({})->kind() +
                        " tile\", found section \"paper tile\""));
}

// ... and a tile that was refused a state is as good as new after a reset.
TEST_P(StateCases, TruncatedStatesAreRefused) {
  const std::vector<std::byte> state = busy_state(GetParam());
  ASSERT_GT(state.size(), 1000U);
  const std::unique_ptr<TileModel> tile = GetParam().make({});
  const std::vector<std::byte> fresh = saved(*tile);
  std::minstd_rand random(1);
  for (unsigned i = 0; i < 20; ++i) {
    const std::size_t size = random() % state.size();
    EXPECT_NE(complaint(*tile, std::span{state}.first(size)), "")
        << size << " of " << state.size() << " bytes";
  }
  tile->reset();
  EXPECT_TRUE(saved(*tile) == fresh);
  EXPECT_EQ(complaint(*tile, state), "");
  EXPECT_TRUE(saved(*tile) == state);
}

TEST_P(StateCases, AResetTileIsAFreshOne) {
  const std::unique_ptr<TileModel> tile = GetParam().make({});
  const std::vector<std::byte> fresh = saved(*tile);
  load(*tile, busy_state(GetParam()));
  tile->reset();
  EXPECT_TRUE(saved(*tile) == fresh);
}

}  // namespace
}  // namespace ipusim::tile::test
