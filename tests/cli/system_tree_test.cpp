// SPDX-License-Identifier: Apache-2.0
// Systems of several chips, as a user runs programs on them.
#include <gmock/gmock.h>

#include <numeric>

#include "command.hpp"

namespace ipusim::cli_test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::uint32_t tiles = 8;  // of each chip of pair-8

// One number of every tile, ipu0's first.
const std::vector<std::uint32_t> numbers{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53};

// Every tile hears its chip's numbers but its own, whose place stays 0, weighs number k with k + 1, and adds
// where it is.
std::uint32_t answer_of(std::uint32_t chip, std::uint32_t tile) {
  std::uint32_t sum = 1000 * chip + tile;
  for (std::uint32_t k = 0; k < tiles; ++k) {
    if (k != tile) sum += (k + 1) * numbers.at(tiles * chip + k);
  }
  return sum;
}

class SystemTree : public CommandTest {
 protected:
  // PAUSE: cycles that a chip takes besides. FAIL: the tile that stops.
  void write_source() const {
    folder_.write("weigh.S", R"(
#include "ipu_runtime.h"
    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    .rept PAUSE
    nop
    .endr
    call $m10, exchange_share
    setzi $m0, all
    setzi $m1, __chip_index
    setzi $m2, 1000
    mul $m1, $m1, $m2
    setzi $m2, __tile_index
    add $m1, $m1, $m2
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
    ld32 $m2, $m0, $mzero, \n
    setzi $m3, \n + 1
    mul $m2, $m2, $m3
    add $m1, $m1, $m2
    .endr
#ifdef FAIL
    setzi $m2, __tile_index
    cmpeq $m2, $m2, FAIL
    brz $m2, well
    trap 0
well:
#endif
    setzi $m0, answer
    st32 $m1, $m0, $mzero, 0
    SUPERVISOR_RETURN

    .section .region1.send, "aw", @nobits
    .p2align 15
BUFFER own, 4
BUFFER answer, 4
    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER all, 32
)");
  }

  static std::string image(const std::string& where, const std::string& defines) {
    const std::string runtime = IPUSIM_SOURCE_DIR "/firmware/runtime";
    return "  - {tiles: '" + where + "', sources: [" + runtime + "/start.S, weigh.S], include_dirs: [" +
           runtime + "], defines: {" + defines + "}}\n";
  }
  static std::string phase(const std::string& where) {
    return "  - {name: share, pattern: all_gather, tiles: '" + where +
           "', words: 1, source: own, destination: all}\n";
  }
  static std::string data(std::size_t first, std::size_t count) {
    std::string list;
    for (std::size_t i = first; i < first + count; ++i)
      list += (i == first ? "" : ", ") + std::to_string(numbers.at(i));
    return "load:\n  - {symbol: own, tiles: all, type: u32, values: [" + list +
           "], distribute: split}\n"
           "read:\n  - {name: answer, symbol: answer, tiles: all, type: u32, count: 1}\n";
  }

  // The chips have different work.
  void write_pair(const std::string& defines_of_ipu1 = "PAUSE: 100") const {
    write_source();
    folder_.write("p.yaml", "program: p\nimages:\n" + image("ipu0:0-7", "PAUSE: 1") +
                                image("ipu1:all", defines_of_ipu1) + "exchange:\n" + phase("ipu0:all") +
                                phase("ipu1:all") + data(0, 2 * tiles));
  }
  CommandResult run_pair(const std::string& options = "") const {
    return ipusim("run '" IPUSIM_SOURCE_DIR "/configs/pair-8.yaml' p.yaml " + options);
  }
  // A program of other keys that tells how it is refused.
  std::string refusal(const std::string& keys) const {
    write_source();
    folder_.write("p.yaml", "program: p\n" + keys);
    const auto result = run_pair();
    EXPECT_EQ(result.exit_code, 2);
    return result.errors;
  }
};

