#include "ipusim/app/tile_kind_options.hpp"

#include <gmock/gmock.h>

#include "support.hpp"

namespace ipusim::app {
namespace {

using cli_test::error_of;
using ::testing::ElementsAre;

config::ChipConfig system_of(std::size_t tiles, const std::string& kind) {
  config::ChipConfig system;
  system.places.assign(tiles, TileId{0});
  system.tile_kind = kind;
  system.tile_kind_place = {"s.yaml", 6, 9, "tiles.kind"};
  return system;
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

}  // namespace
}  // namespace ipusim::app
