// SPDX-License-Identifier: Apache-2.0
// ipu-as, ipu-ld and ipu-objdump as a user runs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Tools : public ::testing::Test {
 protected:
  std::filesystem::path folder_ = test_folder();
};

TEST_F(Tools, SourceToExecutableToListing) {
  write_text(folder_ / "a.S", ".supervisor\n.globl _start\n_start: setzi $m0, VALUE\n call $m10, helper\n");
  write_text(folder_ / "b.S", ".globl helper\nhelper: br $m10\n");
  EXPECT_EQ(run_tool("ipu-as -g -D VALUE=7 a.S -o a.o").exit_code, 0);
  EXPECT_EQ(run_tool("ipu-as b.S").exit_code, 0);
  EXPECT_EQ(run_tool("ipu-ld a.o b.o -o x.elf --map x.map --defsym k=0x10").exit_code, 0);
  const ToolRun listing = run_tool("ipu-objdump -d -l -t -x x.elf");
  EXPECT_EQ(listing.exit_code, 0);
  EXPECT_THAT(listing.output,
              AllOf(HasSubstr("file format elf32-colossus, ipu2, executable, entry 0x0004c000"),
                    HasSubstr("setzi $m0, 7"), HasSubstr("call $m10, 0x4c008"), HasSubstr("<helper>:"),
                    HasSubstr("a.S:3"), HasSubstr("00000010 g       *ABS*\t00000000 k\n")));
  const ToolRun relocations = run_tool("ipu-objdump -r a.o");
  EXPECT_THAT(relocations.output, HasSubstr("00000004: R_COLOSSUS_19_S2 helper"));
}

TEST_F(Tools, WordsForThePreprocessorArePassedOn) {
  write_text(folder_ / "given.h", "#define VALUE 7\n");
  write_text(folder_ / "a.S", "setzi $m0, VALUE\n#ifdef EMPTY\nnop\n#endif\n");
  EXPECT_EQ(run_tool("ipu-as a.S").exit_code, 0);  // VALUE is a symbol
  EXPECT_THAT(run_tool("ipu-objdump -d a.o").output, HasSubstr("setzi $m0, 0"));
  EXPECT_EQ(run_tool("ipu-as a.S --cpp-option=-include --cpp-option=given.h --cpp-option=-Wundef").exit_code,
            0);
  EXPECT_THAT(run_tool("ipu-objdump -d a.o").output, HasSubstr("setzi $m0, 7"));
  EXPECT_EQ(run_tool("ipu-as a.S --cpp-option=-M").exit_code, 2);
}

TEST_F(Tools, BadInputIsExitCode2WithAPlace) {
  write_text(folder_ / "bad.S", "nop\n  frobnicate $m0\n");
  const ToolRun assembler = run_tool("ipu-as bad.S");
  EXPECT_EQ(assembler.exit_code, 2);
  EXPECT_THAT(assembler.output,
              AllOf(HasSubstr("bad.S:2:3: error: invalid instruction 'frobnicate'"), HasSubstr("\n  ^")));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "bad.o"));
  write_text(folder_ / "junk.o", "junk");
  const ToolRun linker = run_tool("ipu-ld junk.o");
  EXPECT_EQ(linker.exit_code, 2);
  EXPECT_THAT(linker.output, HasSubstr("ipu-ld: error: junk.o: not an ELF file"));
  EXPECT_EQ(run_tool("ipu-objdump junk.o").exit_code, 2);
  EXPECT_EQ(run_tool("ipu-as missing.S").exit_code, 2);
  EXPECT_EQ(run_tool("ipu-ld missing.o").exit_code, 2);
}

TEST_F(Tools, WrongArgumentsAreExitCode2AndHelpIs0) {
  for (const std::string tool : {"ipu-as", "ipu-ld", "ipu-objdump"}) {
    EXPECT_EQ(run_tool(tool).exit_code, 2) << tool;
    EXPECT_EQ(run_tool(tool + " --nonsense").exit_code, 2) << tool;
    const ToolRun help = run_tool(tool + " --help");
    EXPECT_EQ(help.exit_code, 0) << tool;
    EXPECT_THAT(help.output, HasSubstr("Usage: " + tool));
  }
  EXPECT_EQ(run_tool("ipu-as x.S --arch ipu9").exit_code, 2);
  EXPECT_THAT(run_tool("ipu-ld x.o --defsym k=abc").output, HasSubstr("x.o: no such file"));
}

TEST_F(Tools, OutputThatCannotBeWrittenIsAnError) {
  write_text(folder_ / "a.S", "nop\n");
  const ToolRun run = run_tool("ipu-as a.S -o /nonexistent/a.o");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.output, HasSubstr("/nonexistent/a.o: cannot be written"));
}

TEST_F(Tools, AFolderIsNoOutput) {
  write_text(folder_ / "a.S", ".globl _start\n_start: nop\n");
  std::filesystem::create_directory(folder_ / "out");
  const ToolRun assembled = run_tool("ipu-as a.S -o out");
  EXPECT_EQ(assembled.exit_code, 2);
  EXPECT_THAT(assembled.output, HasSubstr("ipu-as: error: out: is a folder; name a file to write"));
  ASSERT_EQ(run_tool("ipu-as a.S -o a.o").exit_code, 0);
  for (const std::string options : {"-o out", "-o a.elf --map out"}) {
    const ToolRun linked = run_tool("ipu-ld a.o " + options);
    EXPECT_EQ(linked.exit_code, 2) << options;
    EXPECT_THAT(linked.output, HasSubstr("ipu-ld: error: out: is a folder; name a file to write"));
  }
}

}  // namespace
}  // namespace ipusim::toolchain_test
