// SPDX-License-Identifier: Apache-2.0
// `ipusim run` as a user runs it: small programs, every way they can end.
#include <gmock/gmock.h>

#include "command.hpp"

namespace ipusim::cli_test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class Run : public CommandTest {
 protected:
  static constexpr const char* adder_keys =
      "load:\n  - {symbol: numbers, tiles: 0-3, type: i32, values: [[1, -2], [3, 4], [5, 6], [7, 8]], "
      "distribute: "
      "split}\n"
      "read:\n  - {name: sum, symbol: answer, tiles: 0-4, type: i32, count: 1}\n";
};

// A worker's and a supervisor's source, one of them preprocessed already, and files named from the program's
// folder.
TEST_F(Run, SourcesOfBothModesMakeOneImage) {
  folder_.write(
      "p/a.S",
      source("    setzi $m2, START\n    run $m2, $mzero, 0\n    sync 2\n",
             "    .data\n    .globl answer\nanswer: .include \"answer.inc\"\n    .size answer, 4\n"));
  folder_.write("p/kernel.s",
                "#define this is a comment\n    .globl kernel\nkernel:\n    setzi $m0, answer\n"
                "    ld32 $m1, $mzero, $m0, 0\n    add $m1, $m1, 1\n    st32 $m1, $mzero, $m0, 0\n"
                "    exitz $mzero\n");
  folder_.write("p/answer.inc", "    .long 41\n");
  folder_.write("p/p.yaml",
                "program: p\nimages:\n  - tiles: 0\n    defines: {START: kernel}\n"
                "    sources: [a.S, {file: kernel.s, mode: worker, preprocess: false}]\n"
                "read:\n  - {name: answer, symbol: answer, tiles: 0, type: i32, count: 1}\n"
                "expectations:\n  - {name: answered, output: answer, equals: [42]}\n");
  const auto result = ipusim("run '" IPUSIM_SOURCE_DIR "/configs/mk2-16.yaml' p/p.yaml");
  EXPECT_EQ(result.exit_code, 0) << result.all_errors;
}

TEST_F(Run, PassIsZero) {
  write_adder();
  // Tile 4 keeps the numbers of its image.
  write_program(std::string{adder_keys} +
                "expectations:\n  - {name: sums, output: sum, equals: [-1, 7, 11, 15, 3]}\n"
                "  - {name: short, cycles: total, at_most: 5000, at_least: 10}\n");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 0) << result.all_errors;
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(result.output, HasSubstr("pass  sums: "));
  EXPECT_THAT(result.output, HasSubstr("pass (exit code 0)"));
  const auto json = result_json();
  EXPECT_EQ(json.at("pass"), true);
  EXPECT_EQ(json.at("state"), "completed");
  EXPECT_EQ(json.at("outputs")[0].at("values").dump(), "[-1,7,11,15,3]");
  EXPECT_EQ(json.at("cycles").at("total"), json.at("cycles").at("compute").get<std::uint64_t>() +
                                               json.at("cycles").at("sync").get<std::uint64_t>() +
                                               json.at("cycles").at("exchange").get<std::uint64_t>());
  EXPECT_EQ(json.at("tiles").size(), 16U);
  EXPECT_THAT(json.at("exceptions"), IsEmpty());
  EXPECT_THAT(json.at("hazards"), IsEmpty());
  EXPECT_TRUE(fs::exists(folder_.path() / "out/p/images/group0/tile15.elf"));
  EXPECT_THAT(read_file(folder_.path() / "out/p/images/group0/tile0.map"), HasSubstr("numbers"));
  EXPECT_THAT(read_file(folder_.path() / "out/p/junit.xml"),
              HasSubstr("tests=\"3\" failures=\"0\" errors=\"0\""));
}

