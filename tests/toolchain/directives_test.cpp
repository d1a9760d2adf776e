// SPDX-License-Identifier: Apache-2.0
// The target's directives, and the general ones programs are written with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"
#include "ipusim/toolchain/listing.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Words = std::vector<std::uint32_t>;

TEST(Directives, ModesSwitchWithinAFile) {
  EXPECT_THAT(complaints(".supervisor\nrun $m0, $m0, 0\n.worker\nexitz $m15\n"), IsEmpty());
  EXPECT_THAT(complaints(".supervisor\nexitz $m15\n"),
              ElementsAre(HasSubstr("2:1: instruction requires: Worker mode")));
  EXPECT_THAT(complaints(".worker extra\n"), ElementsAre(HasSubstr("1:9: unexpected token")));
  EXPECT_THAT(complaints(".allow_invalid_execution_mode\nrun $m0, $m0, "
                         "0\n.error_on_invalid_execution_mode\nrun $m0, $m0, 0"),
              ElementsAre(HasSubstr("4:1: instruction requires: Supervisor mode")));
}

TEST(Directives, OperandChecksCanBeDropped) {
  EXPECT_EQ(words(".allow_invalid_operands\nor64 $a1:2, $a0:1, $a0:1"), words("or64 $a0:1, $a0:1, $a0:1"));
  EXPECT_THAT(complaints(".allow_invalid_operands\nbri 0x80000\n"), IsEmpty());
  EXPECT_THAT(complaints(".allow_invalid_operands\n.error_on_invalid_operands\nor64 $a1:2, $a0:1, $a0:1"),
              ElementsAre(HasSubstr("3:6: invalid operand")));
}

TEST(Directives, MacrosConditionsAndNumericLabels) {
  EXPECT_EQ(words(".macro twice what, times=2\n .rept \\times\n \\what\n .endr\n.endm\n twice nop\n"),
            words("nop\nnop"));
  EXPECT_EQ(words(".ifc abc, abc\nadd $m0, $m0, 1\n.else\nadd $m0, $m0, 2\n.endif"),
            words("add $m0, $m0, 1"));
  EXPECT_EQ(words(".set k, 3\n.if k > 2\nadd $m0, $m0, k*2\n.endif"), words("add $m0, $m0, 6"));
  EXPECT_EQ(words(".irp r, 0, 1\nadd $m\\r, $m0, 1\n.endr"), words("add $m0, $m0, 1\nadd $m1, $m0, 1"));
  EXPECT_EQ(words("1: nop\nbri 1b\nbri 1f\n1: nop")[2], 0x40800000U | (region0 + 12) / 4);
}

TEST(Directives, DataAndStrings) {
  EXPECT_EQ(words(".byte 1, 2\n.short 0x304\n.long 5\n.quad 6\n"), (Words{0x03040201, 5, 6, 0}));
  EXPECT_EQ(words(".ascii \"abcd\"\n.space 4\n.zero 4\n.fill 2, 2, 7"),
            (Words{0x64636261, 0, 0, 0x00070007}));
  EXPECT_EQ(words(".long 1 /* one */ # two\n// three\n.long 4 ; .long 5"), (Words{1, 4, 5}));
}

// LLVM finds it when it lays out the object, gives up and tells no line.
TEST(Directives, SizesThatAreNoConstantsAreRefusedWithTheirLine) {
  EXPECT_THAT(
      tool_error([] { assemble_text("here: nop\n.size here, elsewhere - here\n", "sizes.s", {}); }),
      HasSubstr("sizes.s:2:1: error: Size expression must be absolute: a number, or the difference of two "
                "labels of one section"));
  EXPECT_THAT(tool_error([] {
                assemble_text("here: nop\n.data\nthere: .long 0\n.text\n.size here, there - here\n",
                              "sizes.s", {});
              }),
              HasSubstr("sizes.s:5:1: error: Size expression must be absolute"));
}

TEST(Directives, Leb128NumbersThatAreNoConstantsAreRefusedWithTheirLine) {
  EXPECT_THAT(tool_error([] { assemble_text("nop\n\n.uleb128 1, elsewhere\n.sleb128 far\n", "leb.s", {}); }),
              AllOf(HasSubstr("leb.s:3:1: error: sleb128 and uleb128 expressions must be absolute"),
                    HasSubstr("leb.s:4:1: error: sleb128 and uleb128 expressions must be absolute")));
}

