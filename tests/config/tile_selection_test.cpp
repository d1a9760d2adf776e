// SPDX-License-Identifier: Apache-2.0
#include "ipusim/config/tile_selection.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace ipusim::config {
namespace {

using ::testing::ElementsAre;

template <class Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return {};
}

std::vector<std::uint32_t> numbers(const TileSelection& tiles) {
  std::vector<std::uint32_t> result;
  for (const TileIndex tile : tiles) result.push_back(tile.value());
  return result;
}

TEST(TileSelection, AllSingleRangeAndList) {
  EXPECT_THAT(numbers(parse_tile_selection("all", 3)), ElementsAre(0, 1, 2));
  EXPECT_THAT(numbers(parse_tile_selection("3", 16)), ElementsAre(3));
  EXPECT_THAT(numbers(parse_tile_selection("0-3", 16)), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(numbers(parse_tile_selection("9, 0-2,15", 16)), ElementsAre(0, 1, 2, 9, 15));
  EXPECT_THAT(numbers(parse_tile_selection("5-5", 16)), ElementsAre(5));
}

TEST(TileSelection, FromAProgramFile) {
  const auto root = ConfigNode::parse("a: all\nb: 3\nc: 0-7\nd: [8, 0-3]\ne: 1,2\n", "p.yaml");
  EXPECT_EQ(numbers(read_tile_selection(root.at("a"), 16)).size(), 16U);
  EXPECT_THAT(numbers(read_tile_selection(root.at("b"), 16)), ElementsAre(3));
  EXPECT_EQ(numbers(read_tile_selection(root.at("c"), 16)).size(), 8U);
  EXPECT_THAT(numbers(read_tile_selection(root.at("d"), 16)), ElementsAre(0, 1, 2, 3, 8));
  EXPECT_THAT(numbers(read_tile_selection(root.at("e"), 16)), ElementsAre(1, 2));
}

struct BadSelection {
  std::string text;
  std::string message;
};
class BadSelections : public ::testing::TestWithParam<BadSelection> {};

TEST_P(BadSelections, AreRefused) {
  EXPECT_EQ(error_of([] { parse_tile_selection(GetParam().text, 16); }), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    TileSelection, BadSelections,
    ::testing::Values(
        BadSelection{"", "expected a number or a range such as 0-7, got ''"},
        BadSelection{"1,", "expected a number or a range such as 0-7, got ''"},
        BadSelection{"alles", "expected a number or a range such as 0-7, got 'alles'"},
        BadSelection{"1-", "expected a number or a range such as 0-7, got '1-'"},
        BadSelection{"-1", "expected a number or a range such as 0-7, got '-1'"},
        BadSelection{"1-2-3", "expected a number or a range such as 0-7, got '1-2-3'"},
        BadSelection{"0x1", "expected a number or a range such as 0-7, got '0x1'"},
        BadSelection{"99999999999", "expected a number or a range such as 0-7, got '99999999999'"},
        BadSelection{"7-0", "the range '7-0' runs backwards"},
        BadSelection{"16", "there is no tile 16: the system has tiles 0 to 15"},
        BadSelection{"0-4294967295", "there is no tile 4294967295: the system has tiles 0 to 15"},
        BadSelection{"0-3,3", "tile 3 is named twice"}));

TEST(TileSelection, ErrorsInAProgramFileNameTheItem) {
  const auto root = ConfigNode::parse("tiles:\n  - 0-3\n  - 20\n", "p.yaml");
  EXPECT_EQ(error_of([&] { read_tile_selection(root.at("tiles"), 16); }),
            "p.yaml:3:5: key 'tiles[1]': there is no tile 20: the system has tiles 0 to 15");
  const auto empty = ConfigNode::parse("tiles: []\n", "p.yaml");
  EXPECT_EQ(error_of([&] { read_tile_selection(empty.at("tiles"), 16); }),
            "p.yaml:1:8: key 'tiles': expected at least one tile");
}

TEST(TileSelection, AsText) {
  EXPECT_EQ(to_string(parse_tile_selection("0-3,9,11-12", 16)), "0-3, 9, 11-12");
}

}  // namespace
}  // namespace ipusim::config
