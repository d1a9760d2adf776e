#include "ipusim/app/tile_kind_options.hpp"

#include <gmock/gmock.h>

#include "support.hpp"

namespace ipusim::app {
namespace {

using cli_test::error_of;
using ::testing::ElementsAre;

TEST(TileKinds, TheLastOptionWins) {
  EXPECT_THAT(choose_tile_kinds("fast", {}, 2), ElementsAre("fast", "fast"));
  EXPECT_THAT(choose_tile_kinds("fast", {"all=rtl", "1-2=lockstep", "2=fast"}, 4),
              ElementsAre("rtl", "lockstep", "fast", "rtl"));
}

TEST(TileKinds, ErrorsNameTheOption) {
  EXPECT_EQ(error_of([] { choose_tile_kinds("fast", {"0-7"}, 16); }),
            "--tile 0-7: expected SELECTION=KIND, such as 0-7=rtl");
  EXPECT_EQ(error_of([] { choose_tile_kinds("fast", {"0-7=slow"}, 16); }),
            "--tile 0-7=slow: expected kind fast, rtl or lockstep, got 'slow'");
  EXPECT_EQ(error_of([] { choose_tile_kinds("fast", {"17=rtl"}, 16); }),
            "--tile 17=rtl: there is no tile 17: the system has tiles 0 to 15");
}

}  // namespace
}  // namespace ipusim::app