TEST_F(Run, SameInputSameBytes) {
  write_adder();
  write_program(adder_keys);
  ASSERT_EQ(run("--out one").exit_code, 0);
  ASSERT_EQ(run("--out two").exit_code, 0);
  EXPECT_EQ(read_file(folder_.path() / "one/junit.xml"), read_file(folder_.path() / "two/junit.xml"));
  EXPECT_EQ(read_file(folder_.path() / "one/summary.txt"), read_file(folder_.path() / "two/summary.txt"));
  auto one = nlohmann::json::parse(read_file(folder_.path() / "one/result.json"));
  auto two = nlohmann::json::parse(read_file(folder_.path() / "two/result.json"));
  for (auto* json : {&one, &two}) {
    EXPECT_EQ(json->at("step_seconds").size(), 8U);
    json->erase("wall_seconds");
    json->erase("step_seconds");
  }
  EXPECT_EQ(one.dump(), two.dump());
}

TEST_F(Run, FailedExpectationIsOne) {
  write_adder();
  write_program(std::string{adder_keys} +
                "expectations:\n  - {name: sums, output: sum, equals: [-1, 7, 11, 15, 4]}\n");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("expectation 'sums': sum equal to the 5 numbers of p.yaml:"));
  EXPECT_THAT(result.errors, HasSubstr("1 of 5 differ; the first is element 0 of tile 4: expected 4, got 3"));
  EXPECT_EQ(result_json().at("exit_code"), 1);
}

TEST_F(Run, QuietSaysNothingWhenAllIsWell) {
  write_adder();
  write_program(adder_keys);
  const auto result = run("--quiet");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.output + result.all_errors, IsEmpty());
}

TEST_F(Run, EveryKindOfTileGivesTheSame) {
  write_adder();
  write_program(adder_keys);
  ASSERT_EQ(run().exit_code, 0);
  const auto fast = result_json();
  ASSERT_EQ(run("--tile all=rtl --tile 8-15=fast --tile 3,9=lockstep").exit_code, 0);
  const auto mixed = result_json();
  EXPECT_EQ(mixed.at("tiles")[0].at("kind"), "rtl");
  EXPECT_EQ(mixed.at("tiles")[9].at("kind"), "lockstep");
  EXPECT_EQ(mixed.at("tiles")[15].at("kind"), "fast");
  EXPECT_EQ(mixed.at("memory_sha256"), fast.at("memory_sha256"));
  EXPECT_EQ(mixed.at("cycles"), fast.at("cycles"));
}

// A row of eight f8 times a column of eight: 1.4.3 bits in, f16 out. One unit of AMP has coefficients.
class QuarterProgram : public CommandTest {
 protected:
  void write() const {
    folder_.write("a.S", source("    setzi $m0, numbers\n    put $CCCSLOAD, $m0\n    ld64putcs 0\n"
                                "    setzi $m1, 3\n    put $FP_INFMT, $m1\n"  // both 1.4.3
                                "    setzi $m1, 2\n    put $FP_ISCL, $m1\n"   // times 2^2
                                "    setzi $m2, product\n    run $m2, $mzero, 0\n    sync 2\n",
                                "    .worker\n    .p2align 3\n"
                                "product:\n    setzi $a0, 8\n    uput $FP_CLR, $a0\n    setzi $m0, numbers\n"
                                "    ld64 $a0:1, $m0, $mzero, 1\n"
                                "    f8v8hihov4amp $azeros, $a0:1, $azeros, 0\n"
                                "    f8v8hihov4amp $a2:3, $azeros, $azeros, 0\n"  // brings the sums out
                                "    st64 $a2:3, $m0, $mzero, 2\n    exitz $mzero\n"
                                "    .data\n    .p2align 3\n    .globl numbers\nnumbers: .space 24\n"
                                "    .size numbers, 24\n"));
    // 1 2 3 4 1 2 3 4 times 2 2 2 2 -1 -1 -1 -1: 20 - 10, times 4, which is the f16 20736.
    write_program(
        "load:\n  - {symbol: numbers, tiles: 0-2, type: u8, values: [72, 72, 72, 72, 192, "
        "192, 192, 192, 64, 72, 76, 80, 64, 72, 76, 80]}\n"
        "read:\n  - {name: sums, symbol: numbers, offset: 16, tiles: 0-2, type: u16, count: 4}\n"
        "expectations:\n  - {name: sums, output: sums, equals: [20736, 0, 0, 0, 20736, 0, 0, 0, 20736, 0, 0, "
        "0]}\n",
        "0-2");
  }
  // `system`: a file, with its path.
  CommandResult run_on(const std::string& system, const std::string& options = "") const {
    return ipusim("run '" + system + "' p.yaml " + options);
  }
  static std::string of_repository(const std::string& system) {
    return IPUSIM_SOURCE_DIR "/configs/" + system;
  }
};

