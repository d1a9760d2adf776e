// SPDX-License-Identifier: Apache-2.0
// The help of every program of the build tree's bin folder.
#include <gmock/gmock.h>

#include <algorithm>

#include "command.hpp"

namespace ipusim::cli_test {
namespace {

using ::testing::HasSubstr;

class ToolHelp : public CommandTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(ToolHelp, IsPlainText) {
  const auto help = command(GetParam(), "--help");
  EXPECT_EQ(help.exit_code, 0) << help.all_errors;
  EXPECT_THAT(help.output, HasSubstr(std::string{"Usage: "} + GetParam()));
  EXPECT_THAT(help.all_errors, ::testing::IsEmpty());
  const auto strange = std::find_if(help.output.begin(), help.output.end(), [](char c) {
    return c != '\n' && (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > '~');
  });
  EXPECT_EQ(strange, help.output.end())
      << "byte " << static_cast<unsigned>(static_cast<unsigned char>(*strange)) << " at "
      << strange - help.output.begin();
}

TEST_P(ToolHelp, AnUnknownOptionIsBadInput) {
  const auto result = command(GetParam(), "--no-such-option");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.all_errors, ::testing::Not(::testing::IsEmpty()));
}

INSTANTIATE_TEST_SUITE_P(Programs, ToolHelp,
                         ::testing::Values("ipusim", "ipu-as", "ipu-ld", "ipu-objdump", "ipu-exchange",
                                           "ipu-random", "functiongen"),
                         [](const auto& tool) {
                           std::string name = tool.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

class Choices : public CommandTest {};

// Words that name a choice, and no others: not the numbers that stand for them inside.
TEST_F(Choices, AreWords) {
  EXPECT_THAT(command("ipu-random", "--help").output, HasSubstr("{any,debug,exchange,faults,program,words}"));
  EXPECT_THAT(command("ipu-random", "--help").output, HasSubstr("{ipu1,ipu2,ipu21}=ipu2"));
  EXPECT_THAT(command("ipu-exchange", "--help").output, HasSubstr("{compact,published}"));
  EXPECT_EQ(command("ipu-random", "--kind words --print --seed 1").exit_code, 0);
  EXPECT_EQ(command("ipu-random", "--kind 1 --print").exit_code, 2);
  EXPECT_EQ(command("ipu-random", "--kind \"$(printf '\\001')\" --print").exit_code, 2);
  EXPECT_EQ(command("ipu-exchange", "x.yaml y.yaml --style \"$(printf '\\001')\"").exit_code, 2);
}

class Paths : public CommandTest {};

TEST_F(Paths, OfTheWrongKindAreRefusedBeforeAnyWork) {
  fs::create_directories(folder_.path() / "folder");
  folder_.write("file", "");
  folder_.write("phases.yaml",
                "- {name: g, pattern: all_gather, tiles: all, words: 4, source: a, destination: b}\n");
  for (const std::string arguments : {"--json folder", "--coverage folder", "--json none/x.json",
                                      "--replay folder", "--replay none", "--save file", "--waves file"}) {
    const auto result = command("ipu-random", "--bundles 1000000000 " + arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments;
    EXPECT_THAT(result.all_errors, HasSubstr(arguments.substr(0, arguments.find(' ')) + ": ")) << arguments;
    EXPECT_THAT(result.output, ::testing::IsEmpty()) << arguments;
  }
  const std::string system = "'" IPUSIM_SOURCE_DIR "/configs/mk2-16.yaml' ";
  EXPECT_THAT(command("ipu-exchange", system + "phases.yaml --out file").all_errors,
              HasSubstr("file is a file, but a folder is needed"));
  EXPECT_THAT(command("ipu-exchange", system + "folder").all_errors, HasSubstr("it is a folder"));
  fs::create_directories(folder_.path() / "plan/plan.json");
  EXPECT_THAT(command("ipu-exchange", system + "phases.yaml --out plan").all_errors,
              HasSubstr("plan.json: cannot write this file: a folder has its name"));
  EXPECT_EQ(command("functiongen", "none").exit_code, 2);
  EXPECT_EQ(command("functiongen", "file").exit_code, 2);
}

}  // namespace
}  // namespace ipusim::cli_test
