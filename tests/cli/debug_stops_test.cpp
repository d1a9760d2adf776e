// SPDX-License-Identifier: Apache-2.0
// `ipusim debug`: when it stops, and what it tells then.
#include <gmock/gmock.h>

#include <regex>

#include "debug_fixture.hpp"

namespace ipusim::cli_test {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* all_kinds[] = {"", "--tile all=rtl", "--tile all=lockstep"};

class DebugStops : public Debug {
 protected:
  // Tile 0 traps at once, tile 1 comes to `late` after some thousand cycles, the others wait for both.
  void write_program_with_a_trap() const {
    folder_.write("a.S", source("trapping:\n    trap 0\n    sync 3\n"));
    folder_.write("b.S",
                  source("    setzi $m1, 1000\nagain:\n    brnzdec $m1, again\nlate:\n    setzi $m1, 5\n"
                         "    sync 3\n"));
    folder_.write("c.S", source("    sync 3\n"));
    folder_.write("p.yaml",
                  "program: p\nimages:\n  - {tiles: 0, sources: [a.S]}\n  - {tiles: 1, sources: [b.S]}\n"
                  "  - {tiles: 2-15, sources: [c.S]}\n");
  }
  // A worker of tile 0 goes round `inner` a thousand times while its supervisor waits in a sync for the other
  // tiles, which come there after it.
  void write_program_with_workers() const {
    folder_.write("a.S",
                  source("    setzi $m1, worker\n    setzi $m0, data\n    run $m1, $m0, 0\n    sync 3\n",
                         "    .worker\n    .text\nworker:\n    setzi $m2, 999\ninner:\n"
                         "    brnzdec $m2, inner\n    exitnz $mzero\n"
                         "    .data\n    .p2align 3\ndata: .long 0, 0\n"));
    folder_.write("b.S", source("    setzi $m1, 3000\nagain:\n    brnzdec $m1, again\n    sync 3\n"));
    folder_.write("p.yaml",
                  "program: p\nimages:\n  - {tiles: 0, sources: [a.S]}\n  - {tiles: 1-15, sources: [b.S]}\n");
  }
  // The cycles of all stops, in order.
  static std::vector<std::uint64_t> cycles_of(const std::string& output) {
    static const std::regex cycle("(^|\n)cycle ([0-9]+):");
    std::vector<std::uint64_t> cycles;
    for (std::sregex_iterator it(output.begin(), output.end(), cycle), end; it != end; ++it)
      cycles.push_back(std::stoull((*it)[2]));
    return cycles;
  }
};

TEST_F(DebugStops, AfterAnExceptionTheOthersGoOn) {
  write_program_with_a_trap();
  ASSERT_EQ(run().exit_code, 3);
  const auto json = result_json();
  const auto start = json.at("start_cycle").get<std::uint64_t>();
  const auto trapped = json.at("exceptions")[0].at("cycle").get<std::uint64_t>() - start;
  const auto total = json.at("cycles").at("total").get<std::uint64_t>();
  ASSERT_GT(total, trapped + 1000);
  for (const std::string kinds : all_kinds) {
    const auto result = debug("context 2\nbreak late on 1\nc\nc\nprint/d $m1\nc\n", kinds);
    ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
    EXPECT_THAT(result.output,
                AllOf(ContainsRegex("exception in cycle " + std::to_string(trapped) +
                                    ": tile 0, supervisor: [a-z0-9_]+ \\(trap\\) at 0x[0-9a-f]+ trapping "
                                    "\\([^\n]*a\\.S:7\\)\ntile 0, supervisor, excepted"),
                      HasSubstr("breakpoint 1\ntile 1, supervisor, active"),
                      HasSubstr("cycle " + std::to_string(total) + ": the run is over: stopped")))
        << kinds;
  }
}

TEST_F(DebugStops, ThereIsOneClock) {
  write_program_with_a_trap();
  const auto result = debug("c\ntiles\nfaults\nprint/d cycle\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  const auto cycles = cycles_of(result.output);
  ASSERT_EQ(cycles.size(), 1U);
  const std::string trapped = std::to_string(cycles[0] - 1);  // it stands behind it
  EXPECT_THAT(result.output, AllOf(HasSubstr(": excepted in cycle " + trapped + "\n"),
                                   HasSubstr("\nexception in cycle " + trapped),
                                   HasSubstr(": runs, cycle " + std::to_string(cycles[0]) + "\n"),
                                   HasSubstr("\n" + std::to_string(cycles[0]) + "\n")));
}

TEST_F(DebugStops, ExceptionsOfWorkersNameThemAndTheirAddress) {
  folder_.write("a.S", source("    setzi $m1, worker\n    setzi $m0, data\n    run $m1, $m0, 0\n    sync 2\n",
                              "    .worker\n    .text\nworker:\n    setzi $m2, data+2\n"
                              "    ld32 $m3, $m2, $mzero, 0\n    exitnz $mzero\n"
                              "    .data\n    .p2align 3\ndata: .long 0, 0\n"));
  write_program("");
  const auto result = debug("c\nregs\nfaults\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(
      result.output,
      AllOf(ContainsRegex("tile 0, worker [0-5]: invalid_address \\(misaligned_address\\) at 0x[0-9a-f]+ "
                          "worker\\+0x4 \\([^\n]*a\\.S:[0-9]+\\), address 0x[0-9a-f]+ data\\+0x2\n"),
            ContainsRegex("\ntile 0, worker [0-5], excepted, "), HasSubstr("a0   "),
            HasSubstr("\nalso exception in cycle "), HasSubstr("\nand 6 more\n")));
}

TEST_F(DebugStops, HazardsThatFailTheRunStopItAndOthersGoOn) {
  // A word leaves while a worker runs.
  folder_.write("a.S",
                source("    setzi $m1, worker\n    setzi $m0, data\n    run $m1, $m0, 0\n    nop\n    nop\n"
                       "sending:\n    send 0, 0x13800, 1\n    sync 2\n",
                       "    .worker\n    .text\nworker:\n    setzi $m2, 100\ninner:\n"
                       "    brnzdec $m2, inner\n    exitnz $mzero\n"
                       "    .data\n    .p2align 3\ndata: .long 0, 0\n"));
  folder_.write("b.S",
                source("    setzi $m1, 1000\nagain:\n    brnzdec $m1, again\nlate:\n    setzi $m1, 5\n"));
  folder_.write("p.yaml",
                "program: p\nimages:\n  - {tiles: 0, sources: [a.S]}\n  - {tiles: 1-15, sources: [b.S]}\n");
  ASSERT_EQ(run().exit_code, 3);
  const auto json = result_json();
  const auto at =
      json.at("hazards")[0].at("cycle").get<std::uint64_t>() - json.at("start_cycle").get<std::uint64_t>();
  const auto total = json.at("cycles").at("total").get<std::uint64_t>();
  for (const std::string kinds : all_kinds) {
    const auto result = debug("tile 5\nbreak late on 1\nc\nc\nc\nfaults\n", kinds);
    ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
    EXPECT_THAT(
        result.output,
        AllOf(ContainsRegex("hazard in cycle " + std::to_string(at) +
                            ": tile 0, supervisor: live_workers at 0x[0-9a-f]+ sending \\([^\n]*a\\.S:12\\)"),
              HasSubstr("breakpoint 1\ntile 1, supervisor, active"),
              HasSubstr("cycle " + std::to_string(total) + ": the run is over: stopped")))
        << kinds;
  }
}

TEST_F(DebugStops, WorkersAreSeenWhileTheirSupervisorWaits) {
  write_program_with_workers();
  std::string script = "break inner on 0\n";
  for (int i = 0; i < 1000; ++i) script += "c\np/d $m2\n";
  const auto result = debug(script + "c\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  const auto cycles = cycles_of(result.output);
  ASSERT_EQ(cycles.size(), 1001U);
  // A branch of a worker takes one turn of six cycles.
  for (std::size_t i = 1; i < 1000; ++i) ASSERT_EQ(cycles[i], cycles[i - 1] + 6) << i;
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("\n999\ncycle"), HasSubstr("\n500\ncycle"), HasSubstr("\n0\ncycle"),
                    HasSubstr("the run is over: waits for the host")));
}

TEST_F(DebugStops, WorkersStandInTheCycleOfTheStop) {
  write_program_with_workers();
  // Every six cycles a worker goes round once.
  const auto result = debug("break inner on 0\nc\ndelete 1\ncycles 3000\np/d $m2\nrestart\ncycles 1\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(result.output, HasSubstr("\n499\n"));
}

TEST_F(DebugStops, ManyStepsAreThoseOfOne) {
  write_program_with_workers();
  const std::string to_worker = "break inner on 0\nc\ndelete 1\n";
  for (const std::string kinds : all_kinds) {
    std::string one_by_one;
    for (int i = 0; i < 300; ++i) one_by_one += "step\n";
    const auto single = debug(to_worker + one_by_one + "p/d $m2\n", kinds);
    const auto many = debug(to_worker + "step 300\np/d $m2\n", kinds);
    ASSERT_EQ(single.exit_code, 0) << single.output;
    ASSERT_EQ(many.exit_code, 0) << many.output;
    ASSERT_EQ(cycles_of(single.output).size(), 301U);
    EXPECT_EQ(cycles_of(single.output).back(), cycles_of(many.output).back());
    EXPECT_THAT(many.output, HasSubstr("\n699\n"));  // 999 - 300
    EXPECT_THAT(single.output, HasSubstr("\n699\n"));
  }
}

TEST_F(DebugStops, StepsAcrossASyncAndToTheEnd) {
  write_program_with_calls();
  // From `sync 7` at the start over everything: 17 bundles up to the sync that nobody grants, then no more.
  const auto result = debug("step 2\nwhere\nstep 1000\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(result.output, AllOf(ContainsRegex("_start\\+0x8 \\([^\n]*a\\.S:6\\)"),
                                   HasSubstr("the run is over: waits for the host")));
}

TEST_F(DebugStops, AllThatHappensInACycleIsTold) {
  write_program_with_calls();
  const auto result = debug("break work\nbreak work on 3\nc\nc\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(result.output, AllOf(HasSubstr("breakpoint 1\nalso breakpoint 1 on tiles 1-15, supervisor\n"
                                             "also breakpoint 2 on tile 3, supervisor\n"),
                                   HasSubstr("the run is over")));
}

