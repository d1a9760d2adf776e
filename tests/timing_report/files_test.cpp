// SPDX-License-Identifier: Apache-2.0
// timing.json, timing.txt and report.html of a program whose critical tile and words are known.
#include <gmock/gmock.h>

#include <numeric>

#include "rounds.hpp"

namespace {

using namespace ipusim::timing_test;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::uint64_t number(const json& value) { return value.get<std::uint64_t>(); }
std::uint64_t total(const json& list) {
  return std::accumulate(list.begin(), list.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const json& value) { return sum + number(value); });
}

class TimingFiles : public Rounds {
 protected:
  // What holds of every run: parts are all of the whole, and the same as in result.json.
  void expect_sums(const json& chip, const json& cycles, const json& result_tiles) const {
    for (const char* part : {"compute", "sync", "exchange"}) {
      std::uint64_t path = 0;
      std::vector<std::uint64_t> tile(result_tiles.size());
      for (const json& step : chip.at("steps")) {
        path += number(step.at("path").at(part));
        for (std::size_t i = 0; i < tile.size(); ++i) tile[i] += number(step.at("tiles").at(part).at(i));
        EXPECT_EQ(total(step.at("tiles").at(part)), number(step.at("sum").at(part)));
      }
      EXPECT_EQ(path, number(cycles.at(part))) << part;
      EXPECT_EQ(path, number(chip.at("cycles").at(part))) << part;
      for (std::size_t i = 0; i < tile.size(); ++i) {
        EXPECT_EQ(tile[i], number(chip.at("tiles").at(part).at(i))) << part << ", tile " << i;
        EXPECT_EQ(tile[i], number(result_tiles.at(i).at("cycles").at(part))) << part << ", tile " << i;
      }
    }
    EXPECT_EQ(number(chip.at("end")) - number(chip.at("begin")), number(cycles.at("total")));
    const json& mix = chip.at("instructions");
    std::uint64_t counted = 0, by_context = 0;
    for (const json& row : mix.at("mnemonics")) {
      counted += number(row.at("count"));
      EXPECT_EQ(total(row.at("contexts")), number(row.at("count")));
    }
    EXPECT_EQ(counted, number(mix.at("instructions")));
    EXPECT_EQ(number(mix.at("main")) + number(mix.at("aux")), counted);
    EXPECT_EQ(number(mix.at("bundles")) + number(mix.at("pairs")), counted);
    for (const json& context : mix.at("contexts")) by_context += number(context);
    EXPECT_EQ(by_context, number(mix.at("bundles")));
    EXPECT_EQ(total(chip.at("tiles").at("bundles")), number(mix.at("bundles")));
  }
  void expect_sums() const {
    const json result = result_json();
    expect_sums(chip(), result.at("cycles"), result.at("tiles"));
  }
  std::vector<json> steps_named(const std::string& name) const {
    std::vector<json> found;
    const json all = chip();
    for (const json& step : all.at("steps"))
      if (step.at("name") == name) found.push_back(step);
    return found;
  }
};

