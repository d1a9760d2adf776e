// SPDX-License-Identifier: Apache-2.0
// Expectations and reports, on outcomes made by hand.
#include "ipusim/app/report/report.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "ipusim/app/check/expectation.hpp"
#include "ipusim/app/check/verdict.hpp"
#include "ipusim/app/report/json.hpp"
#include "ipusim/app/report/junit.hpp"
#include "ipusim/app/report/output_files.hpp"
#include "ipusim/app/report/summary.hpp"
#include "ipusim/program/program_file.hpp"
#include "support.hpp"

namespace ipusim::app {
namespace {

using cli_test::error_of;
using cli_test::TempFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Report : public ::testing::Test {
 protected:
  Report() {
    folder_.write("a.S", "");
    outcome_.completed = true;
    outcome_.state = "completed";
    outcome_.start = Cycle{1000};
    outcome_.cycles = {.compute = 70, .sync = 20, .exchange = 10};
    outcome_.supersteps = 3;
    outcome_.tile_cycles.assign(16, {.compute = 50, .sync = 50, .exchange = 0});
    outcome_.tile_kinds.assign(16, "fast");
    outcome_.tile_kinds[3] = "rtl";
    outcome_.memory_sha256 = "00ff";
  }
  // A program with two outputs: `a` (two u8 of tiles 0 and 1) and `f` (one f32 of tile 1).
  program::Program program(const std::string& expectations) const {
    return program::parse_program(
        "program: p\nimages: [{tiles: 0-1, sources: [a.S]}]\nread:\n"
        "  - {name: a, symbol: a, tiles: 0-1, type: u8, count: 2}\n"
        "  - {name: f, symbol: f, tiles: 1, type: f32, count: 1}\nexpectations:\n" +
            expectations,
        (folder_.path() / "p.yaml").string(), cli_test::mk2_16());
  }
  void give(const std::vector<std::uint32_t>& a, std::uint32_t f) {
    Output bytes{"a", numbers::ElementType::u8, {TileIndex{0}, TileIndex{1}}, 2, {}};
    for (const std::uint32_t value : a) bytes.elements.push_back({value});
    outcome_.outputs = {bytes, {"f", numbers::ElementType::f32, {TileIndex{1}}, 1, {{f}}}};
  }
  ExpectationResult check(const std::string& expectation) const {
    const auto expectations =
        prepare_expectations(program("  - {name: e, " + expectation + "}\n"), config::TileNames(16));
    return expectations.at(0).check(outcome_);
  }
  TempFolder folder_;
  RunOutcome outcome_;
};

TEST_F(Report, EqualNumbers) {
  give({1, 2, 3, 255}, 0x3F800000);
  const auto result = check("output: a, equals: [1, 2, 3, 255]");
  EXPECT_TRUE(result.pass);
  EXPECT_EQ(result.got, "all equal");
  EXPECT_TRUE(check("output: f, equals: [1.0]").pass);
}

TEST_F(Report, DifferentNumbersNameTileAndElement) {
  give({1, 2, 3, 4}, 0);
  const auto result = check("output: a, equals: [1, 2, 5, 6]");
  EXPECT_FALSE(result.pass);
  EXPECT_EQ(result.got, "2 of 4 differ; the first is element 0 of tile 1: expected 5, got 3");
}

TEST_F(Report, FloatsAreComparedBitByBit) {
  give({1, 2, 3, 4}, 0x80000000);
  EXPECT_FALSE(check("output: f, equals: [0]").pass);
  EXPECT_TRUE(check("output: f, equals: [-0.0]").pass);
  give({1, 2, 3, 4}, 0x3F800001);
  EXPECT_FALSE(check("output: f, equals: [1.0]").pass);
}

TEST_F(Report, OneNumberForAllElements) {
  give({7, 7, 7, 7}, 0x3F000000);
  EXPECT_TRUE(check("output: a, equals: 7").pass);
  EXPECT_TRUE(check("output: a, equals: 0x07").pass);
  EXPECT_TRUE(check("output: f, equals: 0.5").pass);
  EXPECT_EQ(check("output: a, equals: 7").expected, "a equal to 7");
  EXPECT_TRUE(check("output: a, matches: 7, at_least: 1").pass);
  give({7, 7, 7, 8}, 0);
  const auto result = check("output: a, equals: 7");
  EXPECT_FALSE(result.pass);
  EXPECT_EQ(result.got, "1 of 4 differ; the first is element 1 of tile 1: expected 7, got 8");
  EXPECT_EQ(error_of([&] { check("output: a, equals: 256"); }).substr(folder_.path().string().size() + 1),
            "p.yaml:7:34: key 'expectations[0].equals': '256' is out of range for u8 (0 to 255)");
  folder_.write("7", "7 7 7 8\n");
  EXPECT_TRUE(check("output: a, equals: './7'").pass);
}

// |got - expected| <= absolute + relative * |expected|, the rule of numpy.isclose().
TEST_F(Report, AbsoluteAndRelativeTolerance) {
  give({99, 101, 50, 0}, 0x3F800001);  // 1 + 2^-23
  EXPECT_TRUE(check("output: a, equals: [100, 100, 50, 1], absolute: 1").pass);
  EXPECT_FALSE(check("output: a, equals: [100, 100, 50, 1], absolute: 0.9").pass);
  EXPECT_TRUE(check("output: a, equals: [100, 100, 50, 0], relative: 0.01").pass);
  EXPECT_FALSE(check("output: a, equals: [100, 100, 50, 1], relative: 0.01").pass);
  EXPECT_TRUE(check("output: a, equals: [100, 100, 50, 1], relative: 0.01, absolute: 1").pass);
  EXPECT_FALSE(check("output: a, equals: [97, 101, 50, 0], relative: 0.01, absolute: 1").pass);
  EXPECT_TRUE(check("output: f, equals: 1, relative: 1.2e-7").pass);
  EXPECT_FALSE(check("output: f, equals: 1, relative: 1.1e-7").pass);
  const auto result = check("output: a, equals: [100, 100, 50, 5], absolute: 1");
  EXPECT_EQ(result.expected.substr(result.expected.size() - 10), ", within 1");
  EXPECT_EQ(result.got,
            "1 of 4 differ; the first is element 1 of tile 1: expected 5, got 0; at most 5 off (element 1 of "
            "tile 1: "
            "expected 5, got 0)");
  EXPECT_EQ(check("output: a, equals: [100, 101, 50, 0], absolute: 1").got,
            "all near enough; at most 1 off (element 0 of tile 0: expected 100, got 99)");
}

TEST_F(Report, ToleranceInUnitsOfTheLastPlace) {
  give({1, 2, 3, 4}, 0x3F800002);
  EXPECT_TRUE(check("output: f, equals: 1, ulp: 2").pass);
  EXPECT_FALSE(check("output: f, equals: 1, ulp: 1").pass);
  EXPECT_EQ(check("output: f, equals: 1, ulp: 1").got,
            "1 of 1 differ; the first is element 0 of tile 1: expected 1, got 1.0000002; at most 2 ulp off "
            "(element 0 "
            "of tile 1: expected 1, got 1.0000002)");
  give({1, 2, 3, 4}, 0x80000001);  // across zero: the smallest denormals
  EXPECT_TRUE(check("output: f, equals: 1e-45, ulp: 2").pass);
  EXPECT_FALSE(check("output: f, equals: 1e-45, ulp: 1").pass);
}

TEST_F(Report, SpecialNumbersUnderATolerance) {
  give({1, 2, 3, 4}, 0xFFC12345);
  EXPECT_FALSE(check("output: f, equals: nan").pass);  // bit by bit
  EXPECT_TRUE(check("output: f, equals: nan, absolute: 0").pass);
  EXPECT_FALSE(check("output: f, equals: 1, absolute: 1e38").pass);
  give({1, 2, 3, 4}, 0x7F800000);
  EXPECT_TRUE(check("output: f, equals: inf, ulp: 0").pass);
  EXPECT_FALSE(check("output: f, equals: -inf, relative: 1").pass);
  EXPECT_FALSE(check("output: f, equals: 3.4028235e38, ulp: 1").pass);
  EXPECT_FALSE(check("output: f, equals: nan, absolute: 1").pass);
  give({1, 2, 3, 4}, 0x80000000);
  EXPECT_TRUE(check("output: f, equals: 0, ulp: 0").pass);
  EXPECT_TRUE(check("output: f, equals: 0, absolute: 0").pass);
}

TEST_F(Report, ShareOfEqualNumbers) {
  give({1, 2, 3, 4}, 0);
  EXPECT_TRUE(check("output: a, matches: [1, 2, 3, 9], at_least: 0.75").pass);
  const auto result = check("output: a, matches: [1, 2, 9, 9], at_least: 0.75");
  EXPECT_FALSE(result.pass);
  EXPECT_EQ(result.got, "0.500000 (2 of 4)");
}

TEST_F(Report, Cycles) {
  EXPECT_TRUE(check("cycles: total, at_most: 100, at_least: 100").pass);
  EXPECT_FALSE(check("cycles: total, at_most: 99").pass);
  EXPECT_FALSE(check("cycles: compute, at_least: 71").pass);
  EXPECT_TRUE(check("cycles: sync, at_least: 20").pass);
  EXPECT_EQ(check("cycles: exchange, at_most: 9").got, "10");
}

TEST_F(Report, AStoppedRunFulfilsNothing) {
  outcome_.completed = false;
  outcome_.state = "stopped";
  EXPECT_FALSE(check("cycles: total, at_most: 1000").pass);
}

TEST_F(Report, ExpectedNumbersMustBeAsManyAsTheOutputHas) {
  EXPECT_THAT(error_of([&] { check("output: a, equals: [1, 2]"); }),
              HasSubstr("p.yaml:7:34: key 'expectations[0].equals': output 'a' has 4 numbers (2 of each of 2 "
                        "tiles), "));
  folder_.write("e.csv", "1 2\n3\n");
  EXPECT_THAT(error_of([&] { check("output: a, equals: e.csv"); }), HasSubstr("e.csv has 3"));
  folder_.write("e.csv", "1 2\n3 256\n");
  EXPECT_THAT(error_of([&] { check("output: a, equals: e.csv"); }),
              HasSubstr("e.csv:2: '256' is out of range for u8 (0 to 255)"));
  folder_.write("e.csv", "# nothing\n");
  EXPECT_THAT(error_of([&] { check("output: a, equals: e.csv"); }), HasSubstr("e.csv: holds no numbers"));
}

TEST_F(Report, Judgement) {
  EXPECT_EQ(judge(outcome_, {}), ExitCode::pass);
  EXPECT_EQ(judge(outcome_, {{"a", "", "", true}, {"b", "", "", false}}), ExitCode::expectation_failed);
  outcome_.completed = false;
  EXPECT_EQ(judge(outcome_, {{"b", "", "", false}}), ExitCode::machine_stopped);
  outcome_.failure = "out of memory";
  EXPECT_EQ(judge(outcome_, {}), ExitCode::simulator_failed);
}

TEST_F(Report, AFailureOfTheSimulatorIsToldEverywhere) {
  outcome_ = {};
  outcome_.state = "failed";
  outcome_.failure = "out of memory";
  const program::Program p = program("  []\n");
  const RunReport report{p, cli_test::mk2_16(), outcome_, {}, ExitCode::simulator_failed, 0};
  const auto json = to_json(report);
  EXPECT_EQ(json.at("state"), "failed");
  EXPECT_EQ(json.at("message"), "out of memory");
  EXPECT_EQ(json.at("exit_code"), 4);
  EXPECT_EQ(json.at("pass"), false);
  EXPECT_EQ(summary(report), "p on mk2-16: 16 tiles\nfailed\nFAIL (exit code 4)\n");
  EXPECT_THAT(complaints(report), ElementsAre("the simulator failed: out of memory"));
  const std::string xml = JunitFile().text(report);
  EXPECT_THAT(xml, HasSubstr("<testsuites tests=\"1\" failures=\"0\" errors=\"1\">"));
  EXPECT_THAT(xml, HasSubstr("<error message=\"failed\">the simulator failed: out of memory\n</error>"));
}

TEST_F(Report, OutputsOfAStoppedRunAreMarked) {
  give({1, 2, 3, 4}, 0);
  for (Output& output : outcome_.outputs) output.of_stopped_run = true;
  outcome_.completed = false;
  outcome_.state = "deadlock";
  const program::Program p = program("  []\n");
  const RunReport report{p, cli_test::mk2_16(), outcome_, {}, ExitCode::machine_stopped, 0};
  EXPECT_EQ(to_json(report).at("outputs")[0].at("of_stopped_run"), true);
  EXPECT_EQ(to_json(report).at("outputs")[0].at("values").dump(), "[1,2,3,4]");
  EXPECT_THAT(summary(report), HasSubstr("\n2 outputs of the stopped run are in result.json\n"));
}

TEST_F(Report, AnInstructionIsShownWithAllThatIsKnownOfIt) {
  CodePlace place{.pc = ByteAddr{0x4C010}, .symbol = {}, .mnemonic = {}, .source = {}, .text = {}};
  EXPECT_EQ(to_string(place), "pc 0x4c010");
  place.symbol = "loop+0x8";
  place.mnemonic = "trap 0";
  EXPECT_EQ(to_string(place), "pc 0x4c010 <loop+0x8> `trap 0`");
  place.source = "a.S:12";
  EXPECT_EQ(to_string(place), "pc 0x4c010 <loop+0x8> `trap 0`, a.S:12");
  place.text = "trap STOP";
  EXPECT_EQ(to_string(place), "pc 0x4c010 <loop+0x8> `trap 0`, a.S:12: `trap STOP`");
}

TEST_F(Report, JsonHasTheKeysOfTheDocument) {
  give({1, 2, 3, 4}, 0x7FC00000);
  Fault fault;
  fault.tile = TileIndex{1};
  fault.place = TileId{53};
  fault.kind = "invalid_address";
  fault.cause = "misaligned_address";
  fault.context = "worker 2";
  fault.cycle = Cycle{1234};
  fault.code = CodePlace{.pc = ByteAddr{0x4C010},
                         .symbol = "loop+0x8",
                         .mnemonic = "ld32 $m0, $m1, $m15, 0",
                         .source = "a.S:12",
                         .text = "ld32 $m0, $m1, $mzero, 0  // next"};
  outcome_.exceptions = {fault};
  outcome_.problems = {"something"};
  const program::Program p = program("  - {name: e, cycles: total, at_most: 99}\n");
  const std::vector<ExpectationResult> results{{"e", "total cycles at most 99", "100", false}};
  const auto json = to_json({p,
                             cli_test::mk2_16(),
                             outcome_,
                             results,
                             ExitCode::expectation_failed,
                             1.5,
                             {{"plan", 0.25}, {"build", 0.5}}});
  EXPECT_EQ(json.at("program"), "p");
  EXPECT_EQ(json.at("system"), "mk2-16");
  EXPECT_EQ(json.at("pass"), false);
  EXPECT_EQ(json.at("exit_code"), 1);
  EXPECT_EQ(json.at("cycles").dump(), R"({"total":100,"compute":70,"sync":20,"exchange":10})");
  EXPECT_EQ(json.at("supersteps"), 3);
  EXPECT_EQ(json.at("tiles").size(), 16U);
  EXPECT_EQ(
      json.at("tiles")[1].dump(),
      R"({"id":1,"place":53,"kind":"fast","cycles":{"total":100,"compute":50,"sync":50,"exchange":0}})");
  EXPECT_EQ(json.at("tiles")[3].at("kind"), "rtl");
  EXPECT_EQ(json.at("memory_sha256"), "00ff");
  EXPECT_EQ(json.at("expectations")[0].dump(),
            R"({"name":"e","expected":"total cycles at most 99","got":"100","pass":false})");
  EXPECT_EQ(json.at("outputs")[0].at("values").dump(), "[1,2,3,4]");
  EXPECT_EQ(json.at("outputs")[1].at("values").dump(), R"(["nan"])");
  const auto& exception = json.at("exceptions")[0];
  EXPECT_EQ(exception.at("tile"), 1);
  EXPECT_EQ(exception.at("context"), "worker 2");
  EXPECT_EQ(exception.at("cycle"), 1234);
  EXPECT_EQ(exception.at("pc"), "0x4c010");
  EXPECT_EQ(exception.at("mnemonic"), "ld32 $m0, $m1, $m15, 0");
  EXPECT_EQ(exception.at("source"), "a.S:12");
  EXPECT_EQ(exception.at("pc_symbol"), "loop+0x8");
  EXPECT_EQ(exception.at("source_text"), "ld32 $m0, $m1, $mzero, 0  // next");
  EXPECT_TRUE(exception.at("symbol").is_null());
  EXPECT_TRUE(json.at("message").is_null());
  EXPECT_EQ(json.at("outputs")[0].at("of_stopped_run"), false);
  EXPECT_THAT(json.at("hazards"), IsEmpty());
  EXPECT_EQ(json.at("problems")[0], "something");
  EXPECT_EQ(json.at("wall_seconds"), 1.5);
  EXPECT_EQ(json.at("step_seconds").dump(), R"({"plan":0.25,"build":0.5})");
}

TEST_F(Report, LongOutputsAreInTheirFileAlone) {
  Output numbers{"long", numbers::ElementType::i16, {TileIndex{0}, TileIndex{1}}, 128, {}};
  for (std::uint32_t i = 0; i < 256; ++i) numbers.elements.push_back({0U - i});
  Output quarters{
      "q", numbers::ElementType(numbers::ElementType::f143, -1), {TileIndex{1}}, 3, {{0x40}, {0xC0}, {0x80}}};
  Output raw = quarters;
  raw.name = "raw";
  raw.encoding = numbers::Encoding::raw;
  outcome_.outputs = {numbers, quarters, raw};
  outcome_.outputs[0].elements.push_back({1});  // one too many
  const program::Program p = program("  []\n");
  const auto system = cli_test::mk2_16();
  const std::vector<ExpectationResult> none;
  auto json = to_json({p, system, outcome_, none, ExitCode::pass, 0});
  EXPECT_FALSE(json.at("outputs")[0].contains("values"));
  EXPECT_EQ(json.at("outputs")[0].at("shape").dump(), "[2,128]");
  EXPECT_EQ(json.at("outputs")[0].at("file"), "outputs/long.npy");
  EXPECT_EQ(json.at("outputs")[1].at("type"), "f8");
  EXPECT_EQ(json.at("outputs")[1].at("format"), "f143");
  EXPECT_EQ(json.at("outputs")[1].at("scale"), -1);
  EXPECT_EQ(json.at("outputs")[1].at("values").dump(), R"([0.5,-0.5,"nan"])");
  // printf '\x40\xc0\x80' | sha256sum
  EXPECT_EQ(json.at("outputs")[1].at("sha256"),
            "cda122b9a4d6e1b5a3bec14f0123e30e62c70059c12a6321e47cb508ede99a9a");
  EXPECT_EQ(json.at("outputs")[2].at("file"), "outputs/raw.bin");

  outcome_.outputs[0] = numbers;
  EXPECT_EQ(to_json({p, system, outcome_, none, ExitCode::pass, 0}).at("outputs")[0].at("values").size(),
            256U);
  write_report({p, system, outcome_, none, ExitCode::pass, 0}, ResultFolder(folder_.path()));
  EXPECT_EQ(cli_test::read_file(folder_.path() / "outputs/raw.bin"), "\x40\xC0\x80");
  folder_.write(
      "check.py",
      "import numpy as np\n"
      "a = np.load('outputs/long.npy')\n"
      "assert a.dtype == np.int16 and a.shape == (2, 128) and (a.ravel() == -np.arange(256)).all()\n"
      "q = np.load('outputs/q.npy')\n"
      "assert q.dtype == np.float32 and q.shape == (1, 3) and q[0, 0] == 0.5 and np.isnan(q[0, 2])\n");
  EXPECT_EQ(std::system(("cd '" + folder_.path().string() + "' && /usr/bin/python3 check.py").c_str()), 0);

  folder_.write("outputs/mine.txt", "");
  const ResultFolder next(folder_.path());
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "outputs/long.npy"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "outputs/raw.bin"));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "outputs/mine.txt"));
}

