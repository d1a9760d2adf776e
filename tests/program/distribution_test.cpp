// SPDX-License-Identifier: Apache-2.0
// What each tile gets of the numbers of an entry of `load`.
#include "ipusim/program/distribution.hpp"

#include <gmock/gmock.h>

#include "ipusim/program/program_file.hpp"
#include "support.hpp"

namespace ipusim::program {
namespace {

using cli_test::error_of;
using ::testing::ElementsAre;

LoadSpec load_of(const std::string& numbers, std::uint32_t tiles, const std::string& distribution,
                 const std::string& type) {
  const cli_test::TempFolder folder;
  folder.write("a.S", "");
  return parse_program("load: [{values: " + numbers + ", symbol: x, tiles: 0-" + std::to_string(tiles - 1) +
                           ", type: " + type + ", distribute: " + distribution +
                           "}]\nprogram: p\nimages: [{tiles: all, sources: [" +
                           (folder.path() / "a.S").string() + "]}]\n",
                       "p.yaml", cli_test::mk2_16())
      .loads.at(0);
}

TEST(Distribution, SameForEveryTile) {
  const auto bytes = distribute(load_of("[1, 2]", 3, "same", "u8"), 1000);
  ASSERT_EQ(bytes.size(), 3U);
  for (const auto& tile : bytes) EXPECT_THAT(tile, ElementsAre(1, 2));
}

TEST(Distribution, SplitByLines) {
  const auto flat = distribute(load_of("[1, 2, 3, 4]", 2, "split", "u8"), 1000);
  EXPECT_THAT(flat.at(0), ElementsAre(1, 2));
  EXPECT_THAT(flat.at(1), ElementsAre(3, 4));
  const auto lines = distribute(load_of("[[1, 2, 3], [4, 5, 6]]", 2, "split", "u16"), 1000);
  EXPECT_THAT(lines.at(1), ElementsAre(4, 0, 5, 0, 6, 0));
}

TEST(Distribution, NoMoreThanTheTilesHold) {
  EXPECT_EQ(distribute(load_of("[1, 2]", 2, "same", "u16"), 4).size(), 2U);
  EXPECT_EQ(error_of([] { distribute(load_of("[1, 2, 3]", 2, "same", "u16"), 4); }),
            "p.yaml:1:24: there are more than the 2 numbers of type u16 that have room");
  EXPECT_EQ(distribute(load_of("[1, 2, 3, 4]", 2, "split", "u16"), 4).at(1).size(), 4U);
}

TEST(Distribution, UnevenSplitsAreRefused) {
  EXPECT_EQ(error_of([] { distribute(load_of("[1, 2, 3]", 2, "split", "u8"), 1000); }),
            "p.yaml:1:8: key 'load[0]': 3 lines of p.yaml:1:17 cannot be split evenly over 2 tiles");
  EXPECT_EQ(error_of([] { distribute(load_of("[[1, 2], [3]]", 2, "split", "u8"), 1000); }),
            "p.yaml:1:26: has 1 numbers, the first line has 2: lines to be split must be equally long");
}

}  // namespace
}  // namespace ipusim::program