TEST_F(QuarterProgram, RunsOnAnIpu21) {
  write();
  for (const std::string options : {"", "--tile 1=rtl --tile 2=lockstep"}) {
    const auto result = run_on(of_repository("c600-16.yaml"), options);
    EXPECT_EQ(result.exit_code, 0) << options << result.all_errors;
  }
}

TEST_F(QuarterProgram, IsRefusedWhereThereIsNoF8) {
  write();
  for (const std::string& file : {of_repository("mk2-16.yaml"), of_repository("mk1-16.yaml")}) {
    const auto result = run_on(file);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.errors, AllOf(HasSubstr("a.S:"), HasSubstr("requires: IPU21+"))) << file;
  }
}

TEST_F(Run, BytesAtAnyOffset) {
  folder_.write("a.S", source("", "    .bss\n    .globl x\nx: .space 7\n    .size x, 7\n"));
  write_program(
      "load:\n  - {symbol: x, offset: 1, tiles: 0, type: u8, values: [1, 2, 3]}\n"
      "  - {symbol: x, offset: 5, tiles: 1, type: i16, values: [-2]}\n"
      "read:\n  - {name: a, symbol: x, tiles: 0-1, type: u8, count: 7}\n"
      "  - {name: b, symbol: x, offset: 5, tiles: 1, type: i16, count: 1}\n"
      "expectations:\n  - {name: a, output: a, equals: [0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 254, 255]}\n"
      "  - {name: b, output: b, equals: [-2]}\n");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 0) << result.errors;
}

TEST_F(Run, TheLinkerTellsATileWhereItIs) {
  folder_.write(
      "a.S",
      source("", "    .data\n    .globl here\nhere: .long __tile_index, __tile_count, __tile_place\n"));
  write_program("read:\n  - {name: here, symbol: here, tiles: [0, 1, 15], type: u32, count: 3}\n");
  ASSERT_EQ(run().exit_code, 0);
  // Places of configs/mk2-16.yaml.
  EXPECT_EQ(result_json().at("outputs")[0].at("values").dump(), "[0,16,0,1,16,53,15,16,358]");
}

TEST_F(Run, TilesWithoutAnImageDoNotHoldTheOthersUp) {
  write_adder();
  folder_.write("a.S", source("    sync 3\n    sync 3\n"));
  write_program("", "3");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result_json().at("supersteps"), 2);
}

TEST_F(Run, DefinesIncludesObjectsAndEntry) {
  folder_.write("inc/value.h", "#define VALUE (BASE + 2)\n");
  folder_.write("lib.S", "    .supervisor\n    .text\n    .globl begin\nbegin:\n    bri _go\n");
  folder_.write("a.S",
                "#include \"value.h\"\n    .globl _go\n_go:\n    sync 7\n    sync 7\n1:  sync 7\n    bri 1b\n"
                "    .data\n    .globl v\nv: .long VALUE\n");
  ASSERT_EQ(command("ipu-as", "--mode supervisor lib.S -o lib.o").exit_code, 0)
      << read_file(folder_.path() / "stderr.txt");
  folder_.write("p.yaml",
                "program: p\nimages:\n  - tiles: all\n    sources: [a.S]\n    include_dirs: [inc]\n"
                "    defines: {BASE: 40}\n    objects: [lib.o]\n    entry: begin\n"
                "read:\n  - {name: v, symbol: v, tiles: 0, type: u32, count: 1}\n"
                "expectations:\n  - {name: v, output: v, equals: [42]}\n");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 0) << result.errors;
}

