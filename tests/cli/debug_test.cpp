// `ipusim debug` driven from a script.
#include <gmock/gmock.h>

#include <algorithm>

#include "command.hpp"

namespace ipusim::cli_test {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class Debug : public CommandTest {
 protected:
  // Supervisor: sync, call a function that adds three numbers in a loop of known length, store, sync, idle.
  void write_program_with_calls() const {
    folder_.write("a.S", R"(    .supervisor
    .globl _start, work, total, loop
_start:
    sync 7
    setzi $m0, numbers
    call $m10, work
    st32 $m1, $m0, $mzero, 3
    sync 7
idle:
    sync 7
    bri idle
work:
    setzi $m1, 0
    setzi $m2, 2
    mov $m3, $m0
loop:
    ld32step $m4, $mzero, $m3+=, 1
    add $m1, $m1, $m4
    brnzdec $m2, loop
    br $m10
    .data
    .globl numbers
numbers: .long 11, 22, 33
total: .long 0
)");
    write_program("read:\n  - {name: sum, symbol: total, tiles: 0-1, type: i32, count: 1}\n");
  }
  CommandResult debug(const std::string& script, const std::string& options = "") {
    folder_.write("script.txt", script);
    return ipusim("debug '" IPUSIM_SOURCE_DIR "/configs/mk2-16.yaml' p.yaml " + options + " < script.txt");
  }
};

TEST_F(Debug, BreakpointsStopBeforeTheInstructionOnTheirTilesOnly) {
  write_program_with_calls();
  const auto result = debug("break work on 1\ncontinue\nregs\ndis work 1\nbt\ncontinue\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(result.output, HasSubstr("breakpoint 1\ntile 1, supervisor, active, "));
  EXPECT_THAT(result.output, ContainsRegex("work \\([^\n]*a\\.S:13\\)\n  setzi \\$m1, 0"));
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
           {"break a.S:99", "no code of tile 0 comes from a.S:99"},
           {"break work on 99", "99"},
           {"break work in 6", "'6' is no context: supervisor, or a worker 0..5"},
           {"delete 4", "there is no breakpoint or watchpoint 4"},
           {"mem 0x10", "error: "},
           {"if $m1 = 0 regs", "'=' is no comparison"},
           {"if $m16 == 0 regs", "there is no register $m16"},
           {"if m1 == 0 regs", "'m1' is no value"},
           {"until $m1 == [0x10]", "error: "},
           {"if $m1 == 0", "usage: if VALUE"},
           {"step many", "'many' is no number from 1 to 1000000"},
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

TEST_F(Debug, HelpListsTheCommands) {
  write_program_with_calls();
  const auto result = debug("help\nquit\nnever reached\n");
  EXPECT_EQ(result.exit_code, 0);
  for (const char* name : {"continue", "break", "watch", "step", "backtrace", "disassemble", "mem", "regs"})
    EXPECT_THAT(result.output, HasSubstr(name));
}

}  // namespace
}  // namespace ipusim::cli_test
