// SPDX-License-Identifier: Apache-2.0
// What a run that comes to no end tells: every context that runs or waits, many that stand alike as one.
#include <gmock/gmock.h>

#include <algorithm>

#include "command.hpp"

namespace ipusim::cli_test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class Stuck : public CommandTest {
 protected:
  // A program of these images, each {tiles, file}.
  void write_images(const std::vector<std::pair<std::string, std::string>>& images,
                    const std::string& keys = "run: {timeout_cycles: 20000}\n") const {
    std::string text = "program: p\nimages:\n";
    for (const auto& [tiles, file] : images)
      text += "  - {tiles: '" + tiles + "', sources: [" + file + "]}\n";
    folder_.write("p.yaml", text + keys);
  }
  CommandResult run_on(const std::string& system) const {
    return ipusim("run '" IPUSIM_SOURCE_DIR "/configs/" + system + ".yaml' p.yaml");
  }
  // The group of result.json whose contexts are on these tiles.
  json group(const std::string& tiles, const std::string& context = "supervisor") const {
    const json all = result_json().at("standing");
    for (const json& group : all) {
      if (group.at("tiles") == tiles && group.at("context") == context) return group;
    }
    ADD_FAILURE() << "no " << context << " of tiles " << tiles << " in " << all;
    return {};
  }
  // Contexts that result.json tells of: every supervisor, and the workers.
  std::size_t contexts(const std::string& context) const {
    std::size_t sum = 0;
    const json all = result_json().at("standing");
    for (const json& group : all)
      sum += group.at("context") == context ? group.at("contexts").get<std::size_t>() : 0;
    return sum;
  }
  static std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
  }
};

// On 16 tiles and on a whole chip: the one that never comes stands first.
TEST_F(Stuck, ATileThatNeverArrives) {
  folder_.write("a.S", source("    sync 3\n"));
  folder_.write("late.S", source("spin:\n    bri spin\n"));
  for (const auto& [system, tiles, others] :
       {std::tuple{"mk2-16", 16U, "0-2, 4-15"}, std::tuple{"mk2", 1472U, "0-2, 4-1471"}}) {
    write_images({{others, "a.S"}, {"3", "late.S"}});
    const auto result = run_on(system);
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_EQ(result_json().at("state"), "timeout");
    EXPECT_EQ(result_json().at("standing").size(), 2U);
    EXPECT_EQ(contexts("supervisor"), tiles);
    EXPECT_EQ(contexts("worker"), 0U);
    const json late = group("3");
    EXPECT_EQ(late.at("doing"), "goes on");
    EXPECT_EQ(late.at("pc_symbol"), "spin");
    EXPECT_EQ(late.at("source"), "late.S:7");
    EXPECT_TRUE(late.at("sync").is_null());
    const json waiting = group(others);
    EXPECT_EQ(waiting.at("doing"), "waits in sync 3");
    EXPECT_EQ(waiting.at("sync"), 3);
    EXPECT_EQ(waiting.at("source"), "a.S:6");
    EXPECT_EQ(waiting.at("source_text"), "sync 3");
    EXPECT_EQ(waiting.at("tile_count"), tiles - 1);
    const auto since = waiting.at("since_cycle").get<std::pair<std::uint64_t, std::uint64_t>>();
    EXPECT_LE(since.first, since.second);
    // The console, junit.xml and summary.txt tell the same.
    const std::string first =
        "tile 3: the supervisor goes on at pc 0x4c004 <spin> `bri 0x4c004`, late.S:7: `bri spin`";
    for (const std::string& text : {result.errors, read_file(folder_.path() / "out/p/summary.txt")}) {
      EXPECT_THAT(text, HasSubstr(first));
      EXPECT_THAT(text, HasSubstr(std::to_string(tiles - 1) + " tiles (" + others +
                                  "): the supervisor waits in sync 3 since cycle "));
    }
    EXPECT_THAT(read_file(folder_.path() / "out/p/junit.xml"),
                HasSubstr("tile 3: the supervisor goes on at pc"));
    EXPECT_EQ(lines(result.errors), 3U);
  }
}

