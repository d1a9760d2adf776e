// SPDX-License-Identifier: Apache-2.0
// `ipusim run --checkpoint-every` and `--resume`, as a user calls them.
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "command.hpp"

namespace ipusim::cli_test {
namespace {

using ::testing::HasSubstr;

class CheckpointFiles : public CommandTest {
 protected:
  static constexpr unsigned supersteps = 40;

  // Supersteps of different length on every tile, in which a worker counts across the syncs.
  void write_supersteps() const {
    folder_.write("a.S",
                  source("    setzi $m0, numbers\n"
                         "    setzi $m4, worker\n"
                         "    run $m4, $m0, 0\n"
                         "    setzi $m1, 39\n"
                         "round:\n"
                         "    ld32 $m2, $m0, $mzero, 0\n"
                         "    setzi $m3, __tile_index\n"
                         "    add $m2, $m2, $m3\n"
                         "    add $m2, $m2, 7\n"
                         "    st32 $m2, $m0, $mzero, 0\n"
                         "spin:\n"
                         "    brnzdec $m3, spin\n"
                         "    sync 3\n"
                         "    brnzdec $m1, round\n",
                         "    .worker\n    .text\nworker:\n    setzi $m1, 2500\n    setzi $m0, numbers\n"
                         "count:\n    st32 $m1, $m0, $mzero, 1\n    brnzdec $m1, count\n"
                         "    exitnz $mzero\n"
                         "    .data\n    .p2align 3\n    .globl numbers\nnumbers: .long 0, 0\n"
                         "    .size numbers, 8\n"));
    write_program("read:\n  - {name: numbers, symbol: numbers, tiles: all, type: u32, count: 2}\n");
  }
  // Without what differs from run to run.
  nlohmann::json result() const {
    auto json = result_json();
    json.erase("wall_seconds");
    json.erase("step_seconds");
    return json;
  }
  std::filesystem::path file(unsigned superstep, const std::string& folder = "c") const {
    const std::string digits = std::to_string(superstep);
    return folder_.path() / folder / ("superstep-" + std::string(6 - digits.size(), '0') + digits + ".state");
  }
  void refuses(const std::string& options, const std::string& complaint) const {
    const auto result = run(options);
    EXPECT_EQ(result.exit_code, 2) << options;
    EXPECT_THAT(result.all_errors, HasSubstr(complaint)) << options;
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "out/p/result.json")) << options;
  }
};

TEST_F(CheckpointFiles, ARunGoesOnFromAnyOfThem) {
  write_supersteps();
  ASSERT_EQ(run().exit_code, 0);
  const auto whole = result();
  ASSERT_EQ(whole.at("supersteps"), supersteps);
  // Sum over the supersteps of 7 + tile index.
  ASSERT_EQ(whole.at("outputs")[0].at("values")[2], supersteps * 8);

  const auto taken = run("--checkpoint-every 1 --checkpoints c");
  ASSERT_EQ(taken.exit_code, 0);
  EXPECT_EQ(result(), whole);
  EXPECT_THAT(taken.all_errors, HasSubstr("checkpoint c/superstep-000040.state: superstep 40, cycle "));
  std::mt19937 random(1);
  for (unsigned i = 0; i < 20; ++i) {
    const auto from = static_cast<unsigned>(1 + random() % supersteps);
    ASSERT_EQ(run("--resume '" + file(from).string() + "'").exit_code, 0) << from;
    EXPECT_EQ(result(), whole) << from;
  }
  ASSERT_EQ(run("--resume c/host-rest.state").exit_code, 0);
  EXPECT_EQ(result(), whole);
}

TEST_F(CheckpointFiles, AreThoseOfTheWholeRunWhenItGoesOn) {
  write_supersteps();
  ASSERT_EQ(run("--checkpoint-every 15").exit_code, 0);
  const auto whole = result();
  const std::string folder = "out/p/checkpoints";
  EXPECT_TRUE(std::filesystem::exists(file(15, folder)));
  EXPECT_TRUE(std::filesystem::exists(file(30, folder)));
  EXPECT_FALSE(std::filesystem::exists(file(40, folder)));
  // The results' folder is the same: what lies there is read before and stays.
  ASSERT_EQ(
      run("--checkpoint-every 10 --checkpoints d --resume " + folder + "/superstep-000015.state").exit_code,
      0);
  EXPECT_TRUE(std::filesystem::exists(file(15, folder)));
  EXPECT_FALSE(std::filesystem::exists(file(10, "d")));
  EXPECT_TRUE(std::filesystem::exists(file(20, "d")));
  ASSERT_EQ(run("--resume d/superstep-000040.state").exit_code, 0);
  EXPECT_EQ(result(), whole);
}

TEST_F(CheckpointFiles, OfEveryKindOfTile) {
  write_supersteps();
  for (const std::string kind : {"rtl", "lockstep"}) {
    const std::string tiles = " --tile 0-2=" + kind;
    ASSERT_EQ(run("--checkpoint-every 13 --checkpoints c" + tiles).exit_code, 0) << kind;
    const auto whole = result();
    for (const unsigned from : {13U, 26U, 39U}) {
      ASSERT_EQ(run("--resume '" + file(from).string() + "'" + tiles).exit_code, 0) << kind;
      EXPECT_EQ(result(), whole) << kind << from;
    }
  }
}

TEST_F(CheckpointFiles, OfATimeoutGoOnWithALongerOne) {
  write_supersteps();
  ASSERT_EQ(run().exit_code, 0);
  const auto whole = result();
  const auto total = whole.at("cycles").at("total").get<std::uint64_t>();
  ASSERT_EQ(run("--checkpoint-every 10 --checkpoints c --timeout " + std::to_string(total / 2)).exit_code, 3);
  ASSERT_EQ(run("--resume '" + file(10).string() + "'").exit_code, 0);
  EXPECT_EQ(result(), whole);
}

