// SPDX-License-Identifier: Apache-2.0
// `ipusim debug` going back in time.
#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

#include "debug_fixture.hpp"

namespace ipusim::cli_test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* all_kinds[] = {"", "--tile 0-1=rtl", "--tile 0=lockstep"};

class DebugBack : public Debug {
 protected:
  // What was printed between each two marks.
  static std::vector<std::string> looks(const std::string& output) {
    static const std::string begin = "\n424242\n";
    static const std::string end = "\n242424\n";
    std::vector<std::string> found;
    for (auto at = output.find(begin); at != std::string::npos; at = output.find(begin, at + 1))
      found.push_back(output.substr(at, output.find(end, at) - at));
    return found;
  }
  // Lines that are a number, which `print/u` prints.
  static std::vector<std::uint64_t> numbers(const std::string& output) {
    std::vector<std::uint64_t> found;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);)
      if (!line.empty() && std::all_of(line.begin(), line.end(), [](char c) { return c >= '0' && c <= '9'; }))
        found.push_back(std::stoull(line));
    return found;
  }
  // Everything that can be seen of a place.
  static std::string look() {
    return "print/u 424242\nwhere\nregs\ncsrs\nmem numbers 4\nbt\ntiles\nfaults\ncontext 0\nregs\n"
           "context supervisor\ntile 3\nregs\ntile 0\nprint/u 242424\n";
  }
  // Some thousand cycles on all tiles, with a worker, calls and syncs of the chip.
  void write_long_program() const {
    folder_.write("a.S",
                  source("    setzi $m0, numbers\n    setzi $m4, worker\n    run $m4, $m0, 0\n"
                         "    setzi $m1, 40\nround:\n    call $m10, work\n    sync 3\n"
                         "    brnzdec $m1, round\n    bri end\n"
                         "work:\n    ld32 $m2, $m0, $mzero, 0\n    add $m2, $m2, 3\n"
                         "    st32 $m2, $m0, $mzero, 0\n    setzi $m3, 20\nspin:\n"
                         "    brnzdec $m3, spin\n    br $m10\nend:\n",
                         "    .worker\n    .text\nworker:\n    setzi $m1, 1000\ncount:\n"
                         "    brnzdec $m1, count\n    exitnz $mzero\n"
                         "    .data\n    .p2align 3\n    .globl numbers\nnumbers: .long 0, 0, 0, 0\n"));
    write_program("");
  }
};

TEST_F(DebugBack, AndForwardGivesTheSameState) {
  write_long_program();
  const std::string there = "goto 5003\n" + look();
  for (const std::string kinds : all_kinds) {
    const auto result = debug(there + "cycles 2500\nback 900\n" + there + "goto 100\ngoto 7000\nback 5000\n" +
                                  there + "restart\n" + there + "reverse-step 3\n" + there,
                              kinds);
    ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
    const auto seen = looks(result.output);
    ASSERT_EQ(seen.size(), 5U);
    EXPECT_THAT(seen[0], AllOf(HasSubstr("cycle 5003:"), HasSubstr("m10 "))) << kinds;
    for (const std::string& again : seen) EXPECT_EQ(again, seen[0]) << kinds;
    EXPECT_THAT(result.output, AllOf(HasSubstr("cycle 6603:"), HasSubstr("cycle 2000:"))) << kinds;
  }
}

// What `cycles` shows of a place, `goto` does when it comes there from behind.
TEST_F(DebugBack, ShowsWhatWasThereTheFirstTime) {
  write_long_program();
  const auto once = debug("cycles 4000\n" + look());
  const auto back = debug("c\ngoto 4000\n" + look());
  ASSERT_EQ(back.exit_code, 0) << back.output << back.all_errors;
  ASSERT_EQ(looks(once.output).size(), 1U);
  EXPECT_EQ(looks(back.output), looks(once.output));
}

TEST_F(DebugBack, HitsComeAgain) {
  write_long_program();
  for (const std::string kinds : all_kinds) {
    const auto result =
        debug("break work on 2\nc\nc\nc\nprint/u cycle\nback\nprint/u cycle\nc\nprint/u cycle\n", kinds);
    ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
    const auto cycles = numbers(result.output);
    ASSERT_EQ(cycles.size(), 3U) << result.output;
    EXPECT_THAT(cycles, ElementsAre(cycles[0], cycles[0] - 1, cycles[0])) << kinds;
  }
}

TEST_F(DebugBack, ASearchGoesOnBehindWhereItCameFrom) {
  write_long_program();
  // The breakpoint is hit on the way, and passed.
  const auto result = debug("break work on 2\ngoto 6000\nprint/u cycle\nback 3000\nprint/u cycle\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(numbers(result.output), ElementsAre(6000, 3000));
}

TEST_F(DebugBack, StepsBackwardsUndoSteps) {
  write_program_with_calls();
  for (const std::string kinds : all_kinds) {
    const auto result = debug(
        "break work on 0\nc\ndelete 1\nprint/u cycle\nprint/u pc\nstep 6\nreverse-step 2\nrs 4\nprint/u "
        "cycle\n"
        "print/u pc\nreverse-step 1000\nprint/u cycle\n",
        kinds);
    ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
    const auto seen = numbers(result.output);
    ASSERT_EQ(seen.size(), 5U) << result.output;
    EXPECT_GT(seen[0], 0U);
    EXPECT_THAT(seen, ElementsAre(seen[0], seen[1], seen[0], seen[1], 0)) << kinds;
    EXPECT_THAT(result.output, HasSubstr("cycle 0: start"));
  }
}

TEST_F(DebugBack, AnExceptionIsHitAgain) {
  folder_.write("a.S", source("    setzi $m1, 3000\nagain:\n    brnzdec $m1, again\n    trap 0\n"));
  write_program("", "0");
  for (const std::string kinds : all_kinds) {
    const auto result = debug("c\nprint/u cycle\nfaults\nback 5000\nfaults\nc\nprint/u cycle\n", kinds);
    ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
    const auto cycles = numbers(result.output);
    ASSERT_EQ(cycles.size(), 2U) << result.output;
    EXPECT_EQ(cycles[0], cycles[1]) << kinds;
    EXPECT_THAT(result.output, HasSubstr("no exceptions and no hazards\n"));
  }
}

TEST_F(DebugBack, PastTheEndOrBeforeTheStartIsTheEndAndTheStart) {
  write_program_with_calls();
  const auto result = debug("c\nprint/u cycle\ngoto 4000000\nprint/u cycle\nback 4000000\nprint/u cycle\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  const auto cycles = numbers(result.output);
  ASSERT_EQ(cycles.size(), 3U) << result.output;
  EXPECT_THAT(cycles, ElementsAre(cycles[0], cycles[0], 0));
}

TEST_F(DebugBack, WantsNumbers) {
  write_program_with_calls();
  for (const std::string command : {"goto", "goto x", "goto -1", "back 0", "reverse-step 0", "back 1 2"})
    EXPECT_EQ(debug(command + "\n").exit_code, 2) << command;
}

}  // namespace
}  // namespace ipusim::cli_test
