// SPDX-License-Identifier: Apache-2.0
// Types of numbers, numbers in texts and lists, and what each tile gets. Bit patterns are those of IEEE 754
// binary32 and binary16, and of f8 by its definition (docs/arithmetic.md), worked out by hand.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cmath>
#include <tuple>

#include "ipusim/numbers/element_type.hpp"
#include "ipusim/numbers/number_rows.hpp"
#include "support.hpp"

namespace ipusim::numbers {
namespace {

using cli_test::error_of;
using cli_test::TempFolder;
namespace fs = std::filesystem;
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

INSTANTIATE_TEST_SUITE_P(
    Half, ParsedNumbers,
    ::testing::Values(
        Parsed{ElementType::f16, "1", 0x3C00}, Parsed{ElementType::f16, "-2.5", 0xC100},
        Parsed{ElementType::f16, "0.1", 0x2E66}, Parsed{ElementType::f16, "-0", 0x8000},
        // 1 + 2^-11 is a tie, to even; the least bit more is none. A way through double would round twice.
        Parsed{ElementType::f16, "1.00048828125", 0x3C00},
        Parsed{ElementType::f16, "1.000488281250000000000000000000001", 0x3C01},
        // So is 1 + 3 * 2^-11.
        Parsed{ElementType::f16, "1.00146484375", 0x3C02},
        Parsed{ElementType::f16, "-1.001464843749999999999999999999999", 0xBC01},
        // Half of the smallest denormal, 2^-25.
        Parsed{ElementType::f16, "2.98023223876953125e-8", 0},
        Parsed{ElementType::f16, "2.98023223876953125000000000000001e-8", 1},
        Parsed{ElementType::f16, "1e-999", 0}, Parsed{ElementType::f16, "6.1e-5", 0x03FF},
        Parsed{ElementType::f16, "65504", 0x7BFF}, Parsed{ElementType::f16, "65519.999", 0x7BFF},
        Parsed{ElementType::f16, "inf", 0x7C00}, Parsed{ElementType::f16, "-inf", 0xFC00}));

INSTANTIATE_TEST_SUITE_P(
    Quarter, ParsedNumbers,
    ::testing::Values(
        // 1.4.3 counts from 2^-10 in eighths of a binade: 1.0 is its 64th code, 240 the last.
        Parsed{ElementType::f143, "1", 0x40}, Parsed{ElementType::f143, "-1.125", 0xC1},
        Parsed{ElementType::f143, "240", 0x7F}, Parsed{ElementType::f143, "247.9", 0x7F},
        Parsed{ElementType::f143, "0.0009765625", 0x01},  // 2^-10
        // 1.0625 and 1.1875 are ties, to even.
        Parsed{ElementType::f143, "1.0625", 0x40}, Parsed{ElementType::f143, "1.1875", 0x42},
        Parsed{ElementType::f143, "1.06250000000000000000000000001", 0x41},
        // One zero: the code of -0 is the NaN.
        Parsed{ElementType::f143, "-0", 0x00}, Parsed{ElementType::f143, "-0.0001", 0x00},
        Parsed{ElementType::f143, "nan", 0x80},
        // 1.5.2: 57344 is the last code.
        Parsed{ElementType::f152, "1", 0x40}, Parsed{ElementType::f152, "57344", 0x7F},
        Parsed{ElementType::f152, "-1.25", 0xC1},
        Parsed{ElementType::f152, "7.62939453125e-6", 0x01},  // 2^-17
        // An element is its code's value times 2^scale.
        Parsed{ElementType(ElementType::f143, -2), "1", 0x50},
        Parsed{ElementType(ElementType::f143, 31), "515396075520", 0x7F},
        Parsed{ElementType(ElementType::f152, 3), "-8", 0xC0}));

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
                      Refused{ElementType::u8, "256", "'256' is out of range for u8 (0 to 255)"},
                      Refused{ElementType::u8, "-1", "'-1' is out of range for u8 (0 to 255)"},
                      Refused{ElementType::i8, "-129", "'-129' is out of range for i8 (-128 to 127)"},
                      Refused{ElementType::i16, "32768", "'32768' is out of range for i16 (-32768 to 32767)"},
                      Refused{ElementType::u16, "0x10000", "'0x10000' is out of range for u16 (0 to 65535)"},
                      Refused{ElementType::i32, "2147483648",
                              "'2147483648' is out of range for i32 (-2147483648 to 2147483647)"},
                      Refused{ElementType::u32, "99999999999999999999999",
                              "'99999999999999999999999' is out of range for u32 (0 to 4294967295)"},
                      Refused{ElementType::u32, "1.0", "'1.0' is no whole number, as u32 needs"},
                      Refused{ElementType::i32, "-", "'-' is no whole number, as i32 needs"},
                      Refused{ElementType::f16, "65520", "'65520' is beyond the range of f16"},
                      Refused{ElementType::f16, "1e999", "'1e999' is beyond the range of f16"},
                      Refused{ElementType::f16, "1 2", "'1 2' is no number of type f16"},
                      Refused{ElementType::f16, "+-1", "'+-1' is no number of type f16"},
                      Refused{ElementType::f143, "248", "'248' is beyond the range of f143"},
                      Refused{ElementType::f143, "inf", "'inf' is beyond the range of f143"},
                      Refused{ElementType(ElementType::f152, -3), "7680",
                              "'7680' is beyond the range of f152 with scale -3"}));

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