constexpr const char* buffers =
    "    .section .region1_out, \"aw\", @nobits\n    .p2align 15\n    .globl outgoing\noutgoing: .space 16\n"
    "    .size outgoing, 16\n"
    "    .section .region1_in, \"aw\", @nobits\n    .p2align 15\n    .globl incoming\nincoming: .space 16\n"
    "    .size incoming, 16\n";

TEST_F(Run, TwoTilesExchange) {
  folder_.write("a.S", source("    call $m10, exchange_swap\n", buffers));
  write_program(
      "exchange:\n  - name: swap\n    pattern: messages\n    messages:\n"
      "      - {from: 0, to: [5], words: 4, source: outgoing, destination: incoming}\n"
      "      - {from: 5, to: [0], words: 2, source: outgoing, destination: incoming, destination_offset: 8}\n"
      "load:\n  - {symbol: outgoing, tiles: 0, type: u32, values: [1, 2, 3, 4]}\n"
      "  - {symbol: outgoing, tiles: 5, type: u32, values: [50, 60, 70, 80]}\n"
      "read:\n  - {name: in, symbol: incoming, tiles: [0, 5], type: u32, count: 4}\n"
      "expectations:\n  - {name: in, output: in, equals: [0, 0, 50, 60, 1, 2, 3, 4]}\n");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  const auto json = result_json();
  EXPECT_EQ(json.at("supersteps"), 1);
  EXPECT_GT(json.at("cycles").at("exchange").get<std::uint64_t>(), 0U);
}

// --- 3: the machine stopped.

TEST_F(Run, AnExceptionOfTheSupervisorNamesItsLine) {
  folder_.write("a.S", source("    setzi $m0, 0x100\n    ld32 $m1, $m0, $mzero, 0\n"));
  write_program("");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 3);
  // Line 7: five lines of start-up, then the second of the body.
  EXPECT_THAT(result.errors, HasSubstr("exception: tile 0 (place 0), supervisor, cycle "));
  EXPECT_THAT(result.errors,
              HasSubstr(" <_start+0x8> `ld32 $m1, $m0, $m15, 0`, a.S:7: `ld32 $m1, $m0, $mzero, 0`, "
                        "address 0x100\n"));
  const auto json = result_json();
  EXPECT_EQ(json.at("exit_code"), 3);
  EXPECT_EQ(json.at("state"), "stopped");
  ASSERT_FALSE(json.at("exceptions").empty());
  const auto& exception = json.at("exceptions")[0];
  EXPECT_EQ(exception.at("context"), "supervisor");
  EXPECT_EQ(exception.at("kind"), "invalid_address");
  EXPECT_THAT(exception.at("source").get<std::string>(), ::testing::EndsWith("a.S:7"));
  EXPECT_EQ(exception.at("source_text"), "ld32 $m1, $m0, $mzero, 0");
  EXPECT_EQ(exception.at("pc_symbol"), "_start+0x8");
  EXPECT_EQ(exception.at("address"), "0x100");
  // The nearest symbol below lies in memory, the address does not.
  EXPECT_TRUE(exception.at("symbol").is_null());
}