// Late in a long run: hazards are looked for from a state in memory if all tiles are fast, else from the
// start.
TEST_F(CheckpointFiles, InMemoryNameTheSameInstructionsOfHazards) {
  folder_.write("a.S",
                source("    setzi $m1, 40\nround:\n    setzi $m3, 500\nspin:\n    brnzdec $m3, spin\n"
                       "    sync 3\n    brnzdec $m1, round\n    call $m10, exchange_swap\n",
                       "    .section .region1_both, \"aw\", @nobits\n    .p2align 15\n    .globl outgoing\n"
                       "outgoing: .space 4096\n    .globl incoming\nincoming: .space 4096\n"));
  write_program(
      "exchange:\n  - name: swap\n    pattern: messages\n    messages:\n"
      "      - {from: 0, to: [1], words: 1000, source: outgoing, destination: incoming}\n"
      "      - {from: 1, to: [0], words: 1000, source: outgoing, destination: incoming}\n",
      "0-1");
  const auto fast = run();
  EXPECT_EQ(fast.exit_code, 3);
  EXPECT_THAT(fast.all_errors, HasSubstr("running again from cycle "));
  const auto found = result();
  ASSERT_GT(found.at("hazards").size(), 0U);
  ASSERT_GT(found.at("cycles").at("total"), 70000);
  const auto mixed = run("--tile 15=rtl");
  EXPECT_EQ(mixed.exit_code, 3);
  EXPECT_THAT(mixed.all_errors, HasSubstr("running again to find"));
  EXPECT_EQ(result().at("hazards"), found.at("hazards"));
}

TEST_F(CheckpointFiles, OfOtherInputAreRefused) {
  write_supersteps();
  ASSERT_EQ(run("--checkpoint-every 20 --checkpoints c").exit_code, 0);
  std::filesystem::remove(folder_.path() / "out/p/result.json");
  const std::string resume = "--resume c/superstep-000020.state";
  refuses(resume + " --tile 3=rtl",
          "made with other kinds of tiles: tile 3 was 'fast' there and is 'rtl' here");
  refuses(resume + " --host-syncs 3", "its host grants 2 syncs, and this run's 3: give --host-syncs 2");

  const std::string program = read_file(folder_.path() / "p.yaml");
  folder_.write("p.yaml", "program: q" + program.substr(program.find('\n')));
  refuses(resume + " --out out/p", "it is of program 'p', not of 'q'");
  folder_.write("p.yaml", program);
  folder_.write("a.S", read_file(folder_.path() / "a.S") + "    .long 1\n");
  refuses(resume, "program 'p' was another one when it was made");
  write_supersteps();

  const auto result = ipusim("run '" IPUSIM_SOURCE_DIR "/configs/mk2.yaml' p.yaml " + resume);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("it is of system 'mk2-16', not of 'mk2"));

  // One of the same name whose first two tiles have changed places.
  std::string system = read_file(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2-16.yaml");
  const auto replace = [&](const std::string& old, const std::string& by) {
    ASSERT_NE(system.find(old), std::string::npos) << old;
    system.replace(system.find(old), old.size(), by);
  };
  replace("part: parts", "part: " IPUSIM_SOURCE_DIR "/configs/parts");
  replace("places: [0, 53,", "places: [53, 0,");
  folder_.write("system.yaml", system);
  const auto moved = ipusim("run system.yaml p.yaml " + resume);
  EXPECT_EQ(moved.exit_code, 2);
  EXPECT_THAT(moved.errors, HasSubstr("system 'mk2-16' was another one when it was made: places"));
  EXPECT_EQ(run(resume).exit_code, 0);
}

TEST_F(CheckpointFiles, ThatAreNoneAreRefused) {
  write_supersteps();
  ASSERT_EQ(run("--checkpoint-every 20 --checkpoints c").exit_code, 0);
  const std::string bytes = read_file(file(20));
  std::filesystem::remove(folder_.path() / "out/p/result.json");
  for (const std::size_t length : {std::size_t{9}, std::size_t{64}, bytes.size() / 2, bytes.size() - 1}) {
    folder_.write("short", bytes.substr(0, length));
    refuses("--resume short", "short: the checkpoint is truncated or damaged");
  }
  std::string damaged = bytes;
  damaged[bytes.size() / 3] = static_cast<char>(damaged[bytes.size() / 3] ^ 1);
  folder_.write("damaged", damaged);
  refuses("--resume damaged", "damaged: the checkpoint is truncated or damaged");
  folder_.write("garbage", "garbage");
  refuses("--resume garbage", "garbage: this is no checkpoint");
  folder_.write("empty", "");
  refuses("--resume empty", "empty: this is no checkpoint");
  refuses("--resume c", "c: cannot read the file: it is a folder");
  refuses("--resume nowhere", "nowhere: cannot read the file: No such file");
}

TEST_F(CheckpointFiles, BadOptionsAreRefused) {
  write_supersteps();
  folder_.write("file", "");
  refuses("--checkpoint-every 0", "--checkpoint-every");
  refuses("--checkpoint-every -1", "--checkpoint-every");
  refuses("--checkpoint-every many", "--checkpoint-every");
  refuses("--checkpoints c", "--checkpoint-every");
  refuses("--checkpoint-every 0 --resume file", "--checkpoint-every");
  refuses("--checkpoint-every 1 --checkpoints file", "--checkpoints file: cannot make the folder");
}

}  // namespace
}  // namespace ipusim::cli_test
