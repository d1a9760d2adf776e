// SPDX-License-Identifier: Apache-2.0
#include "ipusim/program/program_file.hpp"

#include <gmock/gmock.h>

#include "ipusim/program/overrides.hpp"
#include "support.hpp"

namespace ipusim::program {
namespace {

using cli_test::error_of;
using cli_test::TempFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

numbers::Encoding encoding_of(const LoadSpec& load) {
  return std::get<numbers::NumberFile>(load.numbers.from).encoding;
}

class ProgramFile : public ::testing::Test {
 protected:
  ProgramFile() {
    folder_.write("a.S", "");
    folder_.write("b.o", "");
    folder_.write("data/x.csv", "1\n");
    folder_.write("data/x.npy", "");
    folder_.write("data/x.bin", "");
    folder_.write("inc/x.h", "");
  }
  Program parse(const std::string& text) const {
    return parse_program(text, (folder_.path() / "p.yaml").string(), cli_test::mk2_16());
  }
  // The error without the folder's name in front.
  std::string error(const std::string& text) const {
    std::string message = error_of([&] { parse(text); });
    const std::string folder = folder_.path().string() + "/";
    for (auto at = message.find(folder); at != std::string::npos; at = message.find(folder)) {
      message.erase(at, folder.size());
    }
    return message;
  }
  // What stands before each case: three lines.
  static constexpr const char* head = "program: p\nimages:\n  - {tiles: 0-7, sources: [a.S]}\n";
  TempFolder folder_;
};

TEST_F(ProgramFile, EveryKeyOfTheDocument) {
  const Program program = parse(R"(
program: digits
description: one line
arch: ipu2
images:
  - tiles: 0-7
    sources: [a.S]
    include_dirs: [inc]
    defines: {HIDDEN: 32, EMPTY: ""}
    objects: [b.o]
    entry: begin
    mode: worker
    cpp_options: [-include, x.h]
  - {tiles: [8, 10-11], sources: [{file: a.S, mode: worker, preprocess: false}, {file: a.S}]}
exchange:
  - {name: go, pattern: all_gather, tiles: 0-3, words: 7, source: a, destination: b}
load:
  - {symbol: w, tiles: [8, 0-1], type: f32, file: data/x.csv, columns: 0-63, lines: [1, 3-4], distribute: split}
  - {symbol: v, offset: 8, tiles: 3, type: i8, values: [1, 2]}
run: {host_syncs: 3, timeout_cycles: 5000}
read:
  - {name: labels, symbol: labels, offset: 4, tiles: 0-7, type: u16, count: 20}
expectations:
  - {name: same, output: labels, equals: data/x.csv, columns: 64}
  - {name: accuracy, output: labels, matches: [1, 2], at_least: 0.9}
  - {name: fast enough, cycles: exchange, at_most: 500000, at_least: 1}
)");
  EXPECT_EQ(program.name, "digits");
  EXPECT_EQ(program.description, "one line");
  ASSERT_EQ(program.images.size(), 2U);
  const ImageSpec& image = program.images[0];
  EXPECT_EQ(image.tiles.size(), 8U);
  EXPECT_EQ(image.sources.at(0).path, folder_.path() / "a.S");
  EXPECT_EQ(image.objects.at(0).path, folder_.path() / "b.o");
  EXPECT_THAT(image.include_dirs, ElementsAre(folder_.path() / "inc"));
  EXPECT_THAT(image.defines, ElementsAre(Pair("HIDDEN", "32"), Pair("EMPTY", "")));
  EXPECT_EQ(image.entry, "begin");
  EXPECT_EQ(image.mode, isa::Mode::worker);
  EXPECT_THAT(image.cpp_options, ElementsAre("-include", "x.h"));
  EXPECT_FALSE(image.sources.at(0).mode.has_value());
  EXPECT_TRUE(image.sources.at(0).preprocess);
  const auto& own = program.images[1].sources;
  ASSERT_EQ(own.size(), 2U);
  EXPECT_EQ(own[0].path, folder_.path() / "a.S");
  EXPECT_EQ(own[0].mode, isa::Mode::worker);
  EXPECT_FALSE(own[0].preprocess);
  EXPECT_FALSE(own[1].mode.has_value());
  EXPECT_TRUE(own[1].preprocess);
  EXPECT_EQ(program.images[1].entry, "_start");
  EXPECT_EQ(program.images[1].mode, isa::Mode::supervisor);
  EXPECT_TRUE(program.has_image(TileIndex{10}));
  EXPECT_FALSE(program.has_image(TileIndex{9}));
  ASSERT_EQ(program.exchange.size(), 1U);
  EXPECT_EQ(program.exchange[0].name, "go");
  EXPECT_EQ(program.exchange[0].pattern.as<exchange_planner::AllGather>()->words, 7U);

  ASSERT_EQ(program.loads.size(), 2U);
  EXPECT_EQ(program.loads[0].type, numbers::ElementType::f32);
  EXPECT_EQ(std::get<numbers::NumberFile>(program.loads[0].numbers.from).path, folder_.path() / "data/x.csv");
  EXPECT_THAT(*program.loads[0].numbers.columns, ElementsAre(Pair(0, 63)));
  EXPECT_THAT(*program.loads[0].numbers.lines, ElementsAre(Pair(1, 1), Pair(3, 4)));
  EXPECT_EQ(program.loads[0].distribution, Distribution::split);
  EXPECT_EQ(program.loads[0].tiles.back(), TileIndex{8});
  EXPECT_EQ(program.loads[1].offset, 8U);
  EXPECT_EQ(program.loads[1].distribution, Distribution::same);

  EXPECT_EQ(program.run.host_syncs, 3U);
  EXPECT_EQ(program.run.timeout, Cycle{5000});
  ASSERT_EQ(program.reads.size(), 1U);
  EXPECT_EQ(program.reads[0].count, 20U);
  EXPECT_EQ(program.reads[0].offset, 4U);
  ASSERT_EQ(program.expectations.size(), 3U);
  EXPECT_EQ(std::get<MatchesSpec>(program.expectations[1].check).at_least, 0.9);
  const auto& cycles = std::get<CyclesSpec>(program.expectations[2].check);
  EXPECT_EQ(cycles.kind, CycleKind::exchange);
  EXPECT_EQ(cycles.at_most, 500000U);
  EXPECT_EQ(cycles.at_least, 1U);
}

TEST_F(ProgramFile, DefaultsOfTheDocument) {
  const Program program = parse(head);
  EXPECT_EQ(program.run.host_syncs, 2U);
  EXPECT_EQ(program.run.timeout, Cycle{100'000'000});
  EXPECT_TRUE(program.loads.empty());
  EXPECT_TRUE(program.expectations.empty());
}

struct Wrong {
  std::string text;  // after `head`, from line 4 on
  std::string message;
};

TEST_F(ProgramFile, MistakesAfterTheImages) {
  const std::vector<Wrong> cases{
      {"raed: []\n", "p.yaml:4:1: key 'raed': unknown; did you mean 'read'?"},
      {"expectation: []\n", "p.yaml:4:1: key 'expectation': unknown; did you mean 'expectations'?"},
      {"program: again\n", "p.yaml:4:1: key 'program': given twice in one map; remove one of the two"},
      {"load:\n  - {symbol: w, tiles: 0, type: f8, values: [1]}\n",
       "p.yaml:5:5: key 'load[0].format': missing; add it here"},
      {"load:\n  - {symbol: w, tiles: 0, type: f8, format: e4m3, values: [1]}\n",
       "p.yaml:5:45: key 'load[0].format': expected one of f143, f152, got 'e4m3'"},
      {"load:\n  - {symbol: w, tiles: 0, type: f8, format: f143, scale: 32, values: [1]}\n",
       "p.yaml:5:58: key 'load[0].scale': expected a whole number from -32 to 31, got '32'"},
      {"load:\n  - {symbol: w, tiles: 0, type: f16, scale: 1, values: [1]}\n",
       "p.yaml:5:45: key 'load[0].scale': `format` and `scale` go with type f8 alone"},
      {"load:\n  - {symbol: w, tiles: 0, type: f16, encoding: npy, values: [1]}\n",
       "p.yaml:5:48: key 'load[0].encoding': goes with a file"},
      {"load:\n  - {symbol: w, tiles: 0, type: f16, encoding: csv, file: data/x.csv}\n",
       "p.yaml:5:48: key 'load[0].encoding': expected one of text, npy, raw, got 'csv'"},
      {"read:\n  - {name: a, symbol: s, tiles: 0, type: u32, count: 159745}\n",
       "p.yaml:5:54: key 'read[0].count': 159745 elements of type u32 are more than the 638976 bytes of a "
       "tile's "
       "memory"},
      {"read:\n  - {name: a/b, symbol: s, tiles: 0, type: u8, count: 1}\n",
       "p.yaml:5:12: key 'read[0].name': expected a name without '/' and control characters that does not "
       "begin "
       "with '.', of at most 200 characters, got 'a/b'"},
      {"read:\n  - {name: a, symbol: s, tiles: 0, type: u8, count: 1, encoding: text}\n",
       "p.yaml:5:66: key 'read[0].encoding': expected one of npy, raw, got 'text'"},
      {"arch: ipu3\n", "p.yaml:4:7: key 'arch': expected one of ipu1, ipu2, ipu21, got 'ipu3'"},
      {"arch: ipu21\n", "p.yaml:4:7: key 'arch': the program is for ipu21, the system 'mk2-16' is an ipu2"},
      {"load: {}\n", "p.yaml:4:7: key 'load': expected a list, got a map"},
      {"load: [x]\n", "p.yaml:4:8: key 'load[0]': expected a map (key: value), got 'x'"},
      {"load:\n  - {symbol: w, tiles: 0, type: f23, values: [1]}\n",
       "p.yaml:5:33: key 'load[0].type': expected one of f32, f16, f8, i32, u32, i16, u16, i8, u8, got "
       "'f23'"},
      {"load:\n  - {symbol: w, tiles: 0, type: f32}\n",
       "p.yaml:5:5: key 'load[0]': expected either `file` or `values`"},
      {"load:\n  - {symbol: w, tiles: 0, type: f32, file: data/x.csv, values: [1]}\n",
       "p.yaml:5:5: key 'load[0]': expected either `file` or `values`"},
      {"load:\n  - {symbol: w, tiles: 0, type: f32, file: data/y.csv}\n",
       "p.yaml:5:44: key 'load[0].file': there is no 'data/y.csv' (paths are relative to this file)"},
      {"load:\n  - {symbol: w, tiles: 0, type: f32, values: 1}\n",
       "p.yaml:5:46: key 'load[0].values': expected a list of numbers"},
      {"load:\n  - {symbol: w, tiles: 8, type: f32, values: [1]}\n",
       "p.yaml:5:24: key 'load[0].tiles': tile 8 has no image, so it has no symbols: no entry of `images` "
       "names it"},
      {"load:\n  - {symbol: w, tiles: 0, type: f32, values: [1], distribute: even}\n",
       "p.yaml:5:63: key 'load[0].distribute': expected one of same, split, got 'even'"},
      {"load:\n  - {symbol: w, tiles: 0, type: f32, values: [1], distribut: same}\n",
       "p.yaml:5:51: key 'load[0].distribut': unknown; did you mean 'distribute'?"},
      {"load:\n  - {symbol: w, tiles: 0, type: f32, values: [1], columns: a}\n",
       "p.yaml:5:60: key 'load[0].columns': expected a number or a range such as 0-7, got 'a'"},
      {"load:\n  - {tiles: 0, type: f32, values: [1]}\n",
       "p.yaml:5:5: key 'load[0].symbol': missing; add it here"},
      {"run: {host_syncs: 65536}\n",
       "p.yaml:4:19: key 'run.host_syncs': expected a whole number from 0 to 65535, got '65536'"},
      {"run: {timeout: 5}\n",
       "p.yaml:4:7: key 'run.timeout': unknown; expected one of: host_syncs, timeout_cycles"},
      {"run: {timeout_cycles: 0}\n",
       "p.yaml:4:23: key 'run.timeout_cycles': expected a whole number from 1 to 1000000000000, got '0'"},
      {"read:\n  - {name: a, symbol: s, tiles: 0, type: u8, count: 0}\n",
       "p.yaml:5:53: key 'read[0].count': expected a whole number from 1 to 4294967295, got '0'"},
      {"read:\n  - {name: a, symbol: s, tiles: 9-8, type: u8, count: 1}\n",
       "p.yaml:5:33: key 'read[0].tiles': the range '9-8' runs backwards"},
      {"read:\n  - {name: a, symbol: s, tiles: all, type: u8, count: 1}\n",
       "p.yaml:5:33: key 'read[0].tiles': tile 8 has no image, so it has no symbols: no entry of `images` "
       "names it"},
      {"read:\n  - {name: a, symbol: s, tiles: 0, type: u8, count: 1}\n"
       "  - {name: a, symbol: t, tiles: 0, type: u8, count: 1}\n",
       "p.yaml:6:12: key 'read[1].name': 'a' is the name of an earlier entry already"},
      {"expectations:\n  - {name: e}\n",
       "p.yaml:5:5: key 'expectations[0]': expected either `output` or `cycles`"},
      {"expectations:\n  - {name: e, output: x, equals: [1]}\n",
       "p.yaml:5:23: key 'expectations[0].output': no entry of `read` has the name 'x'; there is: none"},
      {"expectations:\n  - {name: e, cycles: total}\n",
       "p.yaml:5:5: key 'expectations[0]': expected `at_least`, `at_most` or both"},
      {"expectations:\n  - {name: e, cycles: totals, at_most: 1}\n",
       "p.yaml:5:23: key 'expectations[0].cycles': expected one of total, compute, sync, exchange, got "
       "'totals'"},
      {"expectations:\n  - {name: e, cycles: total, at_most: 1, at_least: 2}\n",
       "p.yaml:5:5: key 'expectations[0]': `at_least` is more than `at_most`: nothing can hold that"},
      {"expectations:\n  - {name: e, cycles: total, at_most: 1.5}\n",
       "p.yaml:5:39: key 'expectations[0].at_most': expected a whole number of at least 0, got '1.5'"},
      {"expectations:\n  - {name: e, cycles: total, at_mots: 1, at_least: 1}\n",
       "p.yaml:5:30: key 'expectations[0].at_mots': unknown; did you mean 'at_most'?"},
  };
  for (const Wrong& wrong : cases) EXPECT_EQ(error(head + wrong.text), wrong.message) << wrong.text;
}

TEST_F(ProgramFile, MistakesInExpectationsOfOutputs) {
  const std::string with_output =
      std::string{head} + "read: [{name: a, symbol: s, tiles: 0, type: u8, count: 1}]\nexpectations:\n";
  EXPECT_EQ(error(with_output + "  - {name: e, output: b, equals: [1]}\n"),
            "p.yaml:6:23: key 'expectations[0].output': no entry of `read` has the name 'b'; there is: a");
  EXPECT_EQ(error(with_output + "  - {name: e, output: a}\n"),
            "p.yaml:6:5: key 'expectations[0]': expected either `equals` or `matches`");
  EXPECT_EQ(error(with_output + "  - {name: e, output: a, matches: [1]}\n"),
            "p.yaml:6:5: key 'expectations[0].at_least': missing; add it here");
  EXPECT_EQ(error(with_output + "  - {name: e, output: a, matches: [1], at_least: 2}\n"),
            "p.yaml:6:50: key 'expectations[0].at_least': expected a number from 0 to 1, got '2'");
  EXPECT_EQ(
      error(with_output + "  - {name: e, output: a, equals: [1], at_least: 1}\n"),
      "p.yaml:6:39: key 'expectations[0].at_least': unknown; expected one of: absolute, columns, cycles, "
      "encoding, equals, lines, matches, name, output, relative, ulp");
  EXPECT_EQ(error(with_output + "  - {name: e, output: a, equals: 1, lines: 0}\n"),
            "p.yaml:6:44: key 'expectations[0].lines': goes with a file or a list, not with one number");
  EXPECT_EQ(
      error(with_output + "  - {name: e, output: a, equals: 1, ulp: 1}\n"),
      "p.yaml:6:42: key 'expectations[0].ulp': output 'a' is of type u8: for whole numbers, say `absolute`");
  EXPECT_EQ(error(with_output + "  - {name: e, output: a, equals: 1, absolute: 1, ulp: 1}\n"),
            "p.yaml:6:55: key 'expectations[0].ulp': stands alone, not with `absolute` or `relative`");
  EXPECT_EQ(error(with_output + "  - {name: e, output: a, equals: 1, relative: -1}\n"),
            "p.yaml:6:47: key 'expectations[0].relative': expected a number from 0 to 1e+38, got '-1'");
  EXPECT_EQ(error(with_output + "  - {name: e, output: a, matches: 1, at_least: 1, ulp: 1}\n").substr(0, 51),
            "p.yaml:6:51: key 'expectations[0].ulp': unknown; ex");
}

TEST_F(ProgramFile, MistakesInImages) {
  const std::vector<Wrong> cases{
      {"", "p.yaml:1:1: key 'images': missing; add it here"},
      {"images: []\n", "p.yaml:2:9: key 'images': expected at least one image"},
      {"images:\n  - {tiles: 0}\n",
       "p.yaml:3:5: key 'images[0]': expected `sources` or `objects` with at least one file, or an "
       "`executable`"},
      {"images:\n  - {tiles: 0, sources: [c.S]}\n",
       "p.yaml:3:26: key 'images[0].sources[0]': there is no 'c.S' (paths are relative to this file)"},
      {"images:\n  - {tiles: 0, sources: a.S}\n",
       "p.yaml:3:25: key 'images[0].sources': expected a list, got 'a.S'"},
      {"images:\n  - {tiles: 0, sources: [{mode: worker}]}\n",
       "p.yaml:3:26: key 'images[0].sources[0].file': missing; add it here"},
      {"images:\n  - {tiles: 0, sources: [{file: a.S, mode: both}]}\n",
       "p.yaml:3:44: key 'images[0].sources[0].mode': expected one of supervisor, worker, got 'both'"},
      {"images:\n  - {tiles: 0, sources: [{file: a.S, cpp: false}]}\n",
       "p.yaml:3:38: key 'images[0].sources[0].cpp': unknown; expected one of: file, mode, preprocess"},
      {"images:\n  - {tiles: 0, source: [a.S]}\n",
       "p.yaml:3:5: key 'images[0]': expected `sources` or `objects` with at least one file, or an "
       "`executable`"},
      {"images:\n  - {tiles: 0, sources: [a.S], include_dirs: [a.S]}\n",
       "p.yaml:3:47: key 'images[0].include_dirs[0]': expected a folder"},
      {"images:\n  - {tiles: 0, sources: [a.S], defines: {1X: 2}}\n",
       "p.yaml:3:46: key 'images[0].defines.1X': '1X' is no name for a define"},
      {"images:\n  - {tiles: 0, sources: [a.S], mode: both}\n",
       "p.yaml:3:38: key 'images[0].mode': expected one of supervisor, worker, got 'both'"},
      {"images:\n  - {tiles: 0-4, sources: [a.S]}\n  - {tiles: 4, sources: [a.S]}\n",
       "p.yaml:4:13: key 'images[1].tiles': tile 4 is in an earlier entry of `images` already"},
      {"images:\n  - {tiles: 16, sources: [a.S]}\n",
       "p.yaml:3:13: key 'images[0].tiles': there is no tile 16: the system has tiles 0 to 15"},
  };
  for (const Wrong& wrong : cases) EXPECT_EQ(error("program: p\n" + wrong.text), wrong.message) << wrong.text;
}

TEST_F(ProgramFile, TypesAndEncodings) {
  const Program program = parse(std::string{head} + R"(load:
  - {symbol: w, tiles: 0, type: f16, file: data/x.npy}
  - {symbol: w, tiles: 0, type: f8, format: f152, scale: -4, file: data/x.bin}
  - {symbol: w, tiles: 0, type: f8, format: f143, file: data/x.csv}
  - {symbol: w, tiles: 0, type: u8, file: data/x.csv, encoding: raw}
read:
  - {name: a, symbol: s, tiles: 0, type: f16, count: 1}
  - {name: b, symbol: s, tiles: 0, type: f8, format: f143, scale: 3, count: 1, encoding: raw}
expectations:
  - {name: one, output: a, equals: 1e-3, absolute: 0.5, relative: 0.25}
  - {name: two, output: b, equals: data/x.npy, ulp: 2}
  - {name: three, output: b, equals: "data/x.csv"}
)");
  EXPECT_EQ(program.loads[0].type, numbers::ElementType::f16);
  EXPECT_EQ(encoding_of(program.loads[0]), numbers::Encoding::npy);
  EXPECT_EQ(program.loads[1].type, (numbers::ElementType{numbers::ElementType::f152, -4}));
  EXPECT_EQ(encoding_of(program.loads[1]), numbers::Encoding::raw);
  EXPECT_EQ(program.loads[2].type, numbers::ElementType::f143);
  EXPECT_EQ(encoding_of(program.loads[2]), numbers::Encoding::text);
  EXPECT_EQ(encoding_of(program.loads[3]), numbers::Encoding::raw);
  EXPECT_EQ(program.reads[0].encoding, numbers::Encoding::npy);
  EXPECT_EQ(program.reads[1].type, (numbers::ElementType{numbers::ElementType::f143, 3}));
  EXPECT_EQ(program.reads[1].encoding, numbers::Encoding::raw);
  const auto& one = std::get<EqualsSpec>(program.expectations[0].check);
  EXPECT_TRUE(one.numbers.is_single());
  EXPECT_EQ(one.tolerance.absolute, 0.5);
  EXPECT_EQ(one.tolerance.relative, 0.25);
  EXPECT_EQ(std::get<EqualsSpec>(program.expectations[1].check).tolerance.ulp, 2U);
  EXPECT_FALSE(std::get<EqualsSpec>(program.expectations[2].check).numbers.is_single());
  EXPECT_TRUE(std::get<EqualsSpec>(program.expectations[2].check).tolerance.is_exact());
}

TEST_F(ProgramFile, TheCommandLineOverrides) {
  const std::string text =
      "program: p\nimages:\n  - {tiles: 0, sources: [a.S], defines: {A: 1, B: 2}}\n"
      "  - {tiles: 1, sources: [a.S]}\n  - {tiles: 2, objects: [b.o]}\n";
  Program program = parse(text);
  apply({.defines = {"A=x=y", "C", "D="}, .timeout_cycles = 77, .host_syncs = 0}, program);
  EXPECT_THAT(program.images[0].defines,
              ElementsAre(Pair("A", "x=y"), Pair("B", "2"), Pair("C", "1"), Pair("D", "")));
  EXPECT_THAT(program.images[1].defines, ElementsAre(Pair("A", "x=y"), Pair("C", "1"), Pair("D", "")));
  EXPECT_TRUE(program.images[2].defines.empty());
  EXPECT_EQ(program.run.timeout, Cycle{77});
  EXPECT_EQ(program.run.host_syncs, 0U);
  program = parse(text);
  apply({}, program);
  EXPECT_EQ(program.run.host_syncs, 2U);

  const auto refusal = [&](const Overrides& overrides) {
    return error_of([&] { apply(overrides, program); });
  };
  EXPECT_EQ(refusal({.defines = {"1A=2"}, .timeout_cycles = {}, .host_syncs = {}}),
            "-D 1A=2: '1A' is no name for a define");
  EXPECT_EQ(refusal({.defines = {"=2"}, .timeout_cycles = {}, .host_syncs = {}}),
            "-D =2: '' is no name for a define");
  EXPECT_EQ(refusal({.defines = {}, .timeout_cycles = 0, .host_syncs = {}}),
            "--timeout 0: expected a whole number from 1 to 1000000000000");
  EXPECT_EQ(refusal({.defines = {}, .timeout_cycles = {}, .host_syncs = 65536}),
            "--host-syncs 65536: expected a whole number from 0 to 65535");
  program = parse("program: p\nimages:\n  - {tiles: 2, objects: [b.o]}\n");
  EXPECT_EQ(refusal({.defines = {"A"}, .timeout_cycles = {}, .host_syncs = {}}),
            "-D A: no image of the program is made from sources");
}

TEST_F(ProgramFile, NamesThatAreNoFolder) {
  EXPECT_THAT(error("program: ../p\n"), HasSubstr("p.yaml:1:10: key 'program': expected a name without '/'"));
  EXPECT_THAT(error("program: .p\n"), HasSubstr("p.yaml:1:10: key 'program': expected a name without '/'"));
}

TEST_F(ProgramFile, BrokenYamlNamesTheLine) {
  EXPECT_THAT(error("program: p\nimages: [\n"), HasSubstr("p.yaml:3:1: not valid YAML"));
}

}  // namespace
}  // namespace ipusim::program
