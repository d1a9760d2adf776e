// SPDX-License-Identifier: Apache-2.0
// Places that are settled while the source is read: differences with the location counter as constants, and
// what .allow_optimizations makes of them. Words are put together by hand from the encodings of the fact
// sheet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Words = std::vector<std::uint32_t>;

constexpr std::uint32_t nop = 0x19E00000;
constexpr std::uint32_t fnop = 0x1AD00000;
constexpr std::uint32_t coissue = 0x80000000;
// rpt: count at [19:8], size at [7:0]
constexpr std::uint32_t rpt(std::uint32_t count, std::uint32_t size) {
  return 0x40000000 | count << 8U | size;
}

const std::string body = "{ nop ; fnop }\n";
const Words body_words{nop | coissue, fnop | coissue};

Words concat(Words first, const Words& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

TEST(AllowOptimizations, ARepeatWithFnopShrinksToAlignItsBody) {
  const std::string repeat = "{ rpt 4, 0 ; fnop }\n" + body;
  EXPECT_EQ(words(".allow_optimizations\nnop\n" + repeat), concat({nop, rpt(4, 0)}, body_words));
  EXPECT_EQ(words(".allow_optimizations\nnop\nnop\n" + repeat),
            concat({nop, nop, rpt(4, 0) | coissue, fnop | coissue}, body_words));
  // However it is written.
  EXPECT_EQ(words(".allow_optimizations\nnop\n{ fnop ; rpt 4, 0 }\n" + body),
            concat({nop, rpt(4, 0)}, body_words));
  EXPECT_EQ(words(".allow_optimizations\nnop\n{ rpt 4, 0 ; setzi $a13, 0 }\n" + body),
            concat({nop, rpt(4, 0)}, body_words));
  EXPECT_EQ(words(".allow_optimizations\nnop\n{ rpt $m5, 0 ; fnop }\n" + body),
            words(".p2align 3\nnop\nrpt $m5, 0\n" + body));
}

TEST(AllowOptimizations, LabelsMoveWithTheBody) {
  EXPECT_EQ(
      words(".allow_optimizations\nnop\n{ rpt 4, (2f - 1f) / 8 - 1 ; fnop }\n1:\n" + body + body +
            "2: brnzdec $m0, 1b\n"),
      concat(concat(concat({nop, rpt(4, 1)}, body_words), body_words), {0x13080000 | (region0 + 8) / 4}));
}

TEST(AllowOptimizations, HoldsFromItsLineOn) {
  EXPECT_THAT(complaints("nop\n{ rpt 4, 0 ; fnop }\n" + body + ".allow_optimizations\n"),
              ElementsAre(HasSubstr("2:3: code following rpt instruction is misaligned")));
}

TEST(AllowOptimizations, NothingElseIsChanged) {
  const std::string misaligned = "code following rpt instruction is misaligned";
  EXPECT_THAT(complaints(".allow_optimizations\nnop\n{ rpt 4, 0 ; setzi $a0, 0 }\n" + body),
              ElementsAre(HasSubstr(misaligned)));
  EXPECT_THAT(complaints(".allow_optimizations\nnop\n{ rpt 4, 0 ; setzi $a13, 1 }\n" + body),
              ElementsAre(HasSubstr(misaligned)));
  // A lone rpt does not grow.
  EXPECT_THAT(complaints(".allow_optimizations\nrpt 4, 0\n" + body), ElementsAre(HasSubstr(misaligned)));
  // Nor is a bundle of other instructions taken apart.
  EXPECT_EQ(words(".allow_optimizations\nnop\n{ add $m0, $m0, 1 ; fnop }"),
            (Words{nop, 0xA2000001, fnop | coissue}));
}

TEST(AllowOptimizations, AlignsTheSection) {
  const std::string repeat =
      ".allow_optimizations\n.section .text.f, \"ax\"\nnop\n{ rpt 4, 0 ; fnop }\n" + body;
  const auto linked = link({assemble_text(".globl _start\n_start: nop\n", "start.s", plain()),
                            assemble_text(repeat, "repeat.s", plain())},
                           {});
  const auto& bytes = linked.image.segments.at(0).bytes;
  // After the nop of the first, the second begins at the next multiple of 8, and its body at the one after.
  ASSERT_EQ(bytes.size(), 24U);
  EXPECT_EQ(bytes[8 + 4 + 3], rpt(4, 0) >> 24U);
}

TEST(AllowOptimizations, APlaceThatOnlyTheLayoutKnowsStaysAsWritten) {
  EXPECT_THAT(complaints(".allow_optimizations\n.space 2f - 1f\n1: nop\n2:\n{ rpt 4, 0 ; fnop }\n" + body),
              IsEmpty());
  EXPECT_THAT(
      complaints(".allow_optimizations\n.space 2f - 1f\n1: nop\nnop\n2:\nnop\n{ rpt 4, 0 ; fnop }\n" + body),
      ElementsAre(HasSubstr("code following rpt instruction is misaligned")));
  // After padding to 8 it is known again.
  EXPECT_THAT(
      complaints(
          ".allow_optimizations\n.space 2f - 1f\n1: nop\nnop\n2:\n.p2align 3\nnop\n{ rpt 4, 0 ; fnop }\n" +
          body),
      IsEmpty());
}

// .if takes constants only: 1 where the expression is as expected.
void expect_constant(const std::string& before, const std::string& expression, std::int64_t value) {
  const std::string text = before + ".if (" + expression + ") != " + std::to_string(value) +
                           "\n.error \"another value\"\n.endif\n";
  EXPECT_THAT(complaints(text), IsEmpty()) << text;
}

TEST(LocationCounter, IsAConstantFromALabelOn) {
  expect_constant("start: nop\n", ". - start", 4);
  expect_constant("start: nop\nnop\nnop\n", "(. - start) & 7", 4);
  expect_constant("start: { nop ; fnop }\nnop\n", ". - start", 12);
  expect_constant("start: nop\nend:\n", "end - start", 4);
  expect_constant("start: ldconst $m0, 0x12345678\n", ". - start", 8);
}

TEST(LocationCounter, IsAConstantOverWhateverLiesBetween) {
  expect_constant("start: nop\n.p2align 4\n", ". - start", 16);
  expect_constant(".p2align 4\nstart: nop\n.p2align 3\nnop\n", ". - start", 12);
  expect_constant("start: nop\n.p2align 4, , 4\n", ". - start", 4);
  expect_constant("start: nop\n.balign 8\n.space 5\n", ". - start", 13);
  expect_constant("start: .fill 3, 2, 1\n.zero 2\n.skip 4, 7\n", ". - start", 12);
  expect_constant("start: .byte 1\n.short 2\n.long 3\n.quad 4\n.ascii \"abc\"\n", ". - start", 18);
  expect_constant("start: nop\n.org 20\n", ". - start", 20);
  expect_constant("nop\nstart: nop\n.org start + 20\n", ". - start", 20);
  expect_constant("start: exitz $m15\n.supervisor\nsync 1\n.worker\nexitz $m15\n", ". - start", 12);
  expect_constant("start: bri later\nsetzi $m0, later - 4\n.long later\n", ". - start", 12);
  expect_constant("start: nop\n.data\n.long 1\n.text\nnop\n", ". - start", 8);
  expect_constant(".allow_optimizations\nnop\nstart: { rpt 4, 0 ; fnop }\n" + body, ". - start", 12);
  expect_constant(".data\nstart: .long 1\n.p2align 3\n", ". - start", 8);
  expect_constant(".bss\nstart: .space 100\n.p2align 3\n", ". - start", 104);
  expect_constant(".macro two\nnop\nnop\n.endm\nstart: two\n.rept 3\ntwo\n.endr\n", ". - start", 32);
  expect_constant("start: .set there, . - start + 4\nnop\n", "there", 4);
}

TEST(LocationCounter, IsTakenWhereverAConstantIs) {
  const std::string start = "start: nop\nnop\nnop\n";
  EXPECT_EQ(words(start + ".if (. - start) & 7\nnop\n.endif\n"), (Words{nop, nop, nop, nop}));
  EXPECT_EQ(words(start + ".rept (. - start) / 4\nnop\n.endr\n"), Words(6, nop));
  EXPECT_EQ(words(start + ".space -(. - start) & 7\n"), (Words{nop, nop, nop, 0}));
  EXPECT_EQ(words(start + "add $m0, $m0, . - start\n"), (Words{nop, nop, nop, 0x2200000C}));
  EXPECT_EQ(words("1: " + body + body + "2: .p2align 3\n{ rpt (2b - 1b) / 4, (2b - 1b) / 8 - 1 ; fnop }\n" +
                  body + body)[4],
            rpt(4, 1) | coissue);
}

TEST(LocationCounter, OtherDifferencesAreNoConstants) {
  EXPECT_THAT(complaints("start: nop\n.data\n.if . - start\n.endif"), ElementsAre(HasSubstr("3:")));
  EXPECT_THAT(complaints(".if 1f - .\n.endif\n1: nop"), ElementsAre(HasSubstr("1:")));
  EXPECT_THAT(complaints(".if . & 7\n.endif"), ElementsAre(HasSubstr("1:")));
}

// Padding written at once is the padding that the layout would write.
TEST(Padding, IsTheSameWhereverItIsWritten) {
  // A forward difference leaves everything after it to the layout.
  const std::string late = ".space 2f - 1f\n1: .long 1\n2:\n";
  const std::string early = ".space 4\n1: .long 1\n2:\n";
  for (const std::string rest :
       {".p2align 4\nnop\n", "nop\n.balign 32\nnop\n", ".p2align 4, , 3\nnop\n", ".p2align 4, 0x11\nnop\n",
        ".balignw 16, 0x1234\nnop\n", ".balignl 16, 0x12345678\nnop\n", ".byte 1\n.p2align 3\nnop\n",
        ".org 64\nnop\n", ".org 2b + 16, 0x55\nnop\n", ".space 12, 0x55\nnop\n"})
    EXPECT_EQ(words(early + rest), words(late + rest)) << rest;
}

TEST(Padding, ThatCannotBeIsRefused) {
  EXPECT_THAT(complaints("nop\nnop\n.org 4\n"),
              ElementsAre(HasSubstr("3:6: the location counter cannot go back from 8 to 4")));
  EXPECT_THAT(complaints(".byte 1\n.balignw 8, 0x1234\n"), Not(IsEmpty()));
}

}  // namespace
}  // namespace ipusim::toolchain_test
