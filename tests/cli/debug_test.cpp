// SPDX-License-Identifier: Apache-2.0
// `ipusim debug` driven from a script.
#include <gmock/gmock.h>

#include <algorithm>

#include "debug_fixture.hpp"

namespace ipusim::cli_test {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(Debug, BreakpointsStopBeforeTheInstructionOnTheirTilesOnly) {
  write_program_with_calls();
  const auto result = debug("break work on 1\ncontinue\nregs\ndis work 1\nbt\ncontinue\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(result.output, HasSubstr("breakpoint 1\ntile 1, supervisor, active, "));
  EXPECT_THAT(result.output,
              ContainsRegex("work \\([^\n]*a\\.S:13\\)\n     13      setzi \\$m1, 0\n  setzi \\$m1, 0"));
  EXPECT_THAT(result.output, ContainsRegex("=> 0x[0-9a-f]+ <work>: setzi"));
  EXPECT_THAT(result.output, ContainsRegex("#1 0x[0-9a-f]+ _start\\+0x8 \\([^\n]*a\\.S:6\\)"));
  EXPECT_THAT(result.output, HasSubstr("the run is over: waits for the host"));
}

TEST_F(Debug, EachPassOfALoopStopsOnce) {
  write_program_with_calls();
  const auto result = debug("break loop on 0\nc\nregs\nc\nregs\nc\nregs\nc\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  // $m1 holds what was added before each pass.
  const auto first = result.output.find("m1   0x00000000");
  const auto second = result.output.find("m1   0x0000000b");
  const auto third = result.output.find("m1   0x00000021");
  EXPECT_TRUE(first < second && second < third && third != std::string::npos) << result.output;
  EXPECT_THAT(result.output, HasSubstr("the run is over"));
}

TEST_F(Debug, WatchpointsStopAfterTheWrite) {
  write_program_with_calls();
  const auto result = debug("watch total on 1\nc\nmem total 1\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(result.output, HasSubstr("watchpoint 1, written by supervisor"));
  EXPECT_THAT(result.output, HasSubstr(": 00000042\n"));  // 11 + 22 + 33
}

TEST_F(Debug, StepsSeeEveryInstruction) {
  write_program_with_calls();
  const auto result = debug("break work on 0\nc\ndelete 1\nstep\nstep 2\ncontext 0\nwhere\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(result.output, HasSubstr("work+0x4"));
  EXPECT_THAT(result.output, ContainsRegex("loop \\([^\n]*a\\.S:17\\)"));
  EXPECT_THAT(result.output, HasSubstr("worker 0, inactive"));
}

TEST_F(Debug, EndsInTheCycleOfARun) {
  write_program_with_calls();
  ASSERT_EQ(run().exit_code, 0);
  const auto total = result_json().at("cycles").at("total").get<std::uint64_t>();
  for (const std::string kinds : {"", "--tile all=rtl"}) {
    const auto result = debug("c\n", kinds);
    EXPECT_THAT(result.output, HasSubstr("cycle " + std::to_string(total) + ": the run is over")) << kinds;
  }
}

TEST_F(Debug, SourceLinesAreBreakpointsToo) {
  write_program_with_calls();
  const auto result = debug("break a.S:18 on 0\nc\nlist\n");
  EXPECT_THAT(result.output, AllOf(HasSubstr("(loop+0x4)"), ContainsRegex("a\\.S:18\n")));
}

TEST_F(Debug, BadCommandsEndAScript) {
  write_program_with_calls();
  for (const auto& [line, message] : std::vector<std::pair<std::string, std::string>>{
           {"nonsense", "'nonsense' is no command; help lists them"},
           {"break", "usage: break PLACE [in CONTEXT] [on TILES]"},
           {"break wrok", "no global symbol 'wrok'; did you mean 'work'?"},
           {"break wrok on 1", "no global symbol 'wrok'; did you mean 'work'?"},
           {"break -4", "'-4' is -0x4: no address"},
           {"break a.S:99", "no code of tile 0 comes from a.S:99"},
           {"break work on 99", "99"},
           {"break work in 6", "'6' is no context: supervisor, or a worker 0..5"},
           {"delete 4", "there is no breakpoint or watchpoint 4"},
           {"mem 0x10", "error: "},
           {"mem work 0", "'0' is no number from 1 to"},
           {"if $m1 = 0 regs", "'=' is no operator; == compares"},
           {"if $m16 == 0 regs", "there is no register $m16"},
           {"if m1 == 0 regs", "there is no symbol 'm1'; the register is $m1"},
           {"if $a1 == 0 regs", "the supervisor has no $a registers"},
           {"until $m1 == [0x10]", "[0x10]: outside tile memory"},
           {"until $m1 == 0 && 1 / 0", "1 is divided by zero"},
           {"if $m1 == 0", "usage: if EXPR COMMAND"},
           {"print 1 +", "a value is missing at the end"},
           {"print/q 1", "'q' is no format"},
           {"regs/x", "'regs/x' is no command"},
           {"print/f 0x100000000", "more than 32 bits"},
           {"step many", "'many' is no number from 1 to 1000000000"},
           {"tile 0-1", "one tile is expected"}}) {
    const auto result = debug(line + "\nwhere\n");
    EXPECT_EQ(result.exit_code, 2) << line;
    EXPECT_THAT(result.output, AllOf(HasSubstr(message), Not(HasSubstr("cycle 0")))) << line;
  }
}

TEST_F(Debug, ExceptionsAreShownWhereTheyHappened) {
  folder_.write("a.S", "    .supervisor\n    .globl _start\n_start:\n    sync 7\n    trap 0\n");
  write_program("");
  const auto result = debug("c\n");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.output, AllOf(HasSubstr("the run is over: stopped"), HasSubstr("excepted (debug)"),
                                   HasSubstr("a.S:5")));
}

// $m1 is 0, 11, 33 before the three passes.
TEST_F(Debug, ContinuesUntilAConditionHolds) {
  write_program_with_calls();
  const auto result = debug("break loop on 0\nuntil $m1 >= 12\nregs\nuntil $m1 == 12\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(result.output, AllOf(HasSubstr("m1   0x00000021"), HasSubstr("the run is over")));
}

TEST_F(Debug, CommandsUnderAConditionInAScript) {
  write_program_with_calls();
  const auto result = debug(
      "break loop on 0\nc\nif $m1 != 0 print 0x1\nif $m2 == 2 print 0x2\nc\nif $m1 == 0xb print 0x3\n"
      "if [numbers+4] == 22 print 0x4\nif [total] > 0 print 0x5\nif pc <= 0x4c000 print 0x6\n"
      "if cycle > 10 if $m1 < 12 print 0x7\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  for (const char* printed : {"0x2 ", "0x3 ", "0x4 ", "0x7 "})
    EXPECT_THAT(result.output, HasSubstr(std::string{"\n"} + printed));
  for (const char* hidden : {"0x1 ", "0x5 ", "0x6 "})
    EXPECT_THAT(result.output, Not(HasSubstr(std::string{"\n"} + hidden)));
}

TEST_F(Debug, PrintsInManyForms) {
  write_program_with_calls();
  const auto result = debug(
      "print numbers+4-numbers\np/x 255\np/d 0xffffffff\np/u 3\np/t 5\nprint/f 0x3fc00000\n"
      "p/h 0xc0003e00\np/a work+8\np -5\np [numbers] + i8[numbers + 4]\np 'a.S:13' == work\np $pc == pc\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  // 1.5 is 0x3fc00000 in IEEE 754 binary32 and 0x3e00 in binary16, -2 is 0xc000 there.
  EXPECT_EQ(result.output,
            "0x4 (4)\n0xff\n-1\n3\n0b101\n1.5\n1.5 -2\nwork+0x8\n-0x5 (-5)\n0x21 (33)\n0x1 (1)\n0x1 (1)\n");
}

TEST_F(Debug, LocalLabelsArePlaces) {
  folder_.write("a.S", source("    bri inner\n    nop\ninner:\n    setzi $m1, 7\nmore:\n    setzi $m1, 8\n"));
  write_program("");
  const auto result = debug("break more on 0\nc\nprint/d $m1\nbreak inner+0 on 1\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(result.output, AllOf(ContainsRegex("tile 0, supervisor, active, 0x[0-9a-f]+ more \\("),
                                   HasSubstr("\n7\n"), HasSubstr("(inner)")));
}

TEST_F(Debug, LocalLabelsOfTwoFilesAreNoPlace) {
  folder_.write("a.S", source("    call $m10, other\nagain:\n    setzi $m1, 7\n"));
  folder_.write("b.S", "    .supervisor\n    .text\n    .globl other\nother:\nagain:\n    br $m10\n");
  folder_.write("p.yaml", "program: p\nimages:\n  - {tiles: all, sources: [a.S, b.S]}\n");
  const auto result = debug("break again\n");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.output,
              ContainsRegex("'again' is 2 local symbols of tile 0: 0x[0-9a-f]+ \\([^\n]*[ab]\\.S:[68]\\)"
                            ", 0x[0-9a-f]+ \\([^\n]*[ab]\\.S:[68]\\)"));
}

// A symbol that lies elsewhere on another tile, and is missing on a third.
TEST_F(Debug, BreakpointsFollowTheImageOfEachTile) {
  folder_.write("a.S", source("    .globl here\nhere:\n    setzi $m1, 1\n"));
  folder_.write("b.S", source("    nop\n    nop\n    .globl here\nhere:\n    setzi $m1, 2\n"));
  folder_.write("c.S", source("    nop\n"));
  folder_.write("p.yaml",
                "program: p\nimages:\n  - {tiles: 0, sources: [a.S]}\n  - {tiles: 1, sources: [b.S]}\n"
                "  - {tiles: 2-15, sources: [c.S]}\n");
  const auto result = debug("break here\npoints\nc\nstep\np/d $m1\nc\nstep\np/d $m1\nc\nbreak here on 2\n");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("and 1 other addresses on tiles 0-1\n"),
                    ContainsRegex("breakpoint 1\ntile 0(.|\n)*\n1\n(.|\n)*breakpoint 1\ntile 1(.|\n)*\n2\n"
                                  "(.|\n)*the run is over"),
                    HasSubstr("error: ")));
}

TEST_F(Debug, ListsTheSourceText) {
  write_program_with_calls();
  const auto result = debug("break work on 0\nc\nlist\nlist a.S:1\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("=>    13      setzi $m1, 0\n      14      setzi $m2, 2\n"),
                    HasSubstr("\n       8      sync 7\n"), HasSubstr("\n      18      add $m1, $m1, $m4\n"),
                    HasSubstr("=>     4      sync 7\n")));
}

TEST_F(Debug, IdleContextsHaveNoPlace) {
  write_program_with_calls();
  const auto result = debug("context 3\nrestart\nwhere\nbt\nregs\nlist\n");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.output.substr(0, result.output.find("pc ")),
            "tile 0, worker 3, inactive\ncycle 0: start\ntile 0, worker 3, inactive\ncycle 0: start\n"
            "tile 0, worker 3, inactive\ntile 0, worker 3 is inactive\n");
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("pc   inactive\n"), HasSubstr("error: worker 3 is inactive: name a place")));
}

TEST_F(Debug, HelpListsTheCommands) {
  write_program_with_calls();
  const auto result = debug("help\nquit\nnever reached\n");
  EXPECT_EQ(result.exit_code, 0);
  for (const char* name : {"continue", "break", "watch", "step", "backtrace", "disassemble", "mem", "regs"})
    EXPECT_THAT(result.output, HasSubstr(name));
}

}  // namespace
}  // namespace ipusim::cli_test