TEST_F(Run, ObjectsWithoutLinesAreNamedByTheirLocalSymbols) {
  folder_.write("a.S", "    .supervisor\n    .globl _start\n_start:\n    sync 7\n    call $m10, entry\n");
  folder_.write("lib.S",
                "    .supervisor\n    .globl entry\nentry:\n    setzi $m0, table\nunlucky:\n    ld32 $m1, "
                "$m0, $mzero, 0\n"
                "    trap 0\n    .data\nfirst: .long 1\ntable: .long 2, 3\n");
  ASSERT_EQ(command("ipu-as", "--mode supervisor lib.S -o lib.o").exit_code, 0);
  folder_.write("p.yaml", "program: p\nimages:\n  - {tiles: 0, sources: [a.S], objects: [lib.o]}\n");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.errors, HasSubstr(" <unlucky+0x4> `trap 0`\n"));
  const auto json = result_json();
  const auto& exception = json.at("exceptions").at(0);
  EXPECT_TRUE(exception.at("source").is_null());
  EXPECT_TRUE(exception.at("source_text").is_null());
}

TEST_F(Run, TheOutputsOfAStoppedRunAreKept) {
  const std::string store = "    setzi $m0, x\n    setzi $m1, 42\n    st32 $m1, $m0, $mzero, 0\n";
  const std::string data = "    .data\n    .globl x\nx: .long 0\n    .size x, 4\n";
  const std::string read =
      "read:\n  - {name: x, symbol: x, tiles: 0-1, type: u32, count: 1}\n"
      "expectations:\n  - {name: x, output: x, equals: [42, 42]}\n"
      "run: {timeout_cycles: 20000}\n";
  for (const auto& [end, state] :
       {std::pair{"    trap 0\n", "stopped"}, std::pair{"spin: bri spin\n", "timeout"}}) {
    folder_.write("a.S", source(store + end, data));
    write_program(read, "0-1");
    const auto result = run();
    EXPECT_EQ(result.exit_code, 3) << state << result.errors;
    EXPECT_THAT(result.output, HasSubstr("1 outputs of the stopped run are in result.json")) << state;
    const auto json = result_json();
    EXPECT_EQ(json.at("state"), state);
    EXPECT_EQ(json.at("outputs").at(0).at("values").dump(), "[42,42]") << state;
    EXPECT_EQ(json.at("outputs").at(0).at("of_stopped_run"), true) << state;
    EXPECT_EQ(json.at("expectations").at(0).at("pass"), false) << state;
  }
}

TEST_F(Run, SourcesAreNamedWithTheirFolder) {
  folder_.write("lib/deep/a.S", source("    trap 0\n"));
  folder_.write("p.yaml", "program: p\nimages:\n  - {tiles: all, sources: [lib/deep/a.S]}\n");
  EXPECT_THAT(run().errors, HasSubstr(" <_start+0x4> `trap 0`, lib/deep/a.S:6: `trap 0`\n"));
}

TEST_F(Run, AnExceptionOfAWorkerNamesItsContext) {
  folder_.write("a.S",
                source("    setzi $m0, worker\n    setzi $m1, 0x80000\n    run $m0, $m1, 0\n    sync 2\n",
                       "    .worker\nworker:\n    nop\n    trap 3\n    exitz $mzero\n"));
  write_program("", "2");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.errors, HasSubstr("exception: tile 2 (place 32), worker 0, cycle "));
  EXPECT_THAT(result.errors, HasSubstr(" <worker+0x4> `trap 3`, "));
  EXPECT_THAT(result.errors, HasSubstr("a.S:17: `trap 3`\n"));
}

TEST_F(Run, ExpectationsOfAStoppedRunAreNotMet) {
  folder_.write("a.S", source("    trap 0\n"));
  write_program("expectations:\n  - {name: e, cycles: total, at_least: 0}\n");
  EXPECT_EQ(run().exit_code, 3);
  EXPECT_EQ(result_json().at("expectations")[0].at("pass"), false);
  EXPECT_THAT(read_file(folder_.path() / "out/p/junit.xml"), HasSubstr("tests=\"2\" failures=\"2\""));
}

