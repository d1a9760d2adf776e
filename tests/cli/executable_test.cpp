// SPDX-License-Identifier: Apache-2.0
// `ipusim run` with an executable that was not linked here.
#include <gmock/gmock.h>

#include "command.hpp"
#include "elf_bytes.hpp"

namespace ipusim::cli_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using toolchain_test::answering_executable;
using toolchain_test::ElfFile;

class RunExecutable : public CommandTest {
 protected:
  void write(const ElfFile& file) const {
    const auto bytes = file.bytes();
    folder_.write("x.elf", {bytes.begin(), bytes.end()});
  }
  void write_images(const std::string& images, const std::string& keys = "") const {
    folder_.write("p.yaml", "program: p\nimages:\n" + images + keys);
  }
  static constexpr const char* on_two_tiles = "  - {tiles: 0-1, executable: x.elf}\n";
};

TEST_F(RunExecutable, RunsAndIsReadBySymbol) {
  write(answering_executable());
  write_images(on_two_tiles,
               "load:\n  - {symbol: behind, tiles: 1, type: u32, values: [99]}\n"
               "read:\n  - {name: answers, symbol: answer, tiles: 0-1, type: u32, count: 1}\n"
               "  - {name: rest, symbol: behind, tiles: 0-1, type: u32, count: 1}\n"
               "expectations:\n  - {name: a, output: answers, equals: [42, 42]}\n"
               "  - {name: r, output: rest, equals: [0, 99]}\n");
  for (const char* kind : {"", "--tile 0=rtl --tile 1=lockstep"}) {
    const auto result = run(kind);
    EXPECT_EQ(result.exit_code, 0) << result.all_errors;
    EXPECT_EQ(result_json().at("state"), "completed");
  }
}

TEST_F(RunExecutable, BadOnesAreNamedWithTheReason) {
  write_images(on_two_tiles);
  ElfFile file = answering_executable();
  file.machine = 62;
  write(file);
  EXPECT_EQ(run().exit_code, 2);
  EXPECT_THAT(run().errors, AllOf(HasSubstr("x.elf: made for ELF machine 62")));
  file = answering_executable();
  file.flags = 0x21;
  write(file);
  EXPECT_EQ(run().exit_code, 2);
  EXPECT_THAT(run().errors,
              AllOf(HasSubstr("p.yaml:3"), HasSubstr("x.elf is made for ipu21"), HasSubstr("is an ipu2")));
  folder_.write("x.elf",
                "\x7f"
                "ELF\x01\x01");
  EXPECT_EQ(run().exit_code, 2);
  EXPECT_THAT(run().errors, HasSubstr("x.elf: truncated"));
}

TEST_F(RunExecutable, WhatDoesNotGoWithIt) {
  write(answering_executable());
  write_images("  - {tiles: 0, executable: x.elf, entry: main}\n");
  EXPECT_THAT(run().errors, HasSubstr("`entry` goes with what is linked here, not with an `executable`"));
  write_images(on_two_tiles, "exchange: []\n");
  EXPECT_THAT(run().errors, HasSubstr("which an executable does not allow"));
  write_images("  - {tiles: 0, executable: y.elf}\n");
  EXPECT_THAT(run().errors, HasSubstr("there is no '"));
  EXPECT_EQ(run().exit_code, 2);
}

// Relocatable objects and archives go through the linker.
TEST_F(RunExecutable, ArchivesAreObjectsToo) {
  folder_.write("a.S", source("    call $m10, f\n",
                              "    .data\n    .globl answer\nanswer: .long 0\n    .size answer, 4\n"));
  folder_.write("f.S",
                "    .supervisor\n    .text\n    .globl f\nf: setzi $m0, 43\n    setzi $m1, answer\n"
                "    st32 $m0, $m1, $mzero, 0\n    br $m10\n");
  ASSERT_EQ(command("ipu-as", "f.S -o f.o").exit_code, 0);
  ASSERT_EQ(std::system(("cd '" + folder_.path().string() + "' && ar rc lib.a f.o").c_str()), 0);
  write_images("  - {tiles: 0, sources: [a.S], objects: [lib.a]}\n",
               "read:\n  - {name: answers, symbol: answer, tiles: 0, type: u32, count: 1}\n"
               "expectations:\n  - {name: a, output: answers, equals: [43]}\n");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 0) << result.all_errors;
}

}  // namespace
}  // namespace ipusim::cli_test