// Worker 2 has its turn in the cycle behind that of worker 1.
TEST_F(DebugStops, AWatchpointAndABreakpointInOneCycleAreBothTold) {
  folder_.write("a.S",
                source("    setzi $m1, worker\n    setzi $m0, data\n    runall $m1, $m0, 0\n    sync 2\n",
                       "    .worker\n    .text\nworker:\n    setzi $m2, 3\n    setzi $m3, data\ninner:\n"
                       "    st32 $m2, $m3, $mzero, 0\n    brnzdec $m2, inner\n    exitnz $mzero\n"
                       "    .data\n    .p2align 3\ndata: .long 0, 0\n"));
  write_program("");
  std::string script = "break inner in 2 on 0\nwatch data on 0\n";
  for (int i = 0; i < 24; ++i) script += "c\n";
  const auto result = debug(script);
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(result.output,
              HasSubstr("watchpoint 2, written by worker 1\nalso breakpoint 1 on tile 0, worker 2\n"));
  // Six workers write four times each, and worker 2 comes to `inner` four times: no stop is lost.
  const auto count = [&](const std::string& text) {
    std::size_t found = 0;
    for (std::size_t at = result.output.find(text); at != std::string::npos;
         at = result.output.find(text, at + 1))
      ++found;
    return found;
  };
  EXPECT_EQ(count("watchpoint 2, written"), 24U);
  EXPECT_EQ(count("breakpoint 1"), 5U);  // one is the answer to `break`
}

TEST_F(DebugStops, TheTimeoutEndsTheRun) {
  folder_.write("a.S", source("again:\n    bri again\n"));
  write_program("run: {timeout_cycles: 5000}\n");
  const auto result = debug("c\nc\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_EQ(cycles_of(result.output), (std::vector<std::uint64_t>{5000, 5000}));
  EXPECT_THAT(result.output, HasSubstr("cycle 5000: the run is over: cycle limit reached"));
}

TEST_F(DebugStops, UntilIgnoresOtherHits) {
  write_program_with_a_trap();
  const auto result = debug("break again on 1\nuntil cycle > 100 && $m1 == 500\np/d $m1\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  EXPECT_THAT(result.output, AllOf(HasSubstr("breakpoint 1\ntile 1, supervisor"), HasSubstr("\n500\n"),
                                   Not(HasSubstr("exception"))));
}

}  // namespace
}  // namespace ipusim::cli_test
