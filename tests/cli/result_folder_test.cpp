// SPDX-License-Identifier: Apache-2.0
// What an earlier run left goes; what the user put there stays.
#include "ipusim/app/result_folder.hpp"

#include <gmock/gmock.h>

#include <chrono>

#include "ipusim/base/input_error.hpp"
#include "support.hpp"

namespace ipusim::app {
namespace {

using cli_test::error_of;
using cli_test::read_file;
using cli_test::TempFolder;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class Results : public ::testing::Test {
 protected:
  fs::path path() const { return folder_.path() / "out"; }
  bool exists(const std::string& name) const { return fs::exists(path() / name); }
  TempFolder folder_;
};

TEST_F(Results, FilesOfTheEarlierRunAreRemovedWithTheirFolders) {
  {
    const ResultFolder first(path());
    first.write("result.json", "{}");
    first.write("images/group0/tile1.elf", "elf");
    folder_.write("out/waves/x.fst", "waves");
    first.expect(path() / "waves/x.fst");
  }
  const ResultFolder second(path());
  second.write("images/group1/tile2.elf", "elf");
  EXPECT_FALSE(exists("result.json"));
  EXPECT_FALSE(exists("waves"));
  EXPECT_FALSE(exists("images/group0"));
  EXPECT_TRUE(exists("images/group1/tile2.elf"));
}

// A folder whose files are written again: what changes is written, what is left over goes, the user's stays.
TEST_F(Results, FilesThatAreWrittenAgainAreLeftAsTheyAre) {
  const auto time_of = [&](const char* name) { return fs::last_write_time(path() / name); };
  {
    const ResultFolder first(path(), "images");
    first.write("result.json", "{}");
    for (const char* name : {"images/a/same", "images/a/changed", "images/b/left"}) first.write(name, "old");
  }
  const auto then = fs::file_time_type::clock::now() - std::chrono::hours{1};
  for (const char* name : {"images/a/same", "images/a/changed"}) fs::last_write_time(path() / name, then);
  const auto before = time_of("images/a/same");
  folder_.write("out/images/a/mine", "the user's");
  {
    const ResultFolder second(path(), "images");
    EXPECT_FALSE(exists("result.json"));
    EXPECT_TRUE(exists("images/b/left"));
    second.write("images/a/same", "old");
    second.write("images/a/changed", "new");
    second.finish();
    EXPECT_FALSE(exists("images/b"));
  }
  EXPECT_EQ(time_of("images/a/same"), before);
  EXPECT_EQ(read_file(path() / "images/a/same"), "old");
  EXPECT_EQ(read_file(path() / "images/a/changed"), "new");
  EXPECT_EQ(read_file(path() / "images/a/mine"), "the user's");
  { const ResultFolder third(path(), "images"); }  // it writes none of them
  EXPECT_FALSE(exists("images/a/same"));
  EXPECT_FALSE(exists("images/a/changed"));
  EXPECT_TRUE(exists("images/a/mine"));
}

// A run that is killed takes nothing from the list.
TEST_F(Results, WhatIsToBeWrittenAgainStaysListed) {
  { ResultFolder(path(), "images").write("images/a", "old"); }
  const ResultFolder killed(path(), "images");
  EXPECT_THAT(read_file(path() / ResultFolder::manifest_name), HasSubstr("\nimages/a\n"));
}

TEST_F(Results, FilesOfTheUserStay) {
  folder_.write("out/result.json", "the user's");
  folder_.write("out/images/group0/tile9.elf", "the user's");
  {
    const ResultFolder first(path());
    first.write("images/group0/tile1.elf", "elf");
    folder_.write("out/images/group0/notes.txt", "the user's");
  }
  const ResultFolder second(path());
  EXPECT_FALSE(exists("images/group0/tile1.elf"));
  for (const char* name : {"result.json", "images/group0/tile9.elf", "images/group0/notes.txt"})
    EXPECT_EQ(read_file(path() / name), "the user's") << name;
}

TEST_F(Results, AListNeverReachesOutOfItsFolder) {
  { const ResultFolder first(path()); }
  folder_.write("mine.txt", "x");
  const fs::path outside = folder_.write("other/mine.txt", "x");
  fs::create_directories(path() / "folder");
  std::ofstream(path() / ResultFolder::manifest_name, std::ios::app)
      << "../mine.txt\na/../../mine.txt\n"
      << outside.string() << "\n.\n..\n\nfolder\nfolder/\nmissing\n";
  { const ResultFolder second(path()); }
  EXPECT_TRUE(fs::exists(folder_.path() / "mine.txt"));
  EXPECT_TRUE(fs::exists(outside));
  EXPECT_TRUE(exists("folder"));
}

TEST_F(Results, AFileOfThatNameThatIsNoListIsNotTouched) {
  folder_.write(std::string{"out/"} + ResultFolder::manifest_name, "result.json\n");
  folder_.write("out/result.json", "the user's");
  EXPECT_THAT(error_of([&] { const ResultFolder results(path()); }),
              HasSubstr("is no list of files by ipusim"));
  EXPECT_TRUE(exists("result.json"));
}

TEST_F(Results, AFileIsNoFolder) {
  folder_.write("out", "");
  EXPECT_THAT(error_of([&] { const ResultFolder results(path()); }),
              HasSubstr("out: is a file, but the results need a folder"));
  EXPECT_THAT(error_of([&] { const ResultFolder results(path() / "deep"); }), HasSubstr("out/deep: "));
}

TEST_F(Results, AFolderIsNoFile) {
  const ResultFolder results(path());
  fs::create_directories(path() / "result.json");
  EXPECT_THAT(error_of([&] { results.write("result.json", "{}"); }),
              HasSubstr("result.json: cannot write the file: a folder has this name"));
}

TEST_F(Results, NamesStayInside) {
  const ResultFolder results(path());
  for (const char* name : {"../x", "/x", "a/../../x", "", "x\ny"})
    EXPECT_THAT(error_of([&] { results.write(name, "x"); }), HasSubstr("is no name for a file")) << name;
}

}  // namespace
}  // namespace ipusim::app
