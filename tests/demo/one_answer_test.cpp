// SPDX-License-Identifier: Apache-2.0
// Promise 2: all-fast, all-RTL, all-lockstep and any mix give the same memory bytes and the same cycle
// counts.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

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

// Runs the demo the way scripts/run does, with further options, and reads its result.json.
Outcome run_demo(const std::string& name, const std::string& options) {
  // Tests run at the same time, each in its process: a directory each.
  const fs::path out = fs::path{::testing::TempDir()} / fmt::format("ipusim_demo_{}_{}", name, getpid());
  fs::remove_all(out);
  const std::string command = fmt::format(
      "cd '{}' && '{}/ipusim' run configs/mk2-16.yaml firmware/programs/digits/program.yaml --out '{}' {} "
      ">'{}.log' 2>&1",
      IPUSIM_SOURCE_DIR, IPUSIM_BIN_DIR, out.string(), options, out.string());
  Outcome outcome;
  const int status = std::system(command.c_str());
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  std::ifstream file{out / "result.json"};
  if (file) outcome.result = nlohmann::json::parse(file);
  if (outcome.exit_code == 0) {
    fs::remove_all(out);
    fs::remove(out.string() + ".log");
  }
  return outcome;
}

const Outcome& all_fast() {
  static const Outcome outcome = run_demo("fast", "--tile all=fast");
  return outcome;
}

void expect_same_answer(const Outcome& other, const std::string& kinds) {
  ASSERT_EQ(all_fast().exit_code, 0);
  ASSERT_EQ(other.exit_code, 0) << kinds;
  const auto& a = all_fast().result;
  const auto& b = other.result;
  EXPECT_EQ(a.at("memory_sha256"), b.at("memory_sha256")) << kinds;
  EXPECT_EQ(a.at("cycles"), b.at("cycles")) << kinds;
  ASSERT_EQ(a.at("tiles").size(), b.at("tiles").size());
  for (std::size_t i = 0; i < a.at("tiles").size(); ++i) {
    EXPECT_EQ(a.at("tiles")[i].at("cycles"), b.at("tiles")[i].at("cycles")) << kinds << ", tile " << i;
  }
}

TEST(OneAnswer, AllFastPassesItsExpectations) {
  ASSERT_EQ(all_fast().exit_code, 0);
  EXPECT_TRUE(all_fast().result.at("pass").get<bool>());
  EXPECT_EQ(all_fast().result.at("tiles").size(), 16U);
}

TEST(OneAnswer, SplitOfCyclesAddsUp) {
  const auto& cycles = all_fast().result.at("cycles");
  EXPECT_EQ(cycles.at("total").get<std::uint64_t>(), cycles.at("compute").get<std::uint64_t>() +
                                                         cycles.at("sync").get<std::uint64_t>() +
                                                         cycles.at("exchange").get<std::uint64_t>());
}

TEST(OneAnswer, SameRunTwiceIsTheSame) { expect_same_answer(run_demo("again", ""), "fast again"); }

TEST(OneAnswer, AllRtl) {
  const Outcome outcome = run_demo("rtl", "--tile all=rtl");
  expect_same_answer(outcome, "all rtl");
  for (const auto& tile : outcome.result.at("tiles")) EXPECT_EQ(tile.at("kind"), "rtl");
}

TEST(OneAnswer, AllLockstep) {
  const Outcome outcome = run_demo("lockstep", "--tile all=lockstep");
  expect_same_answer(outcome, "all lockstep");
  for (const auto& tile : outcome.result.at("tiles")) EXPECT_EQ(tile.at("kind"), "lockstep");
}

TEST(OneAnswer, HalfFastHalfRtl) {
  expect_same_answer(run_demo("mix", "--tile 0-7=rtl --tile 8-15=fast"), "8 rtl, 8 fast");
}

}  // namespace