TEST_F(TimingFiles, StepsAreNamedAndTheirCriticalTilesKnown) {
  ASSERT_EQ(run("--timing").exit_code, 0);
  expect_sums();
  const auto steps = steps_named("exchange_go");
  ASSERT_EQ(steps.size(), rounds);
  for (const json& step : steps) {
    EXPECT_EQ(step.at("kind"), "superstep");
    EXPECT_EQ(step.at("zone"), 3);
    EXPECT_THAT(step.at("caller").get<std::string>(), HasSubstr("main+0x"));
    EXPECT_EQ(step.at("vertices"), json({"spin"}));
    EXPECT_EQ(step.at("critical_tile"), critical_tile);
    EXPECT_EQ(step.at("compute").at("max_tile"), critical_tile);
    EXPECT_EQ(step.at("arrived"), tiles);
    // Each of 16 tiles sends 8 words, which the 15 others receive.
    EXPECT_EQ(step.at("exchange").at("words_sent"), tiles * words);
    EXPECT_EQ(step.at("exchange").at("words_received"), tiles * (tiles - 1) * words);
    EXPECT_EQ(step.at("exchange").at("takers"), tiles);
    const double rate = tiles * (tiles - 1) * words / step.at("exchange").at("cycles").get<double>();
    EXPECT_NEAR(step.at("exchange").at("of_takers").get<double>(), rate / tiles, 1e-5);
    // 20 turns of 6 cycles more for every tile: a worker's instruction issues every 6 cycles.
    const json& compute = step.at("tiles").at("compute");
    for (unsigned tile = 2; tile < tiles; ++tile)
      EXPECT_EQ(number(compute.at(tile)) - number(compute.at(tile - 1)), 20 * 6U) << tile;
  }
  EXPECT_EQ(chip().at("critical_tiles").at(0).at("tile"), critical_tile);
  EXPECT_EQ(chip().at("phases").at(1).at("steps"), rounds);
  // Of `spin`: brnzdec runs once more than it branches, on six workers.
  const json all = chip();
  for (const json& row : all.at("instructions").at("mnemonics")) {
    if (row.at("mnemonic") != "brnzdec") continue;
    EXPECT_EQ(row.at("contexts").at(1), rounds * (20 * (15 * 16 / 2) + tiles));
  }
  EXPECT_THAT(text("timing.txt"), AllOf(HasSubstr("exchange_go <- main+0x"), HasSubstr("after spin"),
                                        HasSubstr("critical path"), HasSubstr("brnzdec")));
}

TEST_F(TimingFiles, ChangeNothingElse) {
  ASSERT_EQ(run().exit_code, 0);
  const json plain = stable_result();
  EXPECT_FALSE(has("timing.json") || has("timing.txt") || has("report.html") || has("trace.json"));
  ASSERT_EQ(run("--trace").exit_code, 0);
  EXPECT_EQ(stable_result(), plain);
  EXPECT_TRUE(has("timing.json") && has("timing.txt") && has("report.html") && has("trace.json"));
  ASSERT_EQ(run("--timing").exit_code, 0);
  EXPECT_FALSE(has("trace.json"));
  ASSERT_EQ(run().exit_code, 0);
  EXPECT_FALSE(has("timing.json") || has("report.html"));
}

TEST_F(TimingFiles, OneAnswerForKindsAndJobs) {
  ASSERT_EQ(run("--trace --tile all=fast --jobs 1").exit_code, 0);
  const std::vector<std::string> files{"timing.json", "timing.txt", "report.html", "trace.json"};
  std::vector<std::string> fast;
  for (const std::string& file : files) fast.push_back(text(file));
  for (const char* options : {"--jobs 2", "--tile 0-3=rtl --tile 15=lockstep --jobs 2", "--tile all=rtl"}) {
    ASSERT_EQ(run(std::string{"--trace --tile all=fast "} + options).exit_code, 0);
    for (std::size_t i = 0; i < files.size(); ++i)
      EXPECT_TRUE(text(files[i]) == fast[i]) << files[i] << " differs with " << options;
  }
}

TEST_F(TimingFiles, AResumedRunTellsWhatFollowed) {
  ASSERT_EQ(run("--timing --checkpoint-every 1 --checkpoints c").exit_code, 0);
  const json whole = chip();
  ASSERT_EQ(run("--timing --resume c/superstep-000002.state").exit_code, 0);
  const json resumed = chip();
  // The second superstep of the chip is the third step: the first was the host's.
  EXPECT_EQ(resumed.at("begin"), whole.at("steps").at(3).at("release"));
  EXPECT_EQ(resumed.at("end"), whole.at("end"));
  ASSERT_EQ(resumed.at("steps").size(), whole.at("steps").size() - 3);
  for (std::size_t i = 1; i < resumed.at("steps").size(); ++i)
    EXPECT_EQ(resumed.at("steps").at(i), whole.at("steps").at(i + 3)) << i;
  // Of the step it was resumed in, the exchange.
  EXPECT_EQ(resumed.at("steps").at(0).at("exchange"), whole.at("steps").at(3).at("exchange"));
  EXPECT_EQ(resumed.at("steps").at(0).at("sum").at("compute"), 0);
  EXPECT_EQ(number(resumed.at("cycles").at("total")),
            number(resumed.at("end")) - number(resumed.at("begin")));
  EXPECT_THAT(text("timing.txt"), HasSubstr("resumed: what was before cycle"));
}

