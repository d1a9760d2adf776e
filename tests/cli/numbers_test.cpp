// Number files, types and what each tile gets. Bit patterns are those of IEEE 754 binary32, worked out by
// hand.
#include <gmock/gmock.h>

#include "ipusim/cli/data/distribution.hpp"
#include "ipusim/cli/data/element_type.hpp"
#include "ipusim/cli/data/number_table.hpp"
#include "support.hpp"

namespace ipusim::cli {
namespace {

using cli_test::error_of;
using cli_test::TempFolder;
using ::testing::ElementsAre;

std::vector<std::uint32_t> bits(const std::vector<Element>& elements) {
  std::vector<std::uint32_t> result;
  for (const Element element : elements) result.push_back(element.bits);
  return result;
}

struct Parsed {
  ElementType type;
  std::string text;
  std::uint32_t bits;
};
class ParsedNumbers : public ::testing::TestWithParam<Parsed> {};
TEST_P(ParsedNumbers, HaveTheseBits) {
  EXPECT_EQ(parse_element(GetParam().text, GetParam().type).bits, GetParam().bits) << GetParam().text;
}
INSTANTIATE_TEST_SUITE_P(
    Element, ParsedNumbers,
    ::testing::Values(
        Parsed{ElementType::f32, "1", 0x3F800000}, Parsed{ElementType::f32, "-2.5", 0xC0200000},
        Parsed{ElementType::f32, "+0.1", 0x3DCCCCCD}, Parsed{ElementType::f32, "-0", 0x80000000},
        // Halfway between 2^24 and 2^24 + 2: to even. A way through double would round twice.
        Parsed{ElementType::f32, "16777217", 0x4B800000},
        Parsed{ElementType::f32, "1.00000005960464477540", 0x3F800001},
        Parsed{ElementType::f32, "3.4028235e38", 0x7F7FFFFF}, Parsed{ElementType::f32, "1e-45", 0x00000001},
        Parsed{ElementType::f32, "1e-60", 0}, Parsed{ElementType::f32, "inf", 0x7F800000},
        Parsed{ElementType::f32, "-inf", 0xFF800000}, Parsed{ElementType::i32, "-2147483648", 0x80000000},
        Parsed{ElementType::u32, "4294967295", 0xFFFFFFFF},
        Parsed{ElementType::u32, "0xDEADbeef", 0xDEADBEEF}, Parsed{ElementType::i16, "-32768", 0xFFFF8000},
        Parsed{ElementType::u16, "65535", 0xFFFF}, Parsed{ElementType::i8, "-0x80", 0xFFFFFF80},
        Parsed{ElementType::u8, "255", 0xFF}));

struct Refused {
  ElementType type;
  std::string text;
  std::string message;
};
class RefusedNumbers : public ::testing::TestWithParam<Refused> {};
TEST_P(RefusedNumbers, SayWhy) {
  EXPECT_EQ(error_of([] { parse_element(GetParam().text, GetParam().type); }), GetParam().message);
}
INSTANTIATE_TEST_SUITE_P(
    Element, RefusedNumbers,
    ::testing::Values(Refused{ElementType::f32, "1.2.3", "'1.2.3' is no number of type f32"},
                      Refused{ElementType::f32, "", "'' is no number of type f32"},
                      Refused{ElementType::f32, "0x10", "'0x10' is no number of type f32"},
                      Refused{ElementType::f32, "1e39", "'1e39' is beyond the range of f32"},
                      Refused{ElementType::u8, "256", "256 is out of range for u8 (0 to 255)"},
                      Refused{ElementType::u8, "-1", "-1 is out of range for u8 (0 to 255)"},
                      Refused{ElementType::i8, "-129", "-129 is out of range for i8 (-128 to 127)"},
                      Refused{ElementType::i16, "32768", "32768 is out of range for i16 (-32768 to 32767)"},
                      Refused{ElementType::u16, "0x10000", "0x10000 is out of range for u16 (0 to 65535)"},
                      Refused{ElementType::i32, "2147483648",
                              "2147483648 is out of range for i32 (-2147483648 to 2147483647)"},
                      Refused{ElementType::u32, "99999999999999999999999",
                              "99999999999999999999999 is out of range for u32 (0 to 4294967295)"},
                      Refused{ElementType::u32, "1.0", "'1.0' is no whole number, as u32 needs"},
                      Refused{ElementType::i32, "-", "'-' is no whole number, as i32 needs"}));

TEST(Element, PackedLittleEndian) {
  std::vector<std::uint8_t> bytes;
  pack(parse_element("1.5", ElementType::f32), ElementType::f32, bytes);
  pack(parse_element("-2", ElementType::i16), ElementType::i16, bytes);
  pack(parse_element("200", ElementType::u8), ElementType::u8, bytes);
  EXPECT_THAT(bytes, ElementsAre(0x00, 0x00, 0xC0, 0x3F, 0xFE, 0xFF, 0xC8));
}

TEST(Element, UnpackedWithSign) {
  const std::vector<std::uint8_t> bytes{0xFE, 0xFF, 0x01, 0x80};
  EXPECT_THAT(bits(unpack(bytes, ElementType::i16)), ElementsAre(0xFFFFFFFE, 0xFFFF8001));
  EXPECT_THAT(bits(unpack(bytes, ElementType::u16)), ElementsAre(0xFFFE, 0x8001));
  EXPECT_THAT(bits(unpack(bytes, ElementType::i8)), ElementsAre(0xFFFFFFFE, 0xFFFFFFFF, 1, 0xFFFFFF80));
  EXPECT_THAT(bits(unpack(bytes, ElementType::u32)), ElementsAre(0x8001FFFE));
}

TEST(Element, AsText) {
  EXPECT_EQ(to_string(Element{0x3DCCCCCD}, ElementType::f32), "0.1");
  EXPECT_EQ(to_string(Element{0xFFFFFFFE}, ElementType::i8), "-2");
  EXPECT_EQ(to_string(Element{0xFFFFFFFE}, ElementType::u32), "4294967294");
}

TEST(NumberTable, CommasBlanksCommentsAndEmptyLines) {
  const auto table = NumberTable::parse("# weights\n1, 2\t3\r\n\n  4,5,  # last\n6", "w.csv");
  ASSERT_EQ(table.lines().size(), 3U);
  EXPECT_THAT(table.lines()[0].cells, ElementsAre("1", "2", "3"));
  EXPECT_EQ(table.lines()[1].place, "w.csv:4");
  EXPECT_THAT(table.lines()[1].cells, ElementsAre("4", "5"));
  EXPECT_THAT(bits(table.elements(ElementType::u8)), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(NumberTable, ErrorsNameFileAndLine) {
  EXPECT_EQ(error_of([] { NumberTable::parse("1,2\n3,,4\n", "w.csv"); }),
            "w.csv:2: a comma without a number before it");
  EXPECT_EQ(error_of([] { NumberTable::parse("1\n\n# x\n300\n", "w.csv").elements(ElementType::u8); }),
            "w.csv:4: 300 is out of range for u8 (0 to 255)");
  EXPECT_EQ(error_of([] { NumberTable::load("/nonexistent/w.csv"); }),
            "/nonexistent/w.csv: cannot read the numbers: No such file or directory");
}

TEST(NumberTable, LinesAndColumns) {
  auto table = NumberTable::parse("0 1 2 3\n10 11 12 13\n20 21 22 23\n", "w.csv");
  table.keep_lines({{1, 2}});
  table.keep_columns({{3, 3}, {0, 1}});
  EXPECT_THAT(bits(table.elements(ElementType::u32)), ElementsAre(13, 10, 11, 23, 20, 21));
  EXPECT_EQ(error_of([&] {
              table.keep_lines({{0, 2}});
            }),
            "w.csv: has 2 lines of numbers, line 2 is wanted (counted from 0)");
  EXPECT_EQ(error_of([&] {
              table.keep_columns({{0, 3}});
            }),
            "w.csv:2: has 3 numbers, column 3 is wanted (counted from 0)");
}

TEST(NumberTable, ValuesOfAProgramFile) {
  const auto flat = config::ConfigNode::parse("values: [1, -2, 0x10]\n", "p.yaml");
  EXPECT_EQ(NumberTable::read(flat.at("values")).lines().size(), 3U);
  const auto nested = config::ConfigNode::parse("values:\n  - [1, 2]\n  - [3, x]\n", "p.yaml");
  const auto table = NumberTable::read(nested.at("values"));
  ASSERT_EQ(table.lines().size(), 2U);
  EXPECT_THAT(table.lines()[0].cells, ElementsAre("1", "2"));
  EXPECT_EQ(error_of([&] { table.elements(ElementType::i32); }),
            "p.yaml:3:5: 'x' is no whole number, as i32 needs");
}

LoadSpec load_of(const std::string& numbers, std::uint32_t tiles, Distribution distribution,
                 ElementType type) {
  const auto root = config::ConfigNode::parse("values: " + numbers, "p.yaml");
  LoadSpec load{
      .where = root,
      .symbol = "x",
      .tiles = {},
      .type = type,
      .numbers = {.where = root, .file = {}, .values = root.at("values"), .lines = {}, .columns = {}},
      .distribution = distribution};
  for (std::uint32_t i = 0; i < tiles; ++i) load.tiles.push_back(TileIndex{i});
  return load;
}

TEST(Distribution, SameForEveryTile) {
  const auto bytes = distribute(load_of("[1, 2]", 3, Distribution::same, ElementType::u8));
  ASSERT_EQ(bytes.size(), 3U);
  for (const auto& tile : bytes) EXPECT_THAT(tile, ElementsAre(1, 2));
}

TEST(Distribution, SplitByLines) {
  const auto flat = distribute(load_of("[1, 2, 3, 4]", 2, Distribution::split, ElementType::u8));
  EXPECT_THAT(flat.at(0), ElementsAre(1, 2));
  EXPECT_THAT(flat.at(1), ElementsAre(3, 4));
  const auto lines = distribute(load_of("[[1, 2, 3], [4, 5, 6]]", 2, Distribution::split, ElementType::u16));
  EXPECT_THAT(lines.at(1), ElementsAre(4, 0, 5, 0, 6, 0));
}

TEST(Distribution, UnevenSplitsAreRefused) {
  EXPECT_EQ(error_of([] { distribute(load_of("[1, 2, 3]", 2, Distribution::split, ElementType::u8)); }),
            "p.yaml:1:1: 3 lines of p.yaml:1:9 cannot be split evenly over 2 tiles");
  EXPECT_EQ(error_of([] { distribute(load_of("[[1, 2], [3]]", 2, Distribution::split, ElementType::u8)); }),
            "p.yaml:1:18: has 1 numbers, the first line has 2: lines to be split must be equally long");
}

}  // namespace
}  // namespace ipusim::cli
