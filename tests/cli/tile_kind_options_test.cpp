// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/tile_kind_options.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

#include "support.hpp"

namespace ipusim::app {
namespace {

using cli_test::error_of;
using ::testing::ElementsAre;

config::SystemConfig system_of(std::size_t tiles, const std::string& kind) {
  config::ChipConfig system;
  system.places.assign(tiles, TileId{0});
  system.tile_kind = kind;
  system.tile_kind_place = {"s.yaml", 6, 9, "tiles.kind"};
  return config::system_of(system);
}

TEST(TileKinds, TheLastOptionWins) {
  EXPECT_THAT(choose_tile_kinds(system_of(2, "fast"), {}), ElementsAre("fast", "fast"));
  EXPECT_THAT(choose_tile_kinds(system_of(4, "fast"), {"all=rtl", "1-2=lockstep", "2=fast"}),
              ElementsAre("rtl", "lockstep", "fast", "rtl"));
}

TEST(TileKinds, ErrorsNameTheOption) {
  const auto error = [](const std::string& option) {
    return error_of([&] { choose_tile_kinds(system_of(16, "fast"), {option}); });
  };
  EXPECT_EQ(error("0-7"), "--tile 0-7: expected SELECTION=KIND, such as 0-7=rtl");
  EXPECT_EQ(error("0-7=slow"), "--tile 0-7=slow: expected kind fast, rtl or lockstep, got 'slow'");
  EXPECT_EQ(error("0-7=rtll"),
            "--tile 0-7=rtll: expected kind fast, rtl or lockstep, got 'rtll'; did you mean 'rtl'?");
  EXPECT_EQ(error("17=rtl"), "--tile 17=rtl: there is no tile 17: the system has tiles 0 to 15");
}

// Which kinds there are is not known where the file is read.
TEST(TileKinds, AnUnknownKindOfTheSystemIsToldWithItsPlace) {
  EXPECT_EQ(error_of([] { choose_tile_kinds(system_of(2, "quick"), {}); }),
            "s.yaml:6:9: key 'tiles.kind': expected kind fast, rtl or lockstep, got 'quick'");
  EXPECT_EQ(
      error_of([] { choose_tile_kinds(system_of(2, "locksteps"), {"all=fast"}); }),
      "s.yaml:6:9: key 'tiles.kind': expected kind fast, rtl or lockstep, got 'locksteps'; did you mean "
      "'lockstep'?");
}

TEST(TileKinds, TilesOfSeveralChipsAreNamedByTheirChip) {
  config::SystemConfig system = system_of(2, "fast");
  system.chips.push_back(system_of(3, "rtl").chips.front());
  system.chips[0].name = "a";
  system.chips[1].name = "b";
  EXPECT_THAT(choose_tile_kinds(system, {}), ElementsAre("fast", "fast", "rtl", "rtl", "rtl"));
  EXPECT_THAT(choose_tile_kinds(system, {"b:0-1=lockstep", "a:1,b:2=fast"}),
              ElementsAre("fast", "fast", "lockstep", "lockstep", "fast"));
}

TEST(Jobs, AreAsAskedOrByTheSizeOfTheSystem) {
  EXPECT_EQ(choose_jobs(system_of(2, "fast"), 7), 7U);
  EXPECT_EQ(choose_jobs(system_of(64, "fast"), {}), 1U);
  const unsigned processors = std::max(1U, std::thread::hardware_concurrency());
  EXPECT_EQ(choose_jobs(system_of(65, "fast"), {}), std::min(processors, 256U));
  EXPECT_EQ(error_of([] { choose_jobs(system_of(2, "fast"), 0); }),
            "--jobs 0: expected a number of threads from 1 to 256");
  EXPECT_EQ(error_of([] { choose_jobs(system_of(2, "fast"), 257); }),
            "--jobs 257: expected a number of threads from 1 to 256");
}

}  // namespace
}  // namespace ipusim::app
