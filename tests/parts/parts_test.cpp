// SPDX-License-Identifier: Apache-2.0
// Complete programs on every part: the template and the digits, some tiles of which are RTL or both models in
// lockstep, and a permutation of a whole chip. The programs' expectations were worked out on the host.
#include "traffic.hpp"

namespace ipusim::parts_test {
namespace {

// The parameter is a system of sixteen tiles.
class Parts : public Traffic, public ::testing::WithParamInterface<std::string> {
 protected:
  cli_test::CommandResult run_program(const std::string& name, const std::string& options) const {
    return ipusim("run '" IPUSIM_SOURCE_DIR "/configs/" + GetParam() +
                  ".yaml' '" IPUSIM_SOURCE_DIR "/firmware/programs/" + name + "/program.yaml' " + options);
  }
};

TEST_P(Parts, Hello) {
  for (const std::string options : {"", "--tile 0=rtl --tile 1=lockstep"}) {
    const auto result = run_program("hello", options);
    EXPECT_EQ(result.exit_code, 0) << options << result.all_errors;
    EXPECT_EQ(result.errors, "");
  }
}

TEST_P(Parts, Digits) {
  const auto fast = run_program("digits", "--out fast");
  EXPECT_EQ(fast.exit_code, 0) << fast.all_errors;
  const auto mixed = run_program("digits", "--tile 2=rtl --tile 13=lockstep --out mixed");
  EXPECT_EQ(mixed.exit_code, 0) << mixed.all_errors;
  const auto result = [&](const std::string& run, const char* key) {
    return nlohmann::json::parse(cli_test::read_file(folder_.path() / run / "result.json")).at(key);
  };
  for (const char* key : {"cycles", "memory_sha256"}) EXPECT_EQ(result("fast", key), result("mixed", key));
}

INSTANTIATE_TEST_SUITE_P(Configs, Parts, ::testing::Values("mk1-16", "mk2-16", "bow-16", "c600-16"),
                         [](const auto& part) { return part.param.substr(0, part.param.find('-')); });

TEST_F(Traffic, APermutationOfAMk1) { expect_permutation("mk1", 1216, 64); }

}  // namespace
}  // namespace ipusim::parts_test