TEST_F(SystemTree, BothChipsExchangeAndCompute) {
  write_pair();
  const auto result = run_pair();
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const json report = result_json();
  std::vector<std::uint32_t> expected;
  for (std::uint32_t chip = 0; chip < 2; ++chip) {
    for (std::uint32_t tile = 0; tile < tiles; ++tile) expected.push_back(answer_of(chip, tile));
  }
  EXPECT_EQ(report.at("outputs")[0].at("values"), json(expected));
  EXPECT_EQ(report.at("outputs")[0].at("tiles")[8], "ipu1:0");
  EXPECT_EQ(report.at("tiles").size(), 2 * tiles);
  EXPECT_EQ(report.at("tiles")[15].at("id"), "ipu1:7");
  EXPECT_EQ(report.at("tiles")[15].at("place"), 358);
  ASSERT_EQ(report.at("chips").size(), 2U);
  const json& first = report.at("chips")[0];
  const json& second = report.at("chips")[1];
  EXPECT_EQ(first.at("name"), "ipu0");
  EXPECT_EQ(first.at("state"), "completed");
  EXPECT_EQ(second.at("supersteps"), 1);
  // The run took as long as the slower chip.
  EXPECT_GT(second.at("cycles").at("total"), first.at("cycles").at("total"));
  EXPECT_EQ(report.at("cycles"), second.at("cycles"));
  EXPECT_EQ(report.at("start_cycle"), second.at("start_cycle"));
  EXPECT_THAT(result.output, AllOf(HasSubstr("2 chips, 16 tiles"), HasSubstr("ipu0: completed after")));
  EXPECT_TRUE(fs::exists(folder_.path() / "out/p/images/group1/ipu1/tile7.elf"));
}

TEST_F(SystemTree, EveryKindAndNumberOfThreadsGivesTheSame) {
  write_pair();
  ASSERT_EQ(run_pair("--jobs 1").exit_code, 0);
  const json fast = result_json();
  for (const std::string options :
       {"--jobs 2", "--tile all=rtl --jobs 2", "--tile all=lockstep", "--tile all=lockstep --jobs 2",
        "--tile ipu1:0-3=rtl --tile ipu0:5=lockstep",
        "--tile ipu1:0-3=rtl --tile ipu0:5=lockstep --jobs 2"}) {
    const auto result = run_pair(options);
    ASSERT_EQ(result.exit_code, 0) << options << ": " << result.errors;
    const json other = result_json();
    for (const char* key : {"memory_sha256", "cycles", "chips", "start_cycle", "outputs"})
      EXPECT_EQ(other.at(key), fast.at(key)) << options << ": " << key;
  }
  const json mixed = result_json();
  EXPECT_EQ(mixed.at("tiles")[5].at("kind"), "lockstep");
  EXPECT_EQ(mixed.at("tiles")[8].at("kind"), "rtl");
  EXPECT_EQ(mixed.at("tiles")[12].at("kind"), "fast");
}

// No chip changes what another does: each takes the cycles that it takes alone.
TEST_F(SystemTree, AChipTakesTheCyclesThatItTakesAlone) {
  write_pair();
  ASSERT_EQ(run_pair().exit_code, 0);
  const json pair = result_json();
  folder_.write("alone.yaml",
                "system: alone\npart: " IPUSIM_SOURCE_DIR
                "/configs/parts/ipu2.yaml\n"
                "tiles: {kind: fast, numbering: physical, places: [1213, 1471, 704, 764, 700, 1003, "
                "585, 358]}\n");
  folder_.write("p.yaml", "program: p\nimages:\n" + image("0-7", "PAUSE: 100") + "exchange:\n" +
                              phase("all") + data(tiles, tiles));
  const auto result = ipusim("run alone.yaml p.yaml");
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const json alone = result_json();
  EXPECT_EQ(alone.at("cycles"), pair.at("chips")[1].at("cycles"));
  EXPECT_FALSE(alone.contains("chips"));
  EXPECT_EQ(alone.at("tiles")[7].at("id"), 7);
  // There the chip is the first.
  EXPECT_EQ(alone.at("outputs")[0].at("values")[3], answer_of(1, 3) - 1000);
}

