// SPDX-License-Identifier: Apache-2.0
// Shared by the tests of the command line.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "ipusim/config/system_config.hpp"

namespace ipusim::cli_test {

namespace fs = std::filesystem;

// A folder of the test's own, removed with it.
class TempFolder {
 public:
  TempFolder() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    path_ = fs::path{::testing::TempDir()} /
            (std::string{"ipusim_cli_"} + test->test_suite_name() + "_" + test->name());
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~TempFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const fs::path& path() const { return path_; }
  fs::path write(const std::string& name, const std::string& text) const {
    const fs::path file = path_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << text;
    return file;
  }

 private:
  fs::path path_;
};

inline std::string read_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>{stream}, {}};
}

// The message of what `action` throws; empty if it throws nothing.
template <class Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

inline config::SystemConfig mk2_16() {
  return config::load_system_config(fs::path{IPUSIM_SOURCE_DIR} / "configs/mk2-16.yaml");
}

}  // namespace ipusim::cli_test
