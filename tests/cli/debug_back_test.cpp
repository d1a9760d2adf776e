// `ipusim debug` going back in time.
#include <gmock/gmock.h>

#include "debug_fixture.hpp"

namespace ipusim::cli_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class DebugBack : public Debug {
 protected:
  // What a script prints behind its nth `print 424242`, up to the next.
  static std::string part(const std::string& output, unsigned n) {
    const std::string mark = "424242";
    std::size_t at = 0;
    for (unsigned i = 0; i < n; ++i) at = output.find('\n', output.find(mark, at));
    return output.substr(at, output.find('\n' + std::string{"0x67932"}, at) - at);
  }
  // Everything that can be seen of the place.
  static constexpr const char* look =
      "print/u 424242\nwhere\nregs\ncsrs\nmem numbers 4\nbt\ntiles\nfaults\ncontext 1\nregs\ncontext "
      "supervisor\n"
      "tile 3\nregs\ntile 0\n";
  // Loops some thousand cycles on all tiles, with workers and a sync of the chip in every pass.
  void write_long_program() const {
    folder_.write("a.S",
                  source("    setzi $m0, numbers\n    setzi $m4, worker\n    run $m4, $m0, 0\n"
                         "    setzi $m1, 30\nround:\n    call $m10, work\n    sync 3\n"
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
  for (const std::string kinds : {"", "--tile 0-1=rtl", "--tile 0=lockstep"}) {
    const std::string there = "goto 5003\n" + std::string{look};
    const auto result = debug(there + "cycles 2500\nback 900\n" + there + "goto 100\ngoto 7000\nback 5000\n" +
                                  there + "restart\n" + there + "print/u 424242\n",
                              kinds);
    ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
    const std::string first = part(result.output, 1);
    EXPECT_THAT(first, AllOf(HasSubstr("cycle 5003:"), HasSubstr("m10"))) << kinds;
    for (unsigned n = 2; n <= 4; ++n) {
      const std::string again = part(result.output, n);
      EXPECT_EQ(again.substr(0, again.find("cycle 7503")), first.substr(0, first.find("cycle 7503")))
          << kinds << n;
    }
  }
}

TEST_F(DebugBack, HitsComeAgain) {
  write_long_program();
  const auto result = debug("break work on 2\nc\nc\nc\nprint/u cycle\nback 1\nc\nprint/u cycle\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  const auto last = result.output.rfind("breakpoint 1\n");
  EXPECT_NE(last, std::string::npos);
  const auto line = [&](std::size_t from) {
    return result.output.substr(from, result.output.find('\n', from) - from);
  };
  const auto cycle = line(result.output.rfind("cycle ", last));
  EXPECT_EQ(result.output.find(cycle), result.output.find(cycle)) << result.output;
  std::size_t count = 0;
  for (auto at = result.output.find(cycle); at != std::string::npos; at = result.output.find(cycle, at + 1))
    ++count;
  EXPECT_EQ(count, 2U) << result.output;
}

TEST_F(DebugBack, StepsBackwardsUndoSteps) {
  write_program_with_calls();
  const auto result = debug(
      "break work on 0\nc\ndelete 1\nprint/u $m1\nstep 6\nprint/u $m1\nreverse-step\nreverse-step 5\nwhere\n"
      "reverse-step 1000\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  // Behind `work:` the sixth bundle of it back is its first.
  EXPECT_THAT(result.output, HasSubstr("cycle 0: start"));
  const auto first = result.output.find("work (");
  ASSERT_NE(first, std::string::npos) << result.output;
  EXPECT_NE(result.output.rfind("work ("), first) << result.output;
}

TEST_F(DebugBack, FromTheEndAndFromAnException) {
  folder_.write("a.S", source("    setzi $m1, 3000\nagain:\n    brnzdec $m1, again\n    trap 0\n"));
  write_program("", "0");
  const auto result = debug("c\nprint/u cycle\nback 5000\nfaults\nc\nprint/u cycle\n");
  ASSERT_EQ(result.exit_code, 0) << result.output << result.all_errors;
  const auto first = result.output.find("exception in cycle ");
  const auto second = result.output.find("exception in cycle ", first + 1);
  ASSERT_NE(second, std::string::npos) << result.output;
  EXPECT_EQ(result.output.substr(first, 40), result.output.substr(second, 40));
  EXPECT_THAT(result.output, HasSubstr("no exceptions"));
}

}  // namespace
}  // namespace ipusim::cli_test