TEST(Element, HalvesAndQuartersHaveTheirSize) {
  std::vector<std::uint8_t> bytes;
  pack(parse_element("1.5", ElementType::f16), ElementType::f16, bytes);
  pack(parse_element("-1", ElementType::f143), ElementType::f143, bytes);
  EXPECT_THAT(bytes, ElementsAre(0x00, 0x3E, 0xC0));
  EXPECT_THAT(bits(unpack(bytes, ElementType::f152)), ElementsAre(0x00, 0x3E, 0xC0));
}

// Every code, by the formats' definition: a denormal, or 1.fraction times 2 to its exponent.
TEST(Element, ValuesOfAllQuarters) {
  for (const auto& [kind, fraction_bits, bias] :
       {std::tuple{ElementType::f143, 3U, 8}, std::tuple{ElementType::f152, 2U, 16}}) {
    for (unsigned code = 1; code < 128; ++code) {
      const unsigned exponent = code >> fraction_bits;
      const double fraction = (code & ((1U << fraction_bits) - 1U)) / std::exp2(fraction_bits);
      const double value = exponent == 0 ? fraction * std::exp2(1 - bias)
                                         : (1 + fraction) * std::exp2(static_cast<int>(exponent) - bias);
      EXPECT_EQ(value_of({code}, kind), value) << code;
      EXPECT_EQ(value_of({code | 0x80U}, ElementType(kind, 5)), -32 * value) << code;
      EXPECT_EQ(round_to_element(value, kind), Element{code});
    }
    EXPECT_TRUE(std::isnan(value_of({0x80}, kind)));
    EXPECT_EQ(value_of({0}, kind), 0);
  }
}

TEST(Element, EveryHalfAndQuarterComesBackFromItsText) {
  for (std::uint32_t code = 0; code < 0x10000; ++code) {
    const std::string text = to_string(Element{code}, ElementType::f16);
    if (!std::isnan(value_of({code}, ElementType::f16))) {
      ASSERT_EQ(parse_element(text, ElementType::f16).bits, code) << text;
    }
  }
  for (const int scale : {-32, -3, 0, 31}) {
    for (const auto kind : {ElementType::f143, ElementType::f152}) {
      const ElementType type(kind, scale);
      for (std::uint32_t code = 0; code < 256; ++code) {
        ASSERT_EQ(parse_element(to_string(Element{code}, type), type).bits, code);
      }
    }
  }
  EXPECT_EQ(to_string(Element{0x2E66}, ElementType::f16), "0.1");
  EXPECT_EQ(to_string(Element{0x7BFF}, ElementType::f16), "65504");
}