TEST_F(Report, JunitEscapesAndCounts) {
  const program::Program p = program("  - {name: '<fast> & \"good\"', cycles: total, at_most: 99}\n");
  const std::vector<ExpectationResult> results{{"<fast> & \"good\"", "x < 1", "2", false}};
  const std::string xml =
      JunitFile().text({p, cli_test::mk2_16(), outcome_, results, ExitCode::expectation_failed, 1.5});
  EXPECT_EQ(xml,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites tests=\"2\" failures=\"1\" errors=\"0\">\n"
            "    <testsuite name=\"p\" tests=\"2\" failures=\"1\" errors=\"0\">\n"
            "        <testcase classname=\"p\" name=\"run\"/>\n"
            "        <testcase classname=\"p\" name=\"&lt;fast&gt; &amp; &quot;good&quot;\">\n"
            "            <failure message=\"expected x &lt; 1; got 2\"/>\n"
            "        </testcase>\n"
            "    </testsuite>\n</testsuites>\n");
}

// A stop of the machine is a failure, with a line for each complaint; control characters have no place in
// XML.
TEST_F(Report, JunitTellsWhyARunStopped) {
  outcome_.completed = false;
  outcome_.state = "deadlock";
  outcome_.problems = {"tile 1 waits\x1b", "for <tile 2>"};
  const program::Program p = program("  []\n");
  const std::string xml =
      JunitFile().text({p, cli_test::mk2_16(), outcome_, {}, ExitCode::machine_stopped, 0});
  EXPECT_THAT(xml, HasSubstr("<testsuites tests=\"1\" failures=\"1\" errors=\"0\">"));
  EXPECT_THAT(xml, HasSubstr("<failure message=\"deadlock\">tile 1 waits?\nfor &lt;tile 2&gt;\n</failure>"));
}

