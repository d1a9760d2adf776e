// SPDX-License-Identifier: Apache-2.0
// train.py and evaluate.py, run again, write the files that are there.
#include <gtest/gtest.h>

#include <cstdlib>

#include "csv.hpp"
#include "fmt/format.h"

namespace {

namespace fs = std::filesystem;
using ipusim::digits_test::program_folder;
using ipusim::digits_test::read_text;

// Runs a script of the program folder with Debian's Python, which knows Debian's numpy.
void run_script(const std::string& script, const std::string& options) {
  const std::string command =
      fmt::format("/usr/bin/python3 '{}' {}", (program_folder() / script).string(), options);
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

void expect_same(const fs::path& folder, std::initializer_list<const char*> files) {
  for (const char* file : files) {
    EXPECT_EQ(read_text(folder / file), read_text(program_folder() / "data" / file))
        << file << " differs when made again";
  }
}

TEST(DigitsScripts, TrainAndEvaluateWriteTheSameBytesAgain) {
  const fs::path folder = fs::path{::testing::TempDir()} / "ipusim_digits_again";
  fs::remove_all(folder);
  fs::create_directories(folder);
  run_script("train.py", fmt::format("--out '{}'", folder.string()));
  expect_same(folder,
              {"heldout_rows.csv", "heldout_pixels.csv", "heldout_labels.csv", "layer1.csv", "layer2.csv"});
  run_script("evaluate.py", fmt::format("--data '{0}' --out '{0}'", folder.string()));
  expect_same(folder, {"expected_scores.csv", "expected_labels.csv"});
  fs::remove_all(folder);
}

}  // namespace