TEST(Element, OrdinalsCountTheValues) {
  const auto distance = [](std::uint32_t a, std::uint32_t b, ElementType type) {
    return ordinal_of({a}, type) - ordinal_of({b}, type);
  };
  EXPECT_EQ(distance(0x3F800001, 0x3F7FFFFF, ElementType::f32), 2);
  EXPECT_EQ(distance(0x00000001, 0x80000001, ElementType::f32), 2);
  EXPECT_EQ(distance(0x8000, 0x0000, ElementType::f16), 0);
  EXPECT_EQ(distance(0xC1, 0x40, ElementType::f143), -0x81);
}

TEST(Element, WhatIsANumber) {
  for (const char* text : {"1", "-2.5e3", "0x1F", "-0x1", "inf", "nan", "+.5"})
    EXPECT_TRUE(is_number(text)) << text;
  for (const char* text : {"", "a.csv", "1.csv", "0x", "0x1G", "1 2", "-"})
    EXPECT_FALSE(is_number(text)) << text;
}

TEST(Element, AsText) {
  EXPECT_EQ(to_string(Element{0x3DCCCCCD}, ElementType::f32), "0.1");
  EXPECT_EQ(to_string(Element{0xFFFFFFFE}, ElementType::i8), "-2");
  EXPECT_EQ(to_string(Element{0xFFFFFFFE}, ElementType::u32), "4294967294");
}

// All rows, or those of `lines`, with all columns or those of `columns`.
NumberRows rows_of(const NumberSource& source, ElementType type, const IndexRanges& lines = {},
                   const IndexRanges& columns = {}, std::size_t most = 1000) {
  return read_rows(source, "w.csv", lines.empty() ? nullptr : &lines,
                   {type, columns.empty() ? nullptr : &columns, most, RowLengths::any});
}