TEST_F(SystemTree, AChipThatTheProgramDoesNotUseStaysInReset) {
  write_source();
  folder_.write("p.yaml",
                "program: p\nimages:\n" + image("ipu1:all", "PAUSE: 1") + "exchange:\n" + phase("ipu1:all") +
                    "read:\n  - {name: answer, symbol: answer, tiles: 'ipu1:0-1', type: u32, count: 1}\n");
  const auto result = run_pair();
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const json report = result_json();
  // Without numbers only its place is left.
  EXPECT_EQ(report.at("outputs")[0].at("values"), json({1000, 1001}));
  EXPECT_EQ(report.at("state"), "completed");
  EXPECT_EQ(report.at("chips")[0].at("state"), "unused");
  EXPECT_EQ(report.at("chips")[0].at("cycles").at("total"), 0);
  EXPECT_EQ(report.at("cycles"), report.at("chips")[1].at("cycles"));
}

TEST_F(SystemTree, TwoHostsDoWhatOneDoes) {
  write_pair();
  ASSERT_EQ(run_pair().exit_code, 0);
  const json one = result_json();
  std::string text = read_file(fs::path{IPUSIM_SOURCE_DIR} / "configs/pair-8.yaml");
  text.resize(text.find("hosts:"));
  for (std::size_t at = 0; (at = text.find("parts/", at)) != std::string::npos;) {
    const std::string folder = IPUSIM_SOURCE_DIR "/configs/";
    text.insert(at, folder);
    at += folder.size() + 1;
  }
  folder_.write("two.yaml", text +
                                "hosts:\n  - {name: left, attach: [ipu1.pcie]}\n"
                                "  - {name: right, attach: [ipu0.pcie]}\n");
  const auto result = ipusim("run two.yaml p.yaml");
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const json two = result_json();
  for (const char* key : {"memory_sha256", "cycles", "outputs"}) EXPECT_EQ(two.at(key), one.at(key)) << key;
  EXPECT_EQ(two.at("chips")[0].at("cycles"), one.at("chips")[0].at("cycles"));
}

TEST_F(SystemTree, AChipThatFailsStopsTheRunAndAllAreReadBack) {
  write_pair("PAUSE: 1, FAIL: 3");
  const auto result = run_pair();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.errors, HasSubstr("exception: tile ipu1:3 (place 764), supervisor"));
  EXPECT_THAT(result.errors, HasSubstr("<main+"));
  const json report = result_json();
  EXPECT_EQ(report.at("state"), "stopped");
  EXPECT_EQ(report.at("chips")[0].at("state"), "completed");
  EXPECT_EQ(report.at("chips")[1].at("state"), "stopped");
  EXPECT_EQ(report.at("exceptions")[0].at("tile"), "ipu1:3");
  const json& output = report.at("outputs")[0];
  EXPECT_EQ(output.at("of_stopped_run"), true);
  for (std::uint32_t tile = 0; tile < tiles; ++tile) EXPECT_EQ(output.at("values")[tile], answer_of(0, tile));
  EXPECT_EQ(output.at("values")[tiles + 3], 0);
  EXPECT_EQ(output.at("values")[tiles + 4], answer_of(1, 4));
}

// Its instruction is looked for by running all chips again.
TEST_F(SystemTree, AHazardIsToldWithItsChipAndInstruction) {
  // What is sent and what is received share a memory element, which docs/program.md forbids.
  folder_.write("a.S", source("    call $m10, exchange_swap\n",
                              "    .section .region1_both, \"aw\", @nobits\n    .p2align 15\n"
                              "    .globl outgoing\noutgoing: .space 4096\n"
                              "    .globl incoming\nincoming: .space 4096\n"));
  folder_.write("b.S", source(""));
  folder_.write("p.yaml",
                "program: p\nimages:\n  - {tiles: 'ipu1:all', sources: [a.S]}\n"
                "  - {tiles: 'ipu0:2', sources: [b.S]}\n"
                "exchange:\n  - name: swap\n    pattern: messages\n    messages:\n"
                "      - {from: 'ipu1:2', to: ['ipu1:5'], words: 1000, source: outgoing, "
                "destination: incoming}\n"
                "      - {from: 'ipu1:5', to: 'ipu1:2', words: 1000, source: outgoing, "
                "destination: incoming}\n");
  const auto result = run_pair();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.errors, HasSubstr("hazard: tile ipu1:2 (place 704)"));
  EXPECT_THAT(result.errors, HasSubstr("hazard: tile ipu1:5 (place 1003)"));
  const json report = result_json();
  EXPECT_EQ(report.at("chips")[0].at("state"), "completed");
  EXPECT_EQ(report.at("chips")[1].at("state"), "stopped");
  ASSERT_FALSE(report.at("hazards").empty());
  for (const json& hazard : report.at("hazards")) {
    EXPECT_TRUE(hazard.at("tile") == "ipu1:2" || hazard.at("tile") == "ipu1:5") << hazard;
    EXPECT_EQ(hazard.at("pc_symbol").get<std::string>().substr(0, 13), "exchange_swap");
    EXPECT_EQ(hazard.at("source").get<std::string>().substr(0, 24),
              "images/group0/ipu1/tile" + hazard.at("tile").get<std::string>().substr(5));
  }
}

