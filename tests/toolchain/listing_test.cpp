// SPDX-License-Identifier: Apache-2.0
// ipu-objdump's names: branch targets, relocations, CSRs, places of the source; archives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Listings : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = test_folder();
    write_text(
        folder_ / "a.S",
        ".supervisor\n.globl _start\n_start: call $m10, helper\n bri here\n nop\nhere: setzi $m0, word\n"
        ".section .text.f,\"ax\"\n.type f, @function\nf: get $m1, $CCCSLOAD\n.data\nword: .long f\n");
    write_text(folder_ / "b.S",
               ".worker\n.globl helper\nhelper: uget $a0, 4\n get $m0, $WSR\n exitz $mzero\n");
    ASSERT_EQ(run_tool("ipu-as -g a.S").exit_code, 0);
    ASSERT_EQ(run_tool("ipu-as -g b.S").exit_code, 0);
  }
  std::filesystem::path folder_;
};

TEST_F(Listings, BranchTargetsOfObjectsComeFromRelocations) {
  const std::string text = run_tool("ipu-objdump -dr a.o").output;
  EXPECT_THAT(text, AllOf(HasSubstr("call $m10, 0x0 <helper>"), HasSubstr("bri 0x0 <here>"),
                          HasSubstr("setzi $m0, 0 <word>"), HasSubstr("4: R_COLOSSUS_19_S2 .text+0xc"),
                          HasSubstr("Disassembly of section .text.f")));
}

TEST_F(Listings, BranchTargetsOfExecutablesComeFromSymbols) {
  ASSERT_EQ(run_tool("ipu-ld a.o b.o -o x.elf").exit_code, 0);
  const std::string text = run_tool("ipu-objdump -d x.elf").output;
  EXPECT_THAT(text, AllOf(HasSubstr("call $m10, 0x4c014 <helper>"), HasSubstr("bri 0x4c00c <here>")));
  write_text(folder_ / "c.S", ".supervisor\n.globl _start\n_start: nop\n bri _start + 4\n");
  ASSERT_EQ(run_tool("ipu-as c.S").exit_code, 0);
  ASSERT_EQ(run_tool("ipu-ld c.o -o c.elf").exit_code, 0);
  EXPECT_THAT(run_tool("ipu-objdump -d c.elf").output, HasSubstr("bri 0x4c004 <_start+0x4>"));
}

// Numbers: the CSR tables; 80 is CCCSLOAD of the supervisor, 1 WSR of a worker and SSR of the supervisor, 4
// of uget PRNG_0_1.
TEST_F(Listings, CsrsHaveNames) {
  EXPECT_THAT(run_tool("ipu-objdump -d a.o").output, HasSubstr("get $m1, 80 # $CCCSLOAD"));
  const std::string both = run_tool("ipu-objdump -d b.o").output;
  EXPECT_THAT(both, AllOf(HasSubstr("uget $a0, 4 # $PRNG_0_1"),
                          HasSubstr("get $m0, 1 # worker $WSR, supervisor $SSR")));
  EXPECT_THAT(run_tool("ipu-objdump -d --mode worker b.o").output, HasSubstr("get $m0, 1 # $WSR"));
}

TEST_F(Listings, ObjectsHaveLinesAndSources) {
  EXPECT_THAT(run_tool("ipu-objdump -dl a.o").output,
              AllOf(HasSubstr("; a.S:4\n       4: "), HasSubstr("; a.S:9\n       0: ")));
  EXPECT_THAT(run_tool("ipu-objdump -S a.o").output, HasSubstr(" bri here\n       4: "));
}

TEST_F(Listings, OfParts) {
  const std::string f = run_tool("ipu-objdump --disassemble=f a.o").output;
  EXPECT_THAT(f, AllOf(HasSubstr("<f>:"), Not(HasSubstr("call"))));
  EXPECT_EQ(run_tool("ipu-objdump --disassemble=nowhere a.o").exit_code, 2);
  EXPECT_THAT(run_tool("ipu-objdump --disassemble a.o").output, HasSubstr("<_start>:"));
  const std::string range =
      run_tool("ipu-objdump -d --start-address=4 --stop-address=0x8 -j .text a.o").output;
  EXPECT_THAT(range, AllOf(HasSubstr("bri"), Not(HasSubstr("call")), Not(HasSubstr("nop"))));
  EXPECT_THAT(run_tool("ipu-objdump -d -j .nowhere a.o").output, HasSubstr("a.o: has no section '.nowhere'"));
  EXPECT_THAT(run_tool("ipu-objdump -d --no-show-raw-insn a.o").output, HasSubstr("       8: nop\n"));
}

// Columns of binutils' objdump -t and -h.
TEST_F(Listings, TablesAreThoseOfBinutils) {
  EXPECT_THAT(run_tool("ipu-objdump -t a.o").output,
              AllOf(HasSubstr("00000000 l     F .text.f\t00000000 f\n"),
                    HasSubstr("00000000 g       .text\t00000000 _start\n"),
                    HasSubstr("00000000         *UND*\t00000000 helper\n")));
  EXPECT_THAT(run_tool("ipu-objdump -h a.o").output,
              AllOf(HasSubstr("  0 .text         00000010  00000000  00000000  00000034  2**2\n"
                              "                  CONTENTS, ALLOC, LOAD, RELOC, READONLY, CODE\n"),
                    HasSubstr("CONTENTS, ALLOC, LOAD, RELOC, DATA\n")));
  EXPECT_THAT(run_tool("ipu-objdump -s -j .data a.o").output,
              HasSubstr("Contents of section .data:\n 0000 00000000 "));
}

TEST_F(Listings, ArchivesAreListedMemberByMember) {
  ASSERT_EQ(std::system(("cd '" + folder_.string() + "' && rm -f ab.a && ar rcT ab.a a.o b.o").c_str()), 0);
  EXPECT_THAT(run_tool("ipu-objdump -t ab.a").output,
              AllOf(HasSubstr("In archive ab.a:"), HasSubstr("ab.a(a.o): file format elf32-colossus"),
                    HasSubstr("ab.a(b.o): file format elf32-colossus")));
}

TEST_F(Listings, DataBeforeALabelIsNoPartOfItsBundle) {
  write_text(folder_ / "d.S", ".worker\n.long 0x99e00000\nf: {nop; fnop}\n");
  ASSERT_EQ(run_tool("ipu-as d.S").exit_code, 0);
  EXPECT_THAT(run_tool("ipu-objdump -d d.o").output,
              AllOf(HasSubstr("0: 00 00 e0 99"), HasSubstr("{nop; fnop}")));
}

}  // namespace
}  // namespace ipusim::toolchain_test