TEST_F(Run, Timeout) {
  folder_.write("a.S", source("spin:\n    bri spin\n"));
  write_program("run: {timeout_cycles: 20000}\n");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.errors, HasSubstr("the run did not end within 20000 cycles (run.timeout_cycles)"));
  EXPECT_THAT(result.errors,
              HasSubstr("16 tiles (0-15): the supervisor goes on at pc 0x4c004 <spin> `bri 0x4c004`, "));
  EXPECT_THAT(result.errors, HasSubstr("a.S:7: `bri spin`\n"));
  EXPECT_EQ(result_json().at("state"), "timeout");
  EXPECT_EQ(result_json().at("cycles").at("total"), 20000);
}

TEST_F(Run, Deadlock) {
  folder_.write("a.S", source("    sync 3\n"));
  folder_.write("b.S", source(""));
  folder_.write("p.yaml",
                "program: p\nimages:\n  - {tiles: 0, sources: [a.S]}\n  - {tiles: 1-15, sources: [b.S]}\n");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.errors, HasSubstr("tile 0: the supervisor waits in sync 3 since cycle "));
  EXPECT_THAT(result.errors, HasSubstr(" at pc 0x4c004 <_start+0x4> `sync 3`, a.S:6: `sync 3`\n"));
  EXPECT_THAT(result.errors, HasSubstr("15 tiles (1-15): the supervisor waits in sync 7 since cycle "));
  EXPECT_EQ(result_json().at("state"), "deadlock");
}

TEST_F(Run, AHazardIsReportedWithTileAndAddress) {
  // What is sent and what is received share a memory element, which docs/program.md forbids.
  folder_.write("a.S",
                source("    call $m10, exchange_swap\n",
                       "    .section .region1_both, \"aw\", @nobits\n    .p2align 15\n    .globl outgoing\n"
                       "outgoing: .space 4096\n    .globl incoming\nincoming: .space 4096\n"));
  write_program(
      "exchange:\n  - name: swap\n    pattern: messages\n    messages:\n"
      "      - {from: 0, to: [1], words: 1000, source: outgoing, destination: incoming}\n"
      "      - {from: 1, to: [0], words: 1000, source: outgoing, destination: incoming}\n");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.errors, HasSubstr("hazard: tile "));
  EXPECT_THAT(result.errors, HasSubstr("clash_with_access"));
  EXPECT_THAT(result.errors, HasSubstr("<incoming"));
  const auto json = result_json();
  ASSERT_FALSE(json.at("hazards").empty());
  EXPECT_EQ(json.at("hazards")[0].at("kind"), "clash_with_access");
  EXPECT_EQ(json.at("hazards")[0].at("is_error"), true);
  EXPECT_THAT(json.at("hazards")[0].at("mnemonic").get<std::string>(), StartsWith("send"));
  EXPECT_THAT(json.at("hazards")[0].at("source").get<std::string>(), StartsWith("images/group0/tile"));
  // The text of planned code is found among the results.
  EXPECT_THAT(json.at("hazards")[0].at("source_text").get<std::string>(), StartsWith("send"));
  EXPECT_THAT(json.at("hazards")[0].at("pc_symbol").get<std::string>(), StartsWith("exchange_swap"));
}

TEST_F(Run, WaitingForTheWrongHostZone) {
  folder_.write("a.S", "    .supervisor\n    .globl _start\n_start:\n    sync 5\n    bri _start\n");
  write_program("");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.errors, HasSubstr("every tile waits in sync 5: the host grants syncs of zone 7 only"));
}

TEST_F(Run, ATimeoutNamesTheWorkersTooThatAreStillAtWork) {
  folder_.write("a.S",
                source("    setzi $m0, worker\n    setzi $m1, 0x80000\n    run $m0, $m1, 0\n    sync 2\n",
                       "    .worker\nworker:\n    nop\nspin:\n    bri spin\n"));
  write_program("run: {timeout_cycles: 20000}\n", "2");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.errors, HasSubstr("tile 2: worker 0 goes on at pc "));
  EXPECT_THAT(result.errors, HasSubstr("a.S:18: `bri spin`\n"));
}