TEST_F(Report, ComplaintsNameThePlace) {
  Fault fault;
  fault.tile = TileIndex{1};
  fault.place = TileId{53};
  fault.kind = "clash_with_access";
  fault.cycle = Cycle{99};
  fault.address = ByteAddr{0x80004};
  fault.symbol = "received+0x4";
  fault.word = 7;
  fault.is_error = false;
  outcome_.hazards = {fault};
  const program::Program p = program("  []\n");
  const RunReport report{p, cli_test::mk2_16(), outcome_, {}, ExitCode::pass, 0};
  EXPECT_THAT(complaints(report),
              ElementsAre("hazard (warning): tile 1 (place 53), cycle 99: clash_with_access, address 0x80004 "
                          "<received+0x4>, word 0x00000007"));
}

TEST_F(Report, HazardsOfOneInstructionShareALine) {
  Fault fault;
  fault.kind = "live_workers";
  fault.code = CodePlace{.pc = ByteAddr{0x4C000}, .symbol = {}, .mnemonic = {}, .source = {}, .text = {}};
  outcome_.hazards.assign(100, fault);
  outcome_.hazards[50].code->pc = ByteAddr{0x4C004};
  const program::Program p = program("  []\n");
  const RunReport report{p, cli_test::mk2_16(), outcome_, {}, ExitCode::pass, 0};
  EXPECT_THAT(
      complaints(report),
      ElementsAre("hazard: tile 0 (place 0), cycle 0: live_workers at pc 0x4c000; 98 more of it there",
                  "hazard: tile 0 (place 0), cycle 0: live_workers at pc 0x4c004"));
}

