// SPDX-License-Identifier: Apache-2.0
// Sources and files that would use up the machine: refused at once, with the reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The memory of ipu2, 0x4C000 to 0xE8000, has 638976 bytes.
constexpr const char* beyond = "section .text grows beyond the 638976 bytes of a tile's memory (ipu2)";

TEST(Limits, DataBeyondTheMemoryIsRefused) {
  for (const char* directive :
       {".space 0xfffffff0", ".zero 638977", ".skip 0x7fffffffffffffff", ".fill 300000000",
        ".fill 100000000, 8, 1", ".fill 0x4000000000000000, 8", ".dcb.l 300000000, 1", ".dcb.b 0xffffffff, 0",
        ".org 638980", ".ds.l 300000000"})
    EXPECT_THAT(complaints(std::string("nop\n") + directive + "\nnop\n"), ElementsAre(HasSubstr(beyond)))
        << directive;
  EXPECT_THAT(complaints(".space later\n.set later, 0xfffffff0\n"), ElementsAre(HasSubstr(beyond)));
  EXPECT_THAT(complaints("a: .p2align 31\nnop\n.p2align 31\n"), ElementsAre(HasSubstr(beyond)));
  EXPECT_THAT(complaints(".bss\n.space 0x9c001\n"), ElementsAre(HasSubstr("section .bss grows beyond")));
  EXPECT_THAT(complaints(".rept 1000\n.byte 1\n.balign 4096\n.endr\n"), ElementsAre(HasSubstr(beyond)));
  EXPECT_THAT(complaints(".rept 1000\n.space 4096\n.endr\n"), ElementsAre(HasSubstr(beyond)));
  EXPECT_THAT(complaints(".rept 1000\n.org . + 4096\n.endr\n"), ElementsAre(HasSubstr(beyond)));
  EXPECT_THAT(complaints(".space 638976"), ::testing::IsEmpty());
}

TEST(Limits, SectionsThatAreNotLoadedHaveOne) {
  EXPECT_THAT(complaints(".section .note.x,\"\"\n.space 0xfffffff0\n"),
              ElementsAre(HasSubstr("section .note.x grows beyond 268435456 bytes")));
}

TEST(Limits, LoopsThatCannotFitAreNotBegun) {
  EXPECT_THAT(complaints("nop\n.rept 300000000\nnop\n.endr\n"),
              ElementsAre(HasSubstr(
                  "2:1: 300000000 repetitions are more than the tile's memory has bytes (638976)")));
  EXPECT_THAT(complaints(".set n, 1000\n.rept n * n\n.endr\n"),
              ElementsAre(HasSubstr("1000000 repetitions")));
  EXPECT_THAT(complaints(".rept 600000\n.rept 600000\n.endr\n.endr\n"),
              ElementsAre(HasSubstr("expand more than")));
  EXPECT_THAT(complaints(".rept 500000\n.ascii \"" + std::string(10000, 'x') + "\"\n.endr\n"),
              ElementsAre(HasSubstr("bytes of source text")));
  EXPECT_THAT(complaints(".rept 200000\nnop\n.endr\n"), ElementsAre(HasSubstr(beyond)));
}

TEST(Limits, LoopsThatFitAreAsBefore) {
  EXPECT_EQ(words(".set n, 2\n.rept n + 1\n nop\n.endr\n.rept 0\n.error \"no\"\n.endr\n"),
            words("nop\nnop\nnop"));
  EXPECT_THAT(complaints(".rept\nnop\n.endr\n"), ::testing::Not(::testing::IsEmpty()));
  EXPECT_THAT(complaints(".rept 2, 3\n.endr\n"), ::testing::Contains(HasSubstr("unexpected token")));
  EXPECT_THAT(complaints(".rept unknown\n.endr\n"),
              ::testing::Contains(HasSubstr("expected absolute expression")));
}

