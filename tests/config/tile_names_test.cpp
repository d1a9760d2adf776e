// SPDX-License-Identifier: Apache-2.0
// Tiles of several chips: names, numbers, selections.
#include "ipusim/config/tile_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ipusim/config/tile_selection.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::config;
using ::testing::HasSubstr;

const TileNames& pair() {
  static const TileNames names({{"ipu0", 4}, {"ipu1", 3}});
  return names;
}
std::string error(const std::string& text, const TileNames& names) {
  try {
    parse_tile_selection(text, names);
  } catch (const ConfigError& e) {
    return e.what();
  }
  return "no error";
}
TileSelection tiles(const std::vector<std::uint32_t>& numbers) {
  TileSelection selection;
  for (const std::uint32_t n : numbers) selection.emplace_back(n);
  return selection;
}

TEST(TileNames, GoBothWays) {
  EXPECT_EQ(pair().size(), 7U);
  for (std::uint32_t i = 0; i < 7; ++i) EXPECT_EQ(pair().index(pair().ref(TileIndex{i})), TileIndex{i});
  EXPECT_EQ(pair().ref(TileIndex{4}), (TileRef{ChipIndex{1}, TileIndex{0}}));
  EXPECT_EQ(pair().name(TileIndex{3}), "ipu0:3");
  EXPECT_EQ(pair().name(TileIndex{6}), "ipu1:2");
  EXPECT_EQ(TileNames(9).name(TileIndex{6}), "6");
  EXPECT_THROW(pair().ref(TileIndex{7}), std::out_of_range);
  EXPECT_THROW(pair().index({ChipIndex{1}, TileIndex{3}}), std::out_of_range);
}

TEST(TileNames, SelectionsOfSeveralChips) {
  EXPECT_EQ(parse_tile_selection("all", pair()), tiles({0, 1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(parse_tile_selection("ipu1:all", pair()), tiles({4, 5, 6}));
  EXPECT_EQ(parse_tile_selection("ipu1:1-2, ipu0:0", pair()), tiles({0, 5, 6}));
  EXPECT_THAT(error("3", pair()),
              HasSubstr("expected the name of a chip before '3', such as ipu0:0-7: the system "
                        "has ipu0, ipu1"));
  EXPECT_THAT(error("ipu2:3", pair()), HasSubstr("there is no chip 'ipu2': the system has ipu0, ipu1"));
  EXPECT_THAT(error("ipu1:3", pair()), HasSubstr("there is no tile 3: the chip ipu1 has tiles 0 to 2"));
  EXPECT_THAT(error("ipu1:1,ipu1:0-2", pair()), HasSubstr("tile ipu1:1 is named twice"));
  EXPECT_THAT(error("ipu1:", pair()), HasSubstr("expected a number or a range"));
}

TEST(TileNames, SelectionsAreWrittenChipByChip) {
  EXPECT_EQ(to_string(tiles({0, 1, 2, 3, 4, 6}), pair()), "ipu0:0-3, ipu1:0, ipu1:2");
  EXPECT_EQ(to_string(tiles({0, 1, 2, 3, 4, 6})), "0-4, 6");
  EXPECT_EQ(to_string(TileSelection{}), "");
}

}  // namespace