// --- 2: bad input.

class BadInput : public Run {
 protected:
  // Runs, and gives the error; the exit code must be 2 and no result may be there.
  std::string error(const std::string& options = "") const {
    const auto result = run(options);
    EXPECT_EQ(result.exit_code, 2) << result.errors;
    EXPECT_FALSE(fs::exists(folder_.path() / "out/p/result.json"));
    return result.errors;
  }
};

TEST_F(BadInput, ProgramFile) {
  write_adder();
  write_program("raed: []\n");
  EXPECT_EQ(error(), "p.yaml:4:1: key 'raed': unknown; did you mean 'read'?\n");
  folder_.write("p.yaml", "program: [\n");
  EXPECT_THAT(error(), StartsWith("p.yaml:2:1: not valid YAML"));
}

TEST_F(BadInput, CommandLine) {
  write_adder();
  write_program("");
  EXPECT_EQ(error("--tile 0-7=rtll"),
            "--tile 0-7=rtll: expected kind fast, rtl or lockstep, got 'rtll'; did you mean 'rtl'?\n");
  EXPECT_EQ(ipusim("run nothing.yaml p.yaml").exit_code, 2);
  EXPECT_EQ(ipusim("run nothing.yaml p.yaml").errors,
            "nothing.yaml: cannot read the file: No such file or directory\n");
  EXPECT_EQ(ipusim("run").exit_code, 2);
  EXPECT_EQ(ipusim("").exit_code, 2);
  EXPECT_EQ(ipusim("walk").exit_code, 2);
  EXPECT_EQ(run("--fast").exit_code, 2);
}

TEST_F(BadInput, HelpAndVersion) {
  EXPECT_EQ(ipusim("--version").exit_code, 0);
  EXPECT_THAT(ipusim("--version").output, StartsWith("ipusim "));
  EXPECT_EQ(ipusim("--help").exit_code, 0);
  EXPECT_THAT(ipusim("run --help").output,
              AllOf(HasSubstr("--tile"), HasSubstr("--out"), HasSubstr("Exit codes")));
}

TEST_F(BadInput, AssemblerErrorsNameTheLine) {
  folder_.write("a.S", "    .supervisor\n    .globl _start\n_start:\n    sync 7\n    frobnicate $m0\n");
  write_program("");
  EXPECT_THAT(error(), HasSubstr("a.S:5:"));
}

TEST_F(BadInput, UndefinedSymbol) {
  folder_.write("a.S", source("    call $m10, nowhere\n"));
  write_program("");
  EXPECT_THAT(error(), HasSubstr("nowhere"));
}

TEST_F(BadInput, UnknownEntry) {
  write_adder();
  folder_.write("p.yaml", "program: p\nimages:\n  - {tiles: all, sources: [a.S], entry: strat}\n");
  EXPECT_THAT(error(), HasSubstr("strat"));
}

TEST_F(BadInput, LoadsAndReads) {
  write_adder();
  write_program("load:\n  - {symbol: nubmers, tiles: 0, type: u32, values: [1]}\n");
  EXPECT_THAT(error(), AllOf(StartsWith("p.yaml:5:14: key 'load[0].symbol': "), HasSubstr("nubmers"),
                             HasSubstr("numbers")));
  write_program("load:\n  - {symbol: numbers, tiles: 0, type: u32, values: [1, 2, 3]}\n");
  EXPECT_EQ(error(),
            "p.yaml:5:5: key 'load[0]': 12 bytes at numbers on tile 0: the symbol has only 8 bytes\n");
  write_program("load:\n  - {symbol: numbers, tiles: 0, type: u8, values: [1, 256]}\n");
  EXPECT_EQ(error(), "p.yaml:5:55: '256' is out of range for u8 (0 to 255)\n");
  write_program("load:\n  - {symbol: numbers, tiles: 0-2, type: u8, values: [1, 2], distribute: split}\n");
  EXPECT_THAT(error(), HasSubstr("2 lines of p.yaml:5:53 cannot be split evenly over 3 tiles"));
  write_program("read:\n  - {name: r, symbol: _start, tiles: 0, type: u32, offset: 100000, count: 150000}\n");
  EXPECT_THAT(error(), HasSubstr("p.yaml:5:5: key 'read[0]': 600000 bytes at _start+100000"));
  EXPECT_THAT(error(), HasSubstr("are not within its memory, 0x4c000 to 0xe8000"));
}