// Differences that only the layout tells are none of these.
TEST(Directives, SizesAndLeb128NumbersOfLaterLabels) {
  EXPECT_EQ(words(".size a, b - a\na: nop\nb: nop\n"), words("nop\nnop"));
  EXPECT_EQ(words(".uleb128 b - a\n.byte 0, 0, 0\na: .long 5\nb: .long 6\n"), (Words{4, 5, 6}));
}

// What LLVM gives up on ends that source alone, however often: .fill sizes that only the layout tells.
TEST(Directives, WhatLlvmGivesUpOnLeavesTheAssemblerUsable) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(tool_error([] {
                  assemble_text(
                      ".data\n.space end - begin\n.section .d2,\"aw\"\nbegin: .space 0x80000\n"
                      ".space 0x80000\nend:\n",
                      "large.s", {});
                }),
                HasSubstr("large.s"));
    EXPECT_EQ(words("nop"), (Words{0x19E00000}));
  }
}

TEST(Directives, CodeIsPaddedWithNops) {
  EXPECT_EQ(words("add $m0, $m0, 1\n.p2align 4\nadd $m0, $m0, 2"),
            (Words{0x22000001, 0x19E00000, 0x19E00000, 0x19E00000, 0x22000002}));
}

TEST(Directives, InstructionsAfterOddDataAreRefused) {
  EXPECT_THAT(complaints(".byte 1\n nop\n.p2align 2\nnop"),
              ElementsAre(HasSubstr("2:2: instruction does not lie at a multiple of 4 bytes")));
}

std::string relocations(const std::string& text) {
  const auto file = test_folder() / "test.o";
  const Object object = assemble_text(text, "test.s", plain(isa::Mode::supervisor));
  write_text(file, std::string(object.elf.begin(), object.elf.end()));
  ListingOptions what;
  what.relocations = true;
  return list_file(file, what);
}

TEST(Relocations, OfInstructions) {
  EXPECT_THAT(relocations("cmpult $m0, $m0, foo"), HasSubstr("00000000: R_COLOSSUS_16 foo\n"));
  EXPECT_THAT(relocations("nop\nsetzi $m0, foo+4"), HasSubstr("00000004: R_COLOSSUS_20 foo+0x4\n"));
  EXPECT_THAT(relocations("call $m10, foo"), HasSubstr("00000000: R_COLOSSUS_19_S2 foo\n"));
  // `run` is left to the linker even for a label at hand.
  EXPECT_THAT(relocations("here: nop\nrun $m0, $m0, here"), HasSubstr("00000004: R_COLOSSUS_RUN .text\n"));
}

TEST(Relocations, OfData) {
  EXPECT_THAT(relocations(".byte foo"), HasSubstr("R_COLOSSUS_8 foo"));
  EXPECT_THAT(relocations(".short foo"), HasSubstr("R_COLOSSUS_16 foo"));
  EXPECT_THAT(relocations(".long foo"), HasSubstr("R_COLOSSUS_32 foo"));
  EXPECT_THAT(relocations(".quad foo"), HasSubstr("R_COLOSSUS_64 foo"));
  EXPECT_THAT(relocations(".short foo@relative@16@s2"), HasSubstr("R_COLOSSUS_RELATIVE_16_S2 foo"));
  EXPECT_THAT(relocations(".long foo@abs18@s2"), HasSubstr("R_COLOSSUS_18_S2 foo"));
  EXPECT_THAT(relocations(".long foo@abs19@s2"), HasSubstr("R_COLOSSUS_19_S2 foo"));
  EXPECT_THAT(relocations(".long foo@abs@21"), HasSubstr("R_COLOSSUS_21 foo"));
}

TEST(Relocations, VariantsThatDoNotFitAreRefused) {
  EXPECT_THAT(complaints(".long foo@nonsense"),
              ElementsAre(HasSubstr("1:7: unknown symbol variant '@nonsense'")));
  EXPECT_THAT(complaints(".byte foo@abs18@s2"),
              ElementsAre(HasSubstr("symbol variant does not fit data of this size")));
  EXPECT_THAT(complaints(".short foo@abs@21"),
              ElementsAre(HasSubstr("symbol variant does not fit data of this size")));
}

}  // namespace
}  // namespace ipusim::toolchain_test
