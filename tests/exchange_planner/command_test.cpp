// SPDX-License-Identifier: Apache-2.0
// The program ipu-exchange as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

struct Outcome {
  int exit_code = -1;
  std::string text;  // both streams
};

Outcome run(const std::string& arguments) {
  const std::string command = std::string{IPUSIM_BIN_DIR} + "/ipu-exchange " + arguments + " 2>&1";
  Outcome outcome;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return outcome;
  char buffer[4096];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe)) outcome.text.append(buffer, n);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  return outcome;
}

class Command : public testing::Test {
 protected:
  Command() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / (std::string{"ipu_exchange_"} + info->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Command() override { fs::remove_all(folder_); }
  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  static std::string read(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  const std::string system_ = std::string{IPUSIM_SOURCE_DIR} + "/configs/mk2-16.yaml";
  fs::path folder_;
};

constexpr auto list = "- {name: g, pattern: all_gather, tiles: all, words: 4, source: a, destination: b}\n";

TEST_F(Command, WritesOneFilePerTileAndASummary) {
  const Outcome outcome =
      run(system_ + " " + file("p.yaml", list) + " --out " + (folder_ / "deep/out").string());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.text;
  EXPECT_THAT(outcome.text, HasSubstr("all_gather"));
  for (int tile = 0; tile < 16; ++tile) {
    EXPECT_THAT(read(folder_ / "deep/out" / ("tile_" + std::to_string(tile) + ".S")),
                HasSubstr("exchange_g:"));
  }
  const auto json = nlohmann::json::parse(read(folder_ / "deep/out/plan.json"));
  EXPECT_EQ(json["system"], "mk2-16");
  EXPECT_EQ(json["tiles"], 16);
  EXPECT_EQ(json["phases"][0]["words_sent"], 64);
  EXPECT_EQ(json["phases"][0]["words_received"], 960);
}

TEST_F(Command, TakesAProgramFile) {
  const Outcome outcome =
      run(system_ + " " + file("p.yaml", std::string{"program: x\nimages: []\nexchange:\n"} + list));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.text;
}

TEST_F(Command, HelpAndStyles) {
  EXPECT_EQ(run("--help").exit_code, 0);
  EXPECT_THAT(run("--help").text, HasSubstr("Exit codes"));
  EXPECT_EQ(run(system_ + " " + file("p.yaml", list) + " --style published").exit_code, 0);
}

TEST_F(Command, BadInputIsExitCodeTwo) {
  EXPECT_EQ(run("").exit_code, 2);
  EXPECT_EQ(run(system_ + " " + file("p.yaml", list) + " --style late").exit_code, 2);
  const Outcome missing = run(system_ + " " + (folder_ / "none.yaml").string());
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.text, HasSubstr("none.yaml"));
  const Outcome wrong = run(system_ + " " + file("bad.yaml", "exchange: [{name: g, pattern: ring}]"));
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.text, HasSubstr("bad.yaml:1:"));
  const Outcome none = run(system_ + " " + file("none.yaml", "program: x\n"));
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.text, HasSubstr("exchange"));
  file("blocked", "");
  EXPECT_EQ(run(system_ + " " + file("p.yaml", list) + " --out " + (folder_ / "blocked").string()).exit_code,
            2);
}

}  // namespace
