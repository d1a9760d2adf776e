// SPDX-License-Identifier: Apache-2.0
#include "generated_program.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "fmt/format.h"

namespace ipusim::programs_test {
namespace {

namespace fs = std::filesystem;

const fs::path programs = fs::path{IPUSIM_SOURCE_DIR} / "firmware/programs";

int execute(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string read_text(const fs::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

GeneratedProgram::GeneratedProgram(const std::string& script, const std::string& system,
                                   const std::string& options)
    : system_(fmt::format("{}/configs/{}.yaml", IPUSIM_SOURCE_DIR, system)) {
  static int made = 0;  // tests of one process, and processes at the same time, have a folder each
  folder_ = fs::path{::testing::TempDir()} / fmt::format("ipusim_programs_{}_{}", getpid(), made++);
  fs::create_directories(folder_);
  const std::string command = fmt::format("/usr/bin/python3 '{}' --system '{}' --out '{}' {}",
                                          (programs / script).string(), system_, folder_.string(), options);
  EXPECT_EQ(execute(command), 0) << command;
}

GeneratedProgram::~GeneratedProgram() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Outcome GeneratedProgram::run(const std::string& tag, const std::string& options) const {
  const fs::path out = folder_ / tag;
  const fs::path log = folder_ / (tag + ".log");
  Outcome outcome;
  outcome.exit_code =
      execute(fmt::format("'{}/ipusim' run '{}' '{}/program.yaml' --out '{}' {} >'{}' 2>&1", IPUSIM_BIN_DIR,
                          system_, folder_.string(), out.string(), options, log.string()));
  outcome.log = read_text(log);
  std::ifstream file{out / "result.json"};
  if (file) outcome.result = nlohmann::json::parse(file);
  return outcome;
}

nlohmann::json GeneratedProgram::figures(const std::string& tag) const {
  const fs::path file = folder_ / (tag + ".figures");
  const std::string command =
      fmt::format("/usr/bin/python3 '{}' '{}' '{}' --json >'{}'", (programs / "lib/figures.py").string(),
                  folder_.string(), (folder_ / tag).string(), file.string());
  EXPECT_EQ(execute(command), 0) << command;
  return nlohmann::json::parse(read_text(file));
}

void expect_pass(const Outcome& outcome) {
  ASSERT_EQ(outcome.exit_code, 0) << outcome.log;
  EXPECT_TRUE(outcome.result.at("pass").get<bool>());
  EXPECT_GT(outcome.result.at("expectations").size(), 1U);
}

void expect_same_answer(const Outcome& one, const Outcome& other) {
  ASSERT_EQ(one.exit_code, 0) << one.log;
  ASSERT_EQ(other.exit_code, 0) << other.log;
  EXPECT_EQ(one.result.at("memory_sha256"), other.result.at("memory_sha256"));
  EXPECT_EQ(one.result.at("cycles"), other.result.at("cycles"));
  const auto& tiles = one.result.at("tiles");
  ASSERT_EQ(tiles.size(), other.result.at("tiles").size());
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    EXPECT_EQ(tiles[i].at("cycles"), other.result.at("tiles")[i].at("cycles")) << "tile " << i;
  }
}

}  // namespace ipusim::programs_test