TEST_F(Report, OnlySoManyComplaintsOfAKind) {
  outcome_.problems.assign(25, "wrong");
  const program::Program p = program("  []\n");
  const RunReport report{p, cli_test::mk2_16(), outcome_, {}, ExitCode::pass, 0};
  const auto lines = complaints(report);
  ASSERT_EQ(lines.size(), 21U);
  EXPECT_EQ(lines.back(), "5 more problems: see result.json");
}

TEST_F(Report, FilesAreWritten) {
  const program::Program p = program("  []\n");
  const auto system = cli_test::mk2_16();
  const std::vector<ExpectationResult> none;
  const ResultFolder results(folder_.path() / "out/deep");
  write_report({p, system, outcome_, none, ExitCode::pass, 0}, results);
  EXPECT_TRUE(nlohmann::json::parse(cli_test::read_file(folder_.path() / "out/deep/result.json")).at("pass"));
  EXPECT_THAT(cli_test::read_file(folder_.path() / "out/deep/summary.txt"),
              HasSubstr("p on mk2-16: 16 tiles (15 fast, 1 rtl)\ncompleted after 100 cycles"));
  folder_.write("file", "");
  EXPECT_THAT(error_of([&] { write_file(folder_.path() / "file/x", "text"); }),
              HasSubstr("file/x: cannot write the file: "));
  remove_report(results);
  for (const char* name : {"result.json", "junit.xml", "summary.txt"})
    EXPECT_FALSE(cli_test::fs::exists(folder_.path() / "out/deep" / name)) << name;
}

TEST_F(Report, ThereIsOneListOfFiles) {
  std::vector<std::string> names;
  for (const ReportFile* file : report_files()) names.emplace_back(file->name());
  EXPECT_THAT(names, ElementsAre("timing.txt", "timing.json", "report.html", "trace.json", "summary.txt",
                                 "junit.xml", "result.json"));
}

}  // namespace
}  // namespace ipusim::app
