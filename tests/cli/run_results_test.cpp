// SPDX-License-Identifier: Apache-2.0
// What a run leaves in its folder, also when it comes to nothing, and what is found before anything is built.
#include <gmock/gmock.h>

#include "command.hpp"

namespace ipusim::cli_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class RunResults : public CommandTest {};

// --- One run after the other into the same folder.

TEST_F(RunResults, NothingOfTheEarlierRunIsLeftAndTheUsersFilesAre) {
  write_adder();
  write_program("", "0-3");
  ASSERT_EQ(run().exit_code, 0);
  ASSERT_TRUE(fs::exists(folder_.path() / "out/p/images/group0/tile3.elf"));
  folder_.write("out/p/images/group0/mine.elf", "");
  folder_.write("out/p/notes.txt", "");
  write_program("", "0-1");
  ASSERT_EQ(run().exit_code, 0);
  EXPECT_TRUE(fs::exists(folder_.path() / "out/p/images/group0/tile1.elf"));
  EXPECT_FALSE(fs::exists(folder_.path() / "out/p/images/group0/tile3.elf"));
  EXPECT_FALSE(fs::exists(folder_.path() / "out/p/images/group0/tile3.map"));
  EXPECT_TRUE(fs::exists(folder_.path() / "out/p/images/group0/mine.elf"));
  EXPECT_TRUE(fs::exists(folder_.path() / "out/p/notes.txt"));
  // A run that comes to nothing leaves nothing of the one before either.
  folder_.write("a.S", "    frobnicate\n");
  EXPECT_EQ(run().exit_code, 2);
  EXPECT_FALSE(fs::exists(folder_.path() / "out/p/result.json"));
  EXPECT_FALSE(fs::exists(folder_.path() / "out/p/images/group0/tile0.elf"));
  EXPECT_TRUE(fs::exists(folder_.path() / "out/p/notes.txt"));
}

// --- 4: the simulator failed.

TEST_F(RunResults, OutOfMemoryIsAFailureOfTheSimulator) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "address sanitizers need all of the address space";
#endif
  write_adder();
  write_program("", "0");
  // 1472 tiles of 624 KiB do not fit, the program itself does.
  const auto result =
      limited("ulimit -v 900000", "ipusim", "run '" IPUSIM_SOURCE_DIR "/configs/mk2.yaml' p.yaml");
  EXPECT_EQ(result.exit_code, 4) << result.all_errors;
  EXPECT_THAT(result.errors, HasSubstr("the simulator failed: "));
  const auto json = result_json();
  EXPECT_EQ(json.at("exit_code"), 4);
  EXPECT_EQ(json.at("state"), "failed");
  EXPECT_EQ(json.at("pass"), false);
  EXPECT_THAT(json.at("message").get<std::string>(), Not(IsEmpty()));
  EXPECT_THAT(read_file(folder_.path() / "out/p/junit.xml"), HasSubstr("failures=\"0\" errors=\"1\""));
}

TEST_F(RunResults, AKilledRunLeavesAResultThatSaysSo) {
  folder_.write("a.S", source("spin:\n    bri spin\n"));
  write_program("run: {timeout_cycles: 1000000000000}\n", "0");
  // Processor time, so that it is the same on a busy machine.
  const auto result =
      limited("ulimit -t 2", "ipusim", "run '" IPUSIM_SOURCE_DIR "/configs/mk2-16.yaml' p.yaml");
  EXPECT_GT(result.exit_code, 128);
  EXPECT_EQ(result_json().at("state"), "failed");
  EXPECT_EQ(result_json().at("exit_code"), 4);
  EXPECT_THAT(result_json().at("message").get<std::string>(), HasSubstr("the run did not come to its end"));
}

// --- 2: bad input.

class EarlyErrors : public CommandTest {
 protected:
  // Runs, and gives the error; the exit code must be 2 and no result may be there.
  std::string error(const std::string& options = "") const {
    const auto result = run(options);
    EXPECT_EQ(result.exit_code, 2) << result.errors;
    EXPECT_FALSE(fs::exists(folder_.path() / "out/p/result.json"));
    return result.errors;
  }
};

TEST_F(EarlyErrors, EverythingGivenIsReadBeforeAnythingIsBuilt) {
  folder_.write("a.S", "    frobnicate\n");  // what building would find
  write_program("");
  folder_.write("file", "");
  EXPECT_EQ(error("--out file"), "file: is a file, but the results need a folder: choose another --out\n");
  EXPECT_THAT(error("--out /proc/none"), HasSubstr("/proc/none: cannot make this folder for the results: "));
  EXPECT_THAT(error("--tile 99=rtl"), StartsWith("--tile 99=rtl: "));
  write_program("load:\n  - {symbol: x, tiles: 0, type: u8, values: [256]}\n");
  EXPECT_THAT(error(), HasSubstr("'256' is out of range for u8"));
  write_program(
      "read:\n  - {name: r, symbol: x, tiles: 0, type: u8, count: 2}\n"
      "expectations:\n  - {name: e, output: r, equals: [1]}\n");
  EXPECT_THAT(error(), HasSubstr("output 'r' has 2 numbers"));
  write_program("");
  EXPECT_THAT(error(), HasSubstr("a.S:1:"));
}

TEST_F(EarlyErrors, AMisspeltSymbolIsFoundBeforeTheOtherImagesAreBuilt) {
  write_adder();
  folder_.write("p.yaml",
                "program: p\nimages:\n  - {tiles: 0-7, sources: [a.S]}\n  - {tiles: 8-15, sources: [a.S]}\n"
                "read:\n  - {name: r, symbol: answer, tiles: 0, type: u32, count: 1}\n"
                "  - {name: s, symbol: anwser, tiles: 9-15, type: u32, count: 1}\n");
  EXPECT_THAT(error(),
              AllOf(StartsWith("p.yaml:7:"), HasSubstr("key 'read[1].symbol': "), HasSubstr("'answer'")));
  std::vector<std::string> images;
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path() / "out/p/images")) {
    if (entry.path().extension() == ".elf") images.push_back(entry.path().filename().string());
  }
  EXPECT_THAT(images, ::testing::UnorderedElementsAre("tile0.elf", "tile9.elf"));
}

TEST_F(EarlyErrors, AFolderWhereAFileShouldBe) {
  write_adder();
  fs::create_directories(folder_.path() / "folder");
  for (const char* key : {"sources: [folder]", "sources: [a.S], objects: [folder]", "executable: folder"}) {
    folder_.write("p.yaml", std::string{"program: p\nimages:\n  - {tiles: 0, "} + key + "}\n");
    EXPECT_THAT(error(),
                AllOf(StartsWith("p.yaml:3:"), HasSubstr("'folder' is a folder, but a file is needed")))
        << key;
  }
  write_program("load:\n  - {symbol: numbers, tiles: 0, type: u32, file: folder}\n");
  EXPECT_THAT(error(), HasSubstr("folder"));
  EXPECT_THAT(ipusim("run . p.yaml").errors, HasSubstr("it is a folder"));
  EXPECT_THAT(ipusim("run '" IPUSIM_SOURCE_DIR "/configs/mk2-16.yaml' folder").errors,
              HasSubstr("it is a folder"));
}

}  // namespace
}  // namespace ipusim::cli_test