TEST_F(TimingFiles, ARunThatStopsTellsHowFarItCame) {
  EXPECT_EQ(run("--timing -D TRAP=4").exit_code, 3);
  EXPECT_EQ(timing().at("state"), "stopped");
  expect_sums();
  EXPECT_EQ(steps_named("exchange_go").size(), 1U);
  EXPECT_EQ(run("--timing --timeout 1500").exit_code, 3);
  EXPECT_EQ(timing().at("state"), "timeout");
  expect_sums();
  EXPECT_EQ(run("--timing --host-syncs 0").exit_code, 0);
  expect_sums();
}

TEST_F(TimingFiles, TilesWithoutAnImageStandApart) {
  folder_.write("a.S", source("    sync 3\n    sync 3\n"));
  write_program("", "0-2");
  ASSERT_EQ(run("--timing").exit_code, 0);
  expect_sums();
  EXPECT_EQ(chip().at("compute").at("tiles"), 3);
  EXPECT_EQ(chip().at("steps").at(2).at("arrived"), 3);
  EXPECT_EQ(chip().at("tiles").at("syncs").at(5), 0);
}

TEST_F(TimingFiles, EveryChipHasItsOwn) {
  folder_.write("a.S",
                source("    setzi $m1, __chip_index\n    mul $m1, $m1, 100\nspin:\n    brnzdec $m1, spin\n"
                       "    sync 3\n"));
  write_program("");
  ASSERT_EQ(ipusim("run '" IPUSIM_SOURCE_DIR "/configs/pair-8.yaml' p.yaml --trace").exit_code, 0);
  const json result = result_json();
  const json all = timing();
  ASSERT_EQ(all.at("chips").size(), 2U);
  for (std::size_t c = 0; c < 2; ++c) {
    json own = json::array();
    for (std::size_t i = 0; i < 8; ++i) own.push_back(result.at("tiles").at(8 * c + i));
    expect_sums(all.at("chips").at(c), result.at("chips").at(c).at("cycles"), own);
  }
  // A hundred turns of 6 cycles, the taken branches of a supervisor.
  const auto compute = [&](std::size_t c) {
    return number(all.at("chips").at(c).at("tiles").at("compute").at(0));
  };
  EXPECT_GE(compute(1) - compute(0), 600U);
  EXPECT_THAT(text("timing.txt"), AllOf(HasSubstr("ipu0"), HasSubstr("ipu1")));
}

TEST_F(TimingFiles, ThePageNeedsNothingElse) {
  folder_.write("q.yaml", [&] {
    std::string program = ipusim::cli_test::read_file(folder_.path() / "p.yaml");
    return program.replace(0, 10, "program: '<script><b>&'");
  }());
  ASSERT_EQ(ipusim("run '" IPUSIM_SOURCE_DIR "/configs/mk2-16.yaml' q.yaml --timing --out out/p").exit_code,
            0);
  const std::string page = text("report.html");
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, Not(HasSubstr("href=")));
  EXPECT_THAT(page, Not(HasSubstr("@import")));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  // The data are one script, and the same as in timing.json.
  const std::string open = "<script type=\"application/json\" id=\"data\">";
  const auto begin = page.find(open) + open.size();
  const json data = json::parse(page.substr(begin, page.find("</script>", begin) - begin));
  EXPECT_EQ(data.at("program"), "<script><b>&");
  EXPECT_EQ(data.at("chips").at(0).at("steps"), chip().at("steps"));
  EXPECT_THAT(page, HasSubstr("<title>Timing of &lt;script>&lt;b>&amp;</title>"));
}

TEST_F(TimingFiles, OptionsThatCannotBe) {
  const auto refuses = [&](const std::string& options, const std::string& complaint) {
    const auto result = run(options);
    EXPECT_EQ(result.exit_code, 2) << options;
    EXPECT_THAT(result.all_errors, HasSubstr(complaint)) << options;
  };
  refuses("--trace-tiles 0", "--trace");
  refuses("--trace --trace-tiles 99", "--trace-tiles 99: ");
  for (const char* window : {"7", ":", "a:9", "9:9", "10:9", "-1:4"})
    refuses(std::string{"--trace --trace-window="} + window,
            std::string{"--trace-window "} + window + ": expected");
}

}  // namespace
