// SPDX-License-Identifier: Apache-2.0
// Operands, aliases, literals and what is refused. Expected words are put together by hand from the encodings
// of the fact sheet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Words = std::vector<std::uint32_t>;

// The one complaint about a text.
std::string complaint(const std::string& text, isa::Mode mode = isa::Mode::worker) {
  const auto all = complaints(text, plain(mode));
  EXPECT_EQ(all.size(), 1U) << text;
  return all.empty() ? "" : all[0];
}

TEST(Immediates, TheFirstFormThatFitsIsTaken) {
  EXPECT_EQ(words("add $m0, $m0, 32767"), Words{0x22007FFF});
  EXPECT_EQ(words("add $m0, $m0, 32768"), Words{0x20008000});
  EXPECT_EQ(words("add $m0, $m0, -32768"), Words{0x22008000});
  EXPECT_EQ(words("or $m1, $m2, 0"), Words{0x42219000});
  EXPECT_EQ(words("or $m1, $m2, 0xFFF"), Words{0x42219FFF});
  EXPECT_EQ(words("or $m1, $m2, 0x12300000"), Words{0x4221C123});
  EXPECT_EQ(words("or $m1, $m2, -0x100000"), Words{0x4221CFFF});
  EXPECT_EQ(words("or $a1, $a2, 0x3F800000"), Words{0x5221D3F8});
}

TEST(Immediates, ThoseThatFitNoFormAreRefusedAtTheirPlace) {
  EXPECT_THAT(complaint("  add $m0, $m0, 65536"), HasSubstr("1:17: invalid operand for instruction"));
  EXPECT_THAT(complaint("add $m0, $m0, -32769"), HasSubstr("1:15: invalid operand"));
  EXPECT_THAT(complaint("or $m1, $m2, 0x1001"), HasSubstr("1:14: invalid operand"));
  EXPECT_THAT(complaint("mul $m0, $m0, 32768"), HasSubstr("1:15: invalid operand"));
  EXPECT_THAT(complaint("shl $m0, $m0, 4096"), HasSubstr("1:15: invalid operand"));
  EXPECT_THAT(complaint("addz $m0, $m0, -1"), HasSubstr("1:16: invalid operand"));
  EXPECT_THAT(complaint("adds $m0, $m0, 40000"), HasSubstr("1:16: invalid operand"));
}

