// SPDX-License-Identifier: Apache-2.0
// Where #include, .include and .incbin find their files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::HasSubstr;
using Words = std::vector<std::uint32_t>;

class FileSearch : public ::testing::Test {
 protected:
  FileSearch() : before_(std::filesystem::current_path()) {
    options_.preprocess = false;
    write_text(folder_ / "work/unrelated", "");
    std::filesystem::remove(folder_ / "work/part.inc");
    std::filesystem::current_path(folder_ / "work");
  }
  ~FileSearch() override { std::filesystem::current_path(before_); }
  FileSearch(const FileSearch&) = delete;
  FileSearch& operator=(const FileSearch&) = delete;

  std::uint32_t first_word(const std::string& text) {
    write_text(source_, ".globl _start\n_start:\n" + text);
    const auto linked = link({assemble(source_, options_)}, {});
    return linked.image.segments.at(0).bytes.at(0);
  }

  std::filesystem::path before_;
  std::filesystem::path folder_ = test_folder();
  std::filesystem::path source_ = folder_ / "source/main.S";
  AssemblerOptions options_;
};

TEST_F(FileSearch, IncludeAndIncbinLookIntoTheGivenFoldersInOrderThenBesideTheSource) {
  write_text(folder_ / "source/part.inc", ".long 1\n");
  write_text(folder_ / "source/part.bin", "abcd");
  EXPECT_EQ(first_word(".include \"part.inc\"\n"), 1U);
  write_text(folder_ / "one/part.inc", ".long 2\n");
  write_text(folder_ / "two/part.inc", ".long 3\n");
  options_.include_dirs = {folder_ / "one", folder_ / "two"};
  EXPECT_EQ(first_word(".include \"part.inc\"\n"), 2U);
  options_.include_dirs = {folder_ / "two", folder_ / "one"};
  EXPECT_EQ(first_word(".include \"part.inc\"\n"), 3U);
}

TEST_F(FileSearch, IncbinTakesPartOfAFile) {
  write_text(folder_ / "source/part.bin", "abcdefgh");
  EXPECT_EQ(first_word(".incbin \"part.bin\"\n"), 'a');
  EXPECT_EQ(first_word(".incbin \"part.bin\", 2, 4\n"), 'c');
  EXPECT_THAT(tool_error([&] { first_word(".incbin \"none.bin\"\n"); }),
              HasSubstr("Could not find incbin file 'none.bin'"));
}

// As GNU as has it.
TEST_F(FileSearch, TheWorkingFolderIsSearchedFirst) {
  write_text(folder_ / "source/part.inc", ".long 1\n");
  write_text(folder_ / "work/part.inc", ".long 9\n");
  EXPECT_EQ(first_word(".include \"part.inc\"\n"), 9U);
}

TEST_F(FileSearch, UnlessAProgramMayNotDependOnIt) {
  options_.ignore_working_folder = true;
  write_text(folder_ / "source/part.inc", ".long 1\n");
  EXPECT_EQ(first_word(".include \"part.inc\"\n"), 1U);
  write_text(folder_ / "work/part.inc", ".long 9\n");
  EXPECT_THAT(tool_error([&] { first_word(".include \"part.inc\"\n"); }),
              HasSubstr("there is a 'part.inc' in the working folder, which would hide"));
  write_text(folder_ / "work/other.inc", ".long 9\n");
  EXPECT_THAT(tool_error([&] { first_word(".include \"other.inc\"\n"); }),
              HasSubstr("'other.inc' is found in the working folder only"));
  EXPECT_EQ(first_word(".include \"" + (folder_ / "work/other.inc").string() + "\"\n"), 9U);
}

}  // namespace
}  // namespace ipusim::toolchain_test
