// SPDX-License-Identifier: Apache-2.0
// Replays every file in tests/lockstep/regressions.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "ipusim/random/run.hpp"

namespace ipusim::random {
namespace {

const std::filesystem::path directory =
    std::filesystem::path{IPUSIM_SOURCE_DIR} / "tests/lockstep/regressions";

std::vector<std::filesystem::path> files() {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".txt") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST(Regressions, TheModelsAgree) {
  ASSERT_FALSE(files().empty()) << directory;
  for (const auto& file : files()) {
    std::ifstream in(file);
    const Outcome outcome = run(read_scenario(in));
    EXPECT_FALSE(outcome.difference) << file << ": " << outcome.difference->message;
  }
}

}  // namespace
}  // namespace ipusim::random
