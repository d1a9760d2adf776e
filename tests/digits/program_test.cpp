// SPDX-License-Identifier: Apache-2.0
// The digits program, the template and a check of the runtime, run as a user runs them; and a wrong weight is
// found.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "fmt/format.h"

namespace {

namespace fs = std::filesystem;

struct Outcome {
  int exit_code = -1;
  nlohmann::json result;
};

const fs::path firmware = fs::path{IPUSIM_SOURCE_DIR} / "firmware";

Outcome run(const fs::path& program, const std::string& name) {
  const fs::path out = fs::path{::testing::TempDir()} / ("ipusim_program_" + name);
  fs::remove_all(out);
  const std::string command =
      fmt::format("'{}/ipusim' run '{}/configs/mk2-16.yaml' '{}' --out '{}' >'{}.log' 2>&1", IPUSIM_BIN_DIR,
                  IPUSIM_SOURCE_DIR, program.string(), out.string(), out.string());
  Outcome outcome;
  const int status = std::system(command.c_str());
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  std::ifstream file{out / "result.json"};
  if (file) outcome.result = nlohmann::json::parse(file);
  return outcome;
}

std::string expectation(const Outcome& outcome, const std::string& name) {
  for (const auto& e : outcome.result.at("expectations")) {
    if (e.at("name") == name) return e.at("pass").get<bool>() ? "holds" : "fails";
  }
  return "is not there";
}

TEST(Programs, Hello) {
  const Outcome outcome = run(firmware / "programs/hello/program.yaml", "hello");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(outcome.result.at("pass").get<bool>());
}

TEST(Programs, RuntimeKeepsItsPromises) {
  const Outcome outcome =
      run(fs::path{IPUSIM_SOURCE_DIR} / "tests/digits/runtime_check/program.yaml", "runtime");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.result.at("expectations").size(), 12U);
}

TEST(Programs, DigitsAsOnTheHostAndNineOfTenRight) {
  const Outcome outcome = run(firmware / "programs/digits/program.yaml", "digits");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(expectation(outcome, "labels as computed on the host"), "holds");
  EXPECT_EQ(expectation(outcome, "scores as computed on the host bit by bit"), "holds");
  EXPECT_EQ(expectation(outcome, "accuracy on held-out digits"), "holds");
  EXPECT_EQ(expectation(outcome, "cycles"), "holds");
}

// The least change of one weight is a failed expectation, not a pass: the last bit of the bias of class 8.
TEST(Programs, DigitsWithOneWeightOffByABitFails) {
  const fs::path copy = fs::path{::testing::TempDir()} / "ipusim_digits_changed";
  fs::remove_all(copy);
  fs::create_directories(copy / "programs");
  fs::copy(firmware / "runtime", copy / "runtime", fs::copy_options::recursive);
  fs::copy(firmware / "programs/digits", copy / "programs/digits", fs::copy_options::recursive);
  const fs::path weights = copy / "programs/digits/data/layer2.csv";
  std::ifstream in{weights};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  in.close();
  const std::size_t begin = text.rfind('\n', text.size() - 2) + 1;  // the last line begins with both biases
  const std::size_t end = text.find(',', begin);
  const float bias = std::stof(text.substr(begin, end - begin));
  text.replace(begin, end - begin, fmt::format("{:.9g}", std::nextafter(bias, 2 * bias)));
  std::ofstream{weights} << text;

  const Outcome outcome = run(copy / "programs/digits/program.yaml", "changed");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(expectation(outcome, "scores as computed on the host bit by bit"), "fails");
  fs::remove_all(copy);
}

}  // namespace