// The supervisors wait for their workers, of which the odd ones go round for ever, on each tile of a whole
// chip.
TEST_F(Stuck, WorkersInAnEndlessLoop) {
  folder_.write("a.S",
                source("    setzi $m0, work\n    setzi $m1, 0x80000\n    runall $m0, $m1, 0\n    sync 2\n",
                       "    .worker\nwork:\n    get $m0, $WSR\n    and $m0, $m0, 1\nspin:\n"
                       "    brnz $m0, spin\n    exitz $mzero\n"));
  for (const auto& [system, tiles] : {std::pair{"mk2-16", 16U}, std::pair{"mk2", 1472U}}) {
    write_images({{"all", "a.S"}});
    const auto result = run_on(system);
    EXPECT_EQ(result.exit_code, 3);
    const std::string all = "0-" + std::to_string(tiles - 1);
    const json waiting = group(all);
    EXPECT_EQ(waiting.at("doing"), "waits in sync 2 for its workers");
    EXPECT_EQ(waiting.at("sync"), 2);
    EXPECT_EQ(waiting.at("source"), "a.S:9");
    EXPECT_EQ(contexts("supervisor"), tiles);
    EXPECT_EQ(contexts("worker"), 3 * tiles);
    const json spinning = group(all, "worker");
    EXPECT_EQ(spinning.at("pc_symbol"), "spin");
    EXPECT_EQ(spinning.at("source_text"), "brnz $m0, spin");
    EXPECT_THAT(result.errors, HasSubstr(std::to_string(tiles) + " tiles (" + all +
                                         "): " + std::to_string(3 * tiles) + " workers go on at pc "));
    EXPECT_LE(lines(result.errors), 4U);
  }
  write_images({{"5", "a.S"}});
  EXPECT_THAT(run_on("mk2-16").errors, HasSubstr("tile 5: workers 1, 3, 5 go on at pc "));
}

TEST_F(Stuck, TilesInDifferentZonesAndTilesWithoutAProgram) {
  folder_.write("a.S", source("    sync 3\n"));
  folder_.write("b.S", source("    sync 4\n"));
  write_images({{"0-5", "a.S"}, {"6-9", "b.S"}});
  const auto result = run_on("mk2-16");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result_json().at("state"), "deadlock");
  EXPECT_EQ(group("0-5").at("sync"), 3);
  EXPECT_EQ(group("6-9").at("sync"), 4);
  // They acknowledge in advance what others do.
  EXPECT_EQ(group("10-15").at("sync"), 1);
  EXPECT_GT(group("10-15").at("acknowledged")[0], 0);
  EXPECT_EQ(contexts("supervisor"), 16U);
  EXPECT_TRUE(result_json().at("problems").empty());
}

TEST_F(Stuck, WordsThatNobodySends) {
  folder_.write("a.S",
                source("    setzi $m0, WORDS\n    put $INCOMING_DCOUNT, $m0\n    sync 3\n    sync 0\n"));
  folder_.write("p.yaml",
                "program: p\nimages:\n  - {tiles: 0-3, sources: [a.S], defines: {WORDS: 3}}\n"
                "  - {tiles: 4-15, sources: [a.S], defines: {WORDS: 7}}\n");
  const auto result = run_on("mk2-16");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result_json().at("state"), "deadlock");
  const json all = group("0-15");
  EXPECT_EQ(all.at("sync"), 0);
  EXPECT_EQ(all.at("words_missing"), json({3, 7}));
  EXPECT_THAT(
      result.errors,
      HasSubstr("the supervisor waits in sync 0 for words that nobody sends to it (3 to 7 words) at pc "));
}

TEST_F(Stuck, AMarkOfTheHostIsMissing) {
  folder_.write("a.S", "    .supervisor\n    .globl _start\n_start:\n    sync 5\n    bri _start\n");
  for (const auto& [system, last] : {std::pair{"mk2-16", "15"}, std::pair{"mk2", "1471"}}) {
    write_images({{"all", "a.S"}}, "");
    const auto result = run_on(system);
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_EQ(result_json().at("state"), "host_wait");
    EXPECT_THAT(result.errors, HasSubstr("every tile waits in sync 5: the host grants syncs of zone 7 only"));
    EXPECT_EQ(group(std::string{"0-"} + last).at("sync"), 5);
    EXPECT_EQ(group(std::string{"0-"} + last).at("source"), "a.S:4");
    EXPECT_EQ(lines(result.errors), 2U);
  }
}

// Each of 1,472 supervisors at an instruction of its own: the console tells 20 places and where the others
// are.
TEST_F(Stuck, TheConsoleStaysShort) {
  folder_.write("a.S",
                source("    setzi $m0, __tile_index\n    shl $m0, $m0, 2\n    setzi $m1, spins\n"
                       "    add $m0, $m0, $m1\n    br $m0\nspins:\n    .rept 1472\n    bri .\n    .endr\n"));
  write_images({{"all", "a.S"}});
  const auto result = run_on("mk2");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(lines(result.errors), 1U + 20U + 1U);
  EXPECT_THAT(result.errors, HasSubstr("1452 more places where contexts stand: see result.json"));
  EXPECT_EQ(contexts("supervisor"), 1472U);
  EXPECT_LT(read_file(folder_.path() / "out/p/junit.xml").size(), 8000U);
}

// What ran to its end tells nothing of the kind.
TEST_F(Stuck, NothingStandsAfterACompletedRun) {
  folder_.write("a.S", source(""));
  write_images({{"all", "a.S"}});
  EXPECT_EQ(run_on("mk2-16").exit_code, 0);
  EXPECT_TRUE(result_json().at("standing").empty());
}

}  // namespace
}  // namespace ipusim::cli_test