TEST_F(SystemTree, ProblemsNameTheChip) {
  folder_.write("wait.S",
                "    .globl _start\n_start:\n    sync 7\n    sync 3\ndone:\n    sync 7\n    bri done\n");
  folder_.write("p.yaml",
                "program: p\nimages:\n  - {tiles: ['ipu0:all', 'ipu1:0'], sources: [wait.S]}\n"
                "  - {tiles: 'ipu1:1', sources: [other.S]}\n");
  folder_.write("other.S", "    .globl _start\n_start:\n    sync 7\n    bri _start\n");
  const auto result = run_pair();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.errors, HasSubstr("tile ipu1:0: the supervisor waits in sync 3 since cycle "));
  EXPECT_EQ(result_json().at("state"), "deadlock");
  EXPECT_EQ(result_json().at("chips")[1].at("state"), "deadlock");
}

TEST_F(SystemTree, MistakesAreTold) {
  EXPECT_THAT(
      refusal("images:\n" + image("0-7", "PAUSE: 1")),
      HasSubstr("p.yaml:3:13: key 'images[0].tiles': expected the name of a chip before '0-7', such as "
                "ipu0:0-7: the system has ipu0, ipu1"));
  EXPECT_THAT(
      refusal("images:\n" + image("all", "PAUSE: 1") + "exchange:\n" + phase("all")),
      HasSubstr("p.yaml:5:5: key 'exchange[0]': phase 'share' has tiles of ipu0 and of ipu1: exchange "
                "across chips is not modelled yet"));
  EXPECT_THAT(refusal("images:\n" + image("all", "PAUSE: 1") + "exchange:\n" + phase("ipu1:all") +
                      phase("ipu0:0-3") + phase("ipu1:0-1")),
              HasSubstr("p.yaml:7:12: key 'exchange[2].name': there is a phase 'share' already"));
  EXPECT_THAT(refusal("images:\n" + image("ipu0:all", "PAUSE: 1") + "exchange:\n" + phase("ipu1:0-1")),
              HasSubstr("tile ipu1:0 has a part in it, but no entry of `images` names that tile"));
  write_pair();
  EXPECT_THAT(run_pair("--tile 0-3=rtl").errors, HasSubstr("--tile 0-3=rtl: expected the name of a chip"));
  const auto debug = ipusim("debug '" IPUSIM_SOURCE_DIR "/configs/pair-8.yaml' p.yaml </dev/null");
  EXPECT_EQ(debug.exit_code, 2);
  EXPECT_THAT(debug.errors, HasSubstr("pair-8.yaml: the debugger takes a system of one chip, this has 2"));
}

TEST_F(SystemTree, JobsAreANumberOfThreads) {
  write_pair();
  const auto none = run_pair("--jobs 0");
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.errors, HasSubstr("--jobs 0: expected a number of threads from 1 to 256"));
  EXPECT_EQ(run_pair("--jobs 257").exit_code, 2);
  EXPECT_EQ(run_pair("--jobs many").exit_code, 2);
  const auto debug = ipusim("debug '" IPUSIM_SOURCE_DIR "/configs/mk2-16.yaml' p.yaml --jobs 0 </dev/null");
  EXPECT_THAT(debug.errors, HasSubstr("--jobs 0"));
}

}  // namespace
}  // namespace ipusim::cli_test