TEST_F(BadInput, ExpectedFileTooShort) {
  write_adder();
  folder_.write("e.csv", "1\n2\n");
  write_program(std::string{adder_keys} + "expectations:\n  - {name: sums, output: sum, equals: e.csv}\n");
  EXPECT_EQ(error(),
            "p.yaml:9:39: key 'expectations[0].equals': output 'sum' has 5 numbers (1 of each of 5 tiles), "
            "e.csv has "
            "2\n");
}

TEST_F(BadInput, Exchange) {
  folder_.write("a.S", source("", buffers));
  const std::string head = "exchange:\n  - name: swap\n    pattern: messages\n    messages:\n";
  write_program(head + "      - {from: 0, to: [0], words: 4, source: outgoing, destination: incoming}\n");
  EXPECT_THAT(error(), HasSubstr("p.yaml:8:"));
  write_program(head + "      - {from: 0, to: [9], words: 4, source: outgoing, destination: incoming}\n",
                "0-1");
  EXPECT_THAT(error(), AllOf(HasSubstr("p.yaml:5:5"), HasSubstr("tile 9 has a part in it")));
  write_program(head + "      - {from: 0, to: [1], words: 4, source: outgiong, destination: incoming}\n");
  EXPECT_THAT(
      error(),
      HasSubstr("p.yaml:8:46: key 'exchange[0].messages[0].source': phase 'swap': the image of tile 0 "
                "has no global symbol 'outgiong'; did you mean 'outgoing'?"));
}

class BadObject : public BadInput {
 protected:
  BadObject() {
    write_adder();
    folder_.write("lib.S", "    .globl helper\nhelper:\n    nop\n");
    EXPECT_EQ(command("ipu-as", "lib.S -o lib.o").exit_code, 0);
    folder_.write("p.yaml", "program: p\nimages:\n  - {tiles: all, sources: [a.S], objects: [lib.o]}\n");
  }
  std::string object() const { return read_file(folder_.path() / "lib.o"); }
};

TEST_F(BadObject, GoodOnesLink) { EXPECT_EQ(run().exit_code, 0); }

TEST_F(BadObject, Truncated) {
  const std::string whole = object();
  ASSERT_GT(whole.size(), 60U);
  for (const std::size_t bytes :
       {std::size_t{0}, std::size_t{3}, std::size_t{40}, whole.size() / 2, whole.size() - 1}) {
    folder_.write("lib.o", whole.substr(0, bytes));
    EXPECT_THAT(error(), HasSubstr("lib.o")) << bytes;
  }
}

TEST_F(BadObject, WrongMachine) {
  std::string bytes = object();
  bytes.at(18) = '\xF3';  // e_machine: RISC-V
  bytes.at(19) = '\0';
  folder_.write("lib.o", bytes);
  EXPECT_THAT(error(), HasSubstr("lib.o"));
}

TEST_F(BadObject, NoElfFile) {
  folder_.write("lib.o", "this is a text, not an object");
  EXPECT_THAT(error(), AllOf(HasSubstr("lib.o"), HasSubstr("ELF")));
}

}  // namespace
}  // namespace ipusim::cli_test