TEST(TextNumbers, CommasBlanksCommentsAndEmptyLines) {
  const auto source = parse_text_numbers("# weights\n1, 2\t3\r\n\n  4,5,  # last\n6", "w.csv");
  EXPECT_EQ(source->rows(), 3U);
  EXPECT_EQ(source->place(1), "w.csv:4");
  const auto rows = rows_of(*source, ElementType::u8);
  EXPECT_THAT(bits(rows.elements), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(rows.ends, ElementsAre(3, 5, 6));
}

TEST(TextNumbers, ErrorsNameFileAndLine) {
  const auto error = [](const std::string& text) {
    return error_of([&] { rows_of(*parse_text_numbers(text, "w.csv"), ElementType::u8); });
  };
  EXPECT_EQ(error("1,2\n3,,4\n"), "w.csv:2: a comma without a number before it");
  EXPECT_EQ(error("1\n, 2\n"), "w.csv:2: a comma without a number before it");
  EXPECT_EQ(error("1\n\n# x\n300\n"), "w.csv:4: '300' is out of range for u8 (0 to 255)");
  EXPECT_EQ(error(std::string("1\0", 2)),
            "w.csv: is no text: byte 1 is zero; name it .npy or .bin, or give its `encoding`");
  EXPECT_EQ(error_of([] { load_text_numbers("/nonexistent/w.csv"); }),
            "/nonexistent/w.csv: cannot read the file: No such file or directory");
}

TEST(TextNumbers, LinesAndColumns) {
  const auto source = parse_text_numbers("0 1 2 3\n10 11 x 13\n20 21 22 23\n", "w.csv");
  EXPECT_THAT(bits(rows_of(*source, ElementType::u32, {{1, 2}}, {{3, 3}, {0, 1}}).elements),
              ElementsAre(13, 10, 11, 23, 20, 21));
  EXPECT_THAT(bits(rows_of(*source, ElementType::u32, {{2, 2}, {0, 0}}).elements),
              ElementsAre(20, 21, 22, 23, 0, 1, 2, 3));
  EXPECT_EQ(error_of([&] {
              rows_of(*source, ElementType::u32, {{0, 3}}, {{0, 0}});
            }),
            "w.csv: has 3 lines of numbers, line 3 is wanted (counted from 0)");
  EXPECT_EQ(error_of([&] {
              rows_of(*source, ElementType::u32, {{2, 2}}, {{0, 4}});
            }),
            "w.csv:3: has 4 numbers, column 4 is wanted (counted from 0)");
}

TEST(TextNumbers, NoMoreThanHasRoom) {
  std::string text;
  for (unsigned i = 0; i < 100'000; ++i) text += "1 ";
  EXPECT_EQ(error_of([&] { rows_of(*parse_text_numbers(text, "w.csv"), ElementType::f16, {}, {}, 99'999); }),
            "w.csv:1: there are more than the 99999 numbers of type f16 that have room");
  EXPECT_EQ(rows_of(*parse_text_numbers(text, "w.csv"), ElementType::f16, {}, {}, 100'000).elements.size(),
            100'000U);
}

TEST(TextNumbers, FilesThatAreNoneOrNeverEnd) {
  const TempFolder folder;
  const std::string pipe = (folder.path() / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(error_of([&] { load_text_numbers(pipe); }),
            pipe + ": cannot read the file: it is a pipe, not a file");
  EXPECT_EQ(error_of([] { load_npy_numbers("/dev/zero"); }),
            "/dev/zero: cannot read the file: it is a device, not a file");
  const fs::path large = folder.write("large.csv", "1");
  fs::resize_file(large, 10'000'000'000);  // one line of zeros
  EXPECT_EQ(error_of([&] { load_text_numbers(large); }),
            large.string() +
                ": cannot read the file: it has more than 268435456 bytes; keep so many numbers as .npy or "
                "raw binary");
  EXPECT_EQ(error_of([&] { load_raw_numbers(large, ElementType::u8); }),
            large.string() +
                ": cannot read the file: it has more than 1073741824 bytes; which is more than all "
                "tiles together have");
}

TEST(ListNumbers, RowsAndTheirPlaces) {
  const NumberList nested{.file = "p.yaml",
                          .rows = {{.numbers = {{"1", 2, 6}, {"-2", 2, 9}}, .line = 2, .column = 5},
                                   {.numbers = {{"0x10", 3, 6}, {"x", 3, 9}}, .line = 3, .column = 5}}};
  const auto source = list_numbers(nested);
  EXPECT_THAT(bits(rows_of(*source, ElementType::i32, {{0, 0}}).elements), ElementsAre(1, 0xFFFFFFFE));
  EXPECT_THAT(rows_of(*source, ElementType::i32, {}, {{0, 0}}).ends, ElementsAre(1, 2));
  EXPECT_EQ(source->place(1), "p.yaml:3:5");
  EXPECT_EQ(error_of([&] { rows_of(*source, ElementType::i32); }),
            "p.yaml:3:9: 'x' is no whole number, as i32 needs");
}

// Numbers that no file holds.
TEST(ListNumbers, OfValues) {
  const NumberList list = list_of({1, -2.5, 4294967295.0, 0.1});
  EXPECT_EQ(list.rows.size(), 4U);
  EXPECT_THAT(bits(rows_of(*list_numbers(list), ElementType::f32).elements),
              ElementsAre(0x3F800000, 0xC0200000, 0x4F800000, 0x3DCCCCCD));
  EXPECT_THAT(bits(rows_of(*list_numbers(list_of({4294967295.0, 0})), ElementType::u32).elements),
              ElementsAre(0xFFFFFFFF, 0));
  EXPECT_EQ(error_of([&] { rows_of(*list_numbers(list), ElementType::u32); }),
            "row 1, column 0: '-2.5' is no whole number, as u32 needs");
}

TEST(RawNumbers, AreTheBytesOfTheType) {
  const TempFolder folder;
  const fs::path file = folder.write("x.bin", std::string("\x00\x3C\x00\xC0", 4));
  const auto source = load_raw_numbers(file, ElementType::f16);
  EXPECT_THAT(bits(rows_of(*source, ElementType::f16).elements), ElementsAre(0x3C00, 0xC000));
  EXPECT_THAT(bits(rows_of(*source, ElementType::f16, {{1, 1}}).elements), ElementsAre(0xC000));
  EXPECT_EQ(source->place(1), file.string() + ": element 1");
  folder.write("x.bin", "abc");
  EXPECT_EQ(error_of([&] { load_raw_numbers(file, ElementType::f16); }),
            file.string() + ": its 3 bytes are no multiple of the 2 that type f16 has");
}

}  // namespace
}  // namespace ipusim::numbers