TEST(Immediates, OddLayoutsOfFields) {
  // st32 zi from A: [11:8]->[11:8], [7:4]->[19:16], [3:0]->[3:0]; st32step si: nibbles swapped.
  EXPECT_EQ(words("st32 $a6, $m5, $m7, 0x123"), Words{0x5E52'7163});
  EXPECT_EQ(words("st32step $a6, $m5, $m10+=, 0x12"), Words{0x5C52'A061});
  EXPECT_EQ(words("st32step $a6, $m5, $m10+=, -1"), Words{0x5C5F'A06F});
  // ld2xst64pace imm6: [3:0]->[3:0], [5:4]->[9:8].
  EXPECT_EQ(words("ld2xst64pace $a0:3, $a0:1, $m2:3+=, $m4, 0x3F"), Words{0x56402B0F});
  // run: [11:0]->[11:0], [15:12]->[19:16].
  EXPECT_EQ(words("run $m1, $m2, 0x1234", plain(isa::Mode::supervisor)), Words{0x14112234});
}

TEST(Registers, SpecialNamesAndGroups) {
  EXPECT_EQ(words("add $bp, $fp, $lr"), words("add $m8, $m9, $m10"));
  EXPECT_EQ(words("add $sp, $mworker_base, $mvertex_base"), words("add $m11, $m12, $m13"));
  EXPECT_EQ(words("add $m0, $mzero, $m1"), words("add $m0, $m15, $m1"));
  EXPECT_EQ(words("f32add $a0, $azero, $a1"), words("f32add $a0, $a15, $a1"));
  EXPECT_EQ(words("or64 $ap0, $azeros, $ap3"), words("or64 $a0:1, $a14:15, $a6:7"));
  EXPECT_EQ(words("f32v4acc $aq1"), words("f32v4acc $a4:7"));
}

TEST(Registers, WrongGroupsAreRefused) {
  EXPECT_THAT(complaint("or64 $a1:2, $a0:1, $a0:1"), HasSubstr("1:6: invalid operand for instruction"));
  EXPECT_THAT(complaint("or64 $a0:2, $a0:1, $a0:1"), HasSubstr("1:6: invalid operand"));
  EXPECT_THAT(complaint("tapack $m5:6, $m0, $m0, $m0"), HasSubstr("1:8: invalid operand"));
  EXPECT_THAT(complaint("f32v4acc $a2:5"), HasSubstr("1:10: invalid operand"));
  EXPECT_THAT(complaint("add $m0, $m16, $m1"), HasSubstr("1:10:"));
  EXPECT_THAT(complaint("f16v4add $a0:1, $a2:X, $a4:5"),
              HasSubstr("1:21: expected a register number, B, BL or BU"));
  EXPECT_THAT(complaint("f16v4add $a0:1, $a2:3, $a4:BL"), HasSubstr("1:24: invalid operand"));
}

TEST(Suffixes, WrongOrMissingOnesAreRefused) {
  EXPECT_THAT(complaint("ld32step $a0, $m0, $m1, 1"), HasSubstr("1:"));
  EXPECT_THAT(complaint("ld32step $a0, $m0, $m1++, 1"), HasSubstr("1:"));
  EXPECT_THAT(complaint("ld32step $a0, $m0, $m1+, 1"),
              HasSubstr("1:23: missing/invalid operand post-inc suffix"));
  EXPECT_THAT(complaint("ld32 $a0, $m0+=, $m1, 1"), HasSubstr("1:"));
}

TEST(Addresses, TheDeltaMayBeLeftOut) {
  EXPECT_EQ(words("ld32 $m1, $m2, 3"), words("ld32 $m1, $m2, $m15, 3"));
  EXPECT_EQ(words("ld64 $a0:1, $m2, $m3"), words("ld64 $a0:1, $m2, $m15, $m3"));
  EXPECT_EQ(words("st32 $m1, $m2, 3"), words("st32 $m1, $m2, $m15, 3"));
  EXPECT_THAT(complaint("tapack $m6:7, $m5, $m4"), HasSubstr("too few operands for instruction"));
}

TEST(Aliases, StandForTheirInstructions) {
  EXPECT_EQ(words("ldconst $m3, 0x12345678"), words("setzi $m3, 0x45678\n or $m3, $m3, 0x12300000"));
  EXPECT_EQ(words("ldconst $a3, 0xFFFFF"), words("setzi $a3, 0xFFFFF"));
  EXPECT_EQ(words("ldconst $m3, -1"), words("setzi $m3, 0xFFFFF\n or $m3, $m3, 0xFFF00000"));
  EXPECT_EQ(words("sub $m1, $m2, 5"), words("add $m1, $m2, -5"));
  EXPECT_EQ(words("sub $m1, $m2, -32767"), words("add $m1, $m2, 32767"));
  EXPECT_EQ(words("swap16 $m1, $m2"), words("roll16 $m1, $m2, $m2"));
  EXPECT_EQ(words("mov $a2:3, $a4:5"), words("or64 $a2:3, $a4:5, $a14:15"));
  EXPECT_EQ(words("mov $m1, $a2"), words("atom $m1, $a2"));
  EXPECT_EQ(words("strap"), words("put 255, $m15"));
  EXPECT_EQ(words("movz $m1, $m2, $m3"), words("movnz $m1, $m2, $m3"));
}

TEST(Aliases, RefuseWhatTheyCannotSay) {
  EXPECT_THAT(complaint("sub $m1, $m2, 32768"), HasSubstr("1:15: invalid operand"));
  EXPECT_THAT(complaint("sub $m1, $m2, -32768"), HasSubstr("1:15: immediate is out of range"));
  EXPECT_THAT(complaint("ldconst $m3, 0x100000000"), HasSubstr("immediate is too large"));
  EXPECT_THAT(complaint("ldconst $m3, symbol"), HasSubstr("operand must be an immediate"));
  EXPECT_THAT(complaint("mov $a0, $m0"), HasSubstr("invalid operand for instruction"));
}

TEST(Csrs, NamesStandForNumbersOfTheMode) {
  EXPECT_EQ(words("get $m0, $WSR"), words("get $m0, 1"));
  EXPECT_EQ(words("uput $FP_CTL, $a0"), words("uput 2, $a0"));
  EXPECT_EQ(words("put $CCCSLOAD, $m0", plain(isa::Mode::supervisor)), words("put 80, $m0"));
  EXPECT_THAT(complaint("put $CCCSLOAD, $m0"),
              HasSubstr("1:5: The CSR $CCCSLOAD cannot be used in Worker mode."));
  EXPECT_THAT(complaint("get $m0, $WSR", isa::Mode::supervisor),
              HasSubstr("1:10: The CSR $WSR cannot be used in Supervisor mode."));
}

TEST(Modes, InstructionsOfTheOtherAreRefused) {
  EXPECT_THAT(complaint("run $m0, $m0, 0"), HasSubstr("1:1: instruction requires: Supervisor mode"));
  EXPECT_THAT(complaint("f32add $a0, $a0, $a0", isa::Mode::supervisor),
              HasSubstr("1:1: instruction requires: Worker mode"));
  EXPECT_THAT(complaint("sync 3"), HasSubstr("instruction requires: Supervisor mode"));
  AssemblerOptions ipu1 = plain();
  ipu1.arch = isa::Arch::ipu1;
  EXPECT_THAT(complaints("f32sisov2amp $a0:1, $a2, $a6:7, 0", ipu1),
              ElementsAre(HasSubstr("instruction requires: IPU2+ target architecture")));
  EXPECT_THAT(complaint("swap8 $a0, $a1"), HasSubstr("instruction requires: IPU21+ target architecture"));
}

TEST(Diagnostics, NameTheFormsAndTheNearestMnemonic) {
  EXPECT_THAT(complaint("adx $m0, $m0, $m0"), HasSubstr("1:1: invalid instruction 'adx', did you mean"));
  EXPECT_THAT(complaint("get $m0"),
              HasSubstr("too few operands for instruction; forms: get $m, unsigned 8-bit"));
  EXPECT_THAT(complaint("br $m10, 3"), HasSubstr("1:10: invalid operand"));
  EXPECT_THAT(complaint("add $m0 $m1, $m2"), HasSubstr("1:9: unexpected token in argument list"));
}

TEST(Diagnostics, EveryErrorIsReportedWithItsLine) {
  EXPECT_THAT(complaints("nop\nbad\nadd $m0, $m0, 70000\nnop\nrun $m0, $m0, 0\n"),
              ElementsAre(HasSubstr("2:1: invalid instruction"), HasSubstr("3:15: invalid operand"),
                          HasSubstr("5:1: instruction requires")));
}

TEST(Branches, TargetsAreAbsoluteWords) {
  EXPECT_EQ(words("bri 3"), Words{0x40800003});
  EXPECT_EQ(words("nop\nhere: bri here"), (Words{0x19E00000, 0x40800000 | (region0 + 4) / 4}));
  EXPECT_EQ(words("call $m10, 0xFFFFF"), Words{0x18AFFFFF});
  EXPECT_THAT(complaint("bri -1"), HasSubstr("1:5: invalid operand"));
  EXPECT_THAT(complaint("bri $m0"), HasSubstr("1:5: invalid operand"));
  EXPECT_THAT(complaint("call $m10, 0x100000"), HasSubstr("1:12: invalid operand"));
}

TEST(Halves, AreBitPatterns) {
  // IEEE binary16: 1.0 = 0x3C00, -2.0 = 0xC000, infinities 0x7C00 and 0xFC00; 1/3 rounds to 0x3555.
  EXPECT_EQ(words("setzi $m0, 1.0h"), Words{0x19003C00});
  EXPECT_EQ(words(".half 1.0h, -2.0h, infh, -infh, 0.333333h, 42"),
            (Words{0xC0003C00, 0xFC007C00, 0x002A3555}));
  EXPECT_THAT(complaint("setzi $m0, 1.0"), HasSubstr("1:12: a floating-point literal must end in h"));
  EXPECT_THAT(complaint(".half 70000"), HasSubstr("1:7: out of range literal value"));
}

TEST(Exchange, TwoWordInstruction) {
  // 1111 | selector | n | address | control, then XPIC << 18 | PIC (exchange facts, 1.2).
  EXPECT_EQ(words("sendpicp 5, 0x1234, 3, 1, 0x3001, 0x20002", plain(isa::Mode::supervisor)),
            (Words{0xF0000000 | 1U << 27U | 5U << 21U | 0x1234U << 3U | 3U, 0x3001U << 18U | 0x20002U}));
  EXPECT_EQ(words("sendoff 0x123, -1, 2", plain(isa::Mode::supervisor)),
            Words{0x70000000 | 0x23U << 21U | 0x4U << 14U | 0x7FFU << 3U | 2U});
}

}  // namespace
}  // namespace ipusim::toolchain_test