TEST(Limits, MacrosThatCallThemselvesEnd) {
  EXPECT_THAT(complaints(".macro m\n m\n.endm\nm\n"), ElementsAre(HasSubstr("nested more than 20 levels")));
  EXPECT_EQ(complaints(".macro m\n m\n m\n m\n.endm\nm\n").size(), 200U);
  EXPECT_THAT(complaints(".macro e\n.endm\n.macro m\n.rept 600000\n e\n.endr\n.endm\nm\n"),
              ElementsAre(HasSubstr("expand more than 1000000 times")));
}

TEST(Limits, FilesThatIncludeThemselvesEnd) {
  const auto file = test_folder() / "self.s";
  write_text(file, ".include \"" + file.string() + "\"\n");
  EXPECT_THAT(complaints(".include \"" + file.string() + "\"\n"),
              ElementsAre(HasSubstr("files include each other more than 200 deep")));
  write_text(file, ".rept 1\n.include \"" + file.string() + "\"\n.endr\n");
  EXPECT_THAT(complaints(".include \"" + file.string() + "\"\n"), ElementsAre(HasSubstr("expand more than")));
}

TEST(Limits, EndlessAndHugeFilesAreNotRead) {
  EXPECT_THAT(complaints(".incbin \"/dev/zero\"\n"), ElementsAre(HasSubstr("/dev/zero is no regular file")));
  EXPECT_THAT(complaints(".include \"/dev/zero\"\n"), ElementsAre(HasSubstr("/dev/zero is no regular file")));
  const auto huge = test_folder() / "huge.S";
  write_text(huge, "nop");
  std::filesystem::resize_file(huge, 10'000'000'000);  // a line of 10 GB, though the disk holds none of it
  EXPECT_THAT(tool_error([&] { assemble(huge, plain()); }),
              HasSubstr("has 10000000000 bytes, more than the"));
  EXPECT_THAT(tool_error([&] { read_object(huge); }), HasSubstr("has 10000000000 bytes, more than the"));
  EXPECT_THAT(complaints(".incbin \"" + huge.string() + "\"\n"), ElementsAre(HasSubstr("is larger than")));
  std::filesystem::remove(huge);
  EXPECT_THAT(tool_error([&] { read_object("/dev/zero"); }), HasSubstr("/dev/zero: is no regular file"));
  EXPECT_THAT(tool_error([&] { read_object(test_folder()); }), HasSubstr("is a directory"));
}

TEST(Limits, MacrosOfThePreprocessorAreStopped) {
  std::string text = "#define M0 nop; nop; nop; nop; nop; nop; nop; nop;\n";
  for (int i = 1; i < 10; ++i) {
    const std::string m = "M" + std::to_string(i - 1) + " ";
    text += "#define M" + std::to_string(i) + " " + m + m + m + m + m + m + m + m + "\n";
  }
  const auto file = test_folder() / "bomb.S";
  write_text(file, text + "M9\n");
  AssemblerOptions options = plain();
  options.preprocess = true;
  EXPECT_THAT(tool_error([&] { assemble(file, options); }), HasSubstr("bytes after preprocessing"));
}

TEST(Limits, ComplaintsAreCounted) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "wrong\n";
  EXPECT_EQ(complaints(text).size(), 200U);
}

TEST(Limits, LongLinesDoNotBuryTheMessage) {
  const std::string error =
      tool_error([] { assemble_text("wrong " + std::string(1 << 20, 'x') + "\n", "long.s", plain()); });
  EXPECT_LT(error.size(), 1000U);
  EXPECT_THAT(error, HasSubstr("long.s:1:1: error: invalid instruction 'wrong'"));
}

TEST(Limits, TheProgramsMemoryIsLimited) {
  // Each level makes its argument ten times as long: beyond any machine at the twentieth.
  write_text(test_folder() / "m.s", ".macro m a\n m \\a\\a\\a\\a\\a\\a\\a\\a\\a\\a\n.endm\nm x\n");
  const ToolRun run = run_tool("ipu-as --no-cpp m.s");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.output, HasSubstr("out of memory"));
}

}  // namespace
}  // namespace ipusim::toolchain_test
