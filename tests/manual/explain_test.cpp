// SPDX-License-Identifier: Apache-2.0
// `ipu-objdump --explain`, as a library and as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "bench.hpp"
#include "ipusim/isa/explanation.hpp"
#include "ipusim/toolchain/explain.hpp"

namespace ipusim::manual {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using toolchain_test::run_tool;
using toolchain_test::tool_error;

TEST(Explain, SaysWhatAnInstructionDoes) {
  const std::string text = toolchain::explain("add", 80);
  EXPECT_THAT(text, AllOf(HasSubstr("add: Sum."), HasSubstr("add $mD, $mA, $mB\n"),
                          HasSubstr("add $mD, $mA, B:s16\n"), HasSubstr("D = A + B"),
                          HasSubstr("$m1 = 5, $m2 = 7"), HasSubstr("$m0 = 12")));
}

TEST(Explain, ShowsFormsAndExamplesOfTheInstructionAskedForOnly) {
  EXPECT_THAT(toolchain::explain("f16v4add", 80),
              AllOf(HasSubstr("f16v4add $aD:D+1, $aA:BU, $aB:B+1"), Not(HasSubstr("f16v2add $a"))));
}

TEST(Explain, FaultsFollowFromTheAccess) {
  EXPECT_THAT(toolchain::explain("ld128", 80),
              AllOf(HasSubstr("misaligned_address: the address is no multiple of 16"),
                    HasSubstr("invalid_region"), HasSubstr("illegal_in_mode: executed by the supervisor")));
  EXPECT_THAT(toolchain::explain("lds8", 80),
              AllOf(Not(HasSubstr("misaligned_address")), HasSubstr("invalid_address")));
  EXPECT_THAT(toolchain::explain("st32", 80), AllOf(Not(HasSubstr("memory_error")), HasSubstr("data_break")));
}

TEST(Explain, KnowsOtherSpellingsCausesAndTheNotation) {
  EXPECT_THAT(toolchain::explain("mov", 80), HasSubstr("mov $m0, $m1 is or $m0, $m1, 0."));
  EXPECT_THAT(toolchain::explain("sub", 80),
              AllOf(HasSubstr("D = A - B"), HasSubstr("is add $m0, $m1, -5.")));
  EXPECT_THAT(toolchain::explain("element_conflict", 80), HasSubstr("of the type conflict"));
  EXPECT_THAT(toolchain::explain("notation", 80), HasSubstr("f32(v), f16(v):"));
}

TEST(Explain, NamesWhatIsSpeltAlike) {
  EXPECT_THAT(tool_error([] { toolchain::explain("f16v4ad", 80); }),
              AllOf(HasSubstr("there is no instruction 'f16v4ad'"), HasSubstr("'f16v4add'")));
  EXPECT_THAT(tool_error([] { toolchain::explain("", 80); }), HasSubstr("there is no instruction ''"));
  EXPECT_THAT(tool_error([] { toolchain::explain(std::string(10000, 'x'), 80); }),
              HasSubstr("the most like it"));
}

TEST(Explain, KeepsToTheWidthAsked) {
  for (const unsigned columns : {80U, 100U, 160U}) {
    for (const isa::Explanation& entry : isa::all_explanations()) {
      std::size_t least = 0;  // lines that keep their breaks
      for (std::string_view rest = entry.operation; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        least = std::max(least, end + 4);
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
      for (const isa::Example& example : entry.examples) least = std::max(least, example.code.size() + 8);
      std::istringstream text(toolchain::explain(entry.mnemonics.front(), columns));
      for (std::string line; std::getline(text, line);)
        EXPECT_LE(line.size(), std::max<std::size_t>(columns, least)) << line;
    }
  }
}

TEST(Explain, ListsEveryInstruction) {
  const std::string list = toolchain::list_explanations(80);
  for (const isa::Instruction& row : isa::all_instructions())
    EXPECT_THAT(list, HasSubstr("\n  " + std::string(row.mnemonic) + " ")) << row.id;
}

TEST(Explain, FromTheCommandLine) {
  const auto add = run_tool("ipu-objdump --explain add");
  EXPECT_EQ(add.exit_code, 0);
  EXPECT_EQ(add.output, toolchain::explain("add", 80));
  const auto list = run_tool("ipu-objdump --explain");
  EXPECT_EQ(list.exit_code, 0);
  EXPECT_EQ(list.output, toolchain::list_explanations(80));
  const auto misspelt = run_tool("ipu-objdump --explain=f32ad");
  EXPECT_EQ(misspelt.exit_code, 2);
  EXPECT_THAT(misspelt.output, AllOf(HasSubstr("ipu-objdump: error:"), HasSubstr("'f32add'")));
  EXPECT_EQ(run_tool("ipu-objdump --explain add x.o").exit_code, 2);
  EXPECT_EQ(run_tool("ipu-objdump").exit_code, 2);
}

}  // namespace
}  // namespace ipusim::manual
