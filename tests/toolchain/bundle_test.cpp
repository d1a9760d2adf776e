// SPDX-License-Identifier: Apache-2.0
// Bundles and rpt: layout, rules, messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Words = std::vector<std::uint32_t>;

constexpr const char* one_bundle = "{ add $m0, $m0, 1 ; f32add $a0, $a0, $a0 }\n";

TEST(Bundles, HaveBit31SetInBothWords) {
  const Words alone = words("add $m1, $m2, $m3\nf32add $a15, $a15, $a9");
  const Words bundle{alone[0] | 0x80000000U, alone[1] | 0x80000000U};
  EXPECT_EQ(words("{ add $m1, $m2, $m3 ; f32add $a15, $a15, $a9 }"), bundle);
  EXPECT_EQ(words("{\n add $m1, $m2, $m3\n f32add $a15, $a15, $a9\n}"), bundle);
  EXPECT_EQ(words("{ add $m1, $m2, $m3\n f32add $a15, $a15, $a9 }"), bundle);
  EXPECT_EQ(words("{\n add $m1, $m2, $m3\n f32add $a15, $a15, $a9 ; }"), bundle);
}

TEST(Bundles, RulesAreChecked) {
  EXPECT_THAT(complaints("{ f32add $a0, $a0, $a0 ; add $m0, $m0, 1 }"),
              ElementsAre(HasSubstr("1:3: invalid instruction in bundle"),
                          HasSubstr("1:26: invalid instruction in bundle")));
  EXPECT_THAT(complaints("{ add $m0, $m0, 1 ; add $m1, $m1, 1 }"),
              ElementsAre(HasSubstr("1:21: invalid instruction in bundle")));
  EXPECT_THAT(complaints("{ exitz $m0 ; f32add $a0, $a0, $a0 }"),
              ElementsAre(HasSubstr("1:3: instruction within bundle cannot be dual issued")));
  EXPECT_THAT(complaints("{ exitz $m0 }"), ElementsAre(HasSubstr("1:13: too few instructions in bundle")));
  EXPECT_THAT(complaints("{ }"), ElementsAre(HasSubstr("empty instruction bundle")));
  EXPECT_THAT(complaints("{ nop ; fnop ; fnop }"),
              ElementsAre(HasSubstr("1:16: too many instructions in bundle")));
  EXPECT_THAT(complaints("}"), ElementsAre(HasSubstr("1:1: end of instruction bundle without start")));
  EXPECT_THAT(complaints("{ nop ; fnop\n{ nop ; fnop }"),
              ElementsAre(HasSubstr("2:1: start of instruction bundle without end")));
  EXPECT_THAT(complaints("nop\n{ nop ; fnop\n"),
              ElementsAre(HasSubstr("2:1: instruction bundle without end")));
  EXPECT_THAT(complaints("{ nop ; ldconst $m0, 5 }"),
              ElementsAre(HasSubstr("1:9: macro instruction in bundle")));
}

TEST(Bundles, HalvesMayNotWriteTheSameRegister) {
  constexpr const char* message = "bundle instructions cannot write to the same operand";
  EXPECT_THAT(complaints("{ ld32 $a0, $m0, $m15, 0 ; f32add $a0, $a1, $a2 }"),
              ElementsAre(HasSubstr(message)));
  EXPECT_THAT(complaints("{ ld64 $a0:1, $m0, $m15, 0 ; f32add $a1, $a1, $a2 }"),
              ElementsAre(HasSubstr(message)));
  EXPECT_THAT(complaints("{ ld128 $a0:3, $m0, $m15, 0 ; f32v2add $a2:3, $a4:5, $a6:7 }"),
              ElementsAre(HasSubstr(message)));
  EXPECT_THAT(complaints("{ ld32 $a15, $m0, $m15, 0 ; f32add $a15, $a1, $a2 }"),
              ElementsAre(HasSubstr(message)));
  // Reading what the other half writes is legal: it sees the old value.
  EXPECT_THAT(complaints("{ ld32 $a0, $m0, $m15, 0 ; f32add $a1, $a0, $a0 }"), IsEmpty());
}

TEST(Bundles, OneErrorInsideIsOneComplaint) {
  EXPECT_THAT(complaints("{ bad $m0 ; fnop }\nnop"),
              ElementsAre(HasSubstr("1:3: invalid instruction 'bad'")));
  EXPECT_THAT(complaints("{ add $m0, $m0, 99999 ; fnop }\nnop"),
              ElementsAre(HasSubstr("1:17: invalid operand")));
  EXPECT_THAT(complaints("{\n nop\n f32add $a0, $a0\n}\nnop"),
              ElementsAre(HasSubstr("3:2: too few operands")));
}

TEST(Bundles, LabelsInsideAreRefused) {
  EXPECT_THAT(complaints("{ nop\nhere: fnop }"),
              ElementsAre(HasSubstr("label 'here' within instruction bundle")));
}

TEST(Bundles, DirectivesRelaxTheRules) {
  EXPECT_EQ(words(".allow_optimizations\n{ f32add $a0, $a0, $a0 ; add $m0, $m0, 1 }"), words(one_bundle));
  EXPECT_THAT(complaints(".warn_on_invalid_bundles\n{ add $m0, $m0, 1 ; add $m1, $m1, 1 }"), IsEmpty());
  EXPECT_THAT(complaints(".warn_on_invalid_bundles\n.error_on_invalid_bundles\n{ nop ; nop }"),
              ElementsAre(HasSubstr("invalid instruction in bundle")));
}

// Nothing is put before them.
TEST(Bundles, LieAtAnyMultipleOf4) {
  const Object object = assemble_text("nop\n" + std::string(one_bundle), "test.s", plain());
  EXPECT_THAT(object.warnings, IsEmpty());
  EXPECT_EQ(words("nop\n" + std::string(one_bundle)).size(), 3U);
}

// A section of its own, laid behind one of any length, begins where its code may lie.
TEST(Bundles, SectionsBeginWhereTheirCodeMayLie) {
  const auto address_behind_a_byte = [](const std::string& code) {
    return build("nop\n.section .text.a, \"ax\"\n.byte 1\n.section .text.b, \"ax\"\n.globl f\nf:\n" + code)
        .image.symbol("f")
        .value;
  };
  EXPECT_EQ(address_behind_a_byte("nop\n") % 4, 0U);
  EXPECT_EQ(address_behind_a_byte(one_bundle) % 4, 0U);
  EXPECT_EQ(address_behind_a_byte("{ rpt 4, 0 ; fnop }\n" + std::string(one_bundle)) % 8, 0U);
}

TEST(TwoWordInstructions, AMisplacedOneIsWarnedOf) {
  AssemblerOptions options = plain();
  options.mode = isa::Mode::supervisor;
  const std::string instruction = "sendpicp 0, 0, 0, 0, 0x640, 0\n";
  const Object object = assemble_text("nop\n" + instruction, "test.s", options);
  ASSERT_EQ(object.warnings.size(), 1U);
  EXPECT_EQ(object.warnings[0].line, 2U);
  EXPECT_THAT(object.warnings[0].message, HasSubstr("multiple of 8"));
  EXPECT_THAT(assemble_text("nop\n.p2align 3\n" + instruction, "test.s", options).warnings, IsEmpty());
  EXPECT_THAT(assemble_text("nop\nnop\n" + instruction, "test.s", options).warnings, IsEmpty());
}

std::string repeat(const std::string& head, const std::string& body) { return head + "\n" + body; }

TEST(Repeat, SizeMayBeADifferenceOfLabels) {
  const std::string body = std::string(one_bundle) + one_bundle + one_bundle;
  const Words expected_head{0x80000000U |
                            0x40000402U};  // count 4 at [19:8], size 3 - 1 at [7:0], half of a bundle
  const Words got = words("{ rpt 4, ((2f-1f)/8)-1 ; fnop }\n1:\n" + body + "2: nop");
  EXPECT_EQ(got[0], expected_head[0]);
}

TEST(Repeat, BodyRules) {
  const std::string head = ".p2align 3 ; nop\nrpt 4, 0";
  EXPECT_THAT(complaints(repeat(head, one_bundle)), IsEmpty());
  EXPECT_THAT(complaints(repeat(head, "nop\nnop\n")),
              ElementsAre(HasSubstr("3:1: repeat blocks must only contain instruction bundles")));
  EXPECT_THAT(complaints(repeat(head, "{ brz $m0, 0 ; fnop }\n")),
              ElementsAre(HasSubstr("3:3: repeat blocks cannot contain control instructions")));
  EXPECT_THAT(complaints(repeat(head, "{ get $m0, 0 ; fnop }\n")),
              ElementsAre(HasSubstr("3:3: repeat blocks cannot contain system instructions")));
  EXPECT_THAT(complaints("nop\nrpt 4, 1\n" + std::string(one_bundle)),
              ElementsAre(HasSubstr("2:1: repeat blocks must only contain")));
  EXPECT_THAT(complaints(".allow_invalid_repeat\n" + repeat(head, "nop\nnop\n")), IsEmpty());
}

TEST(Repeat, BodyMustBeAligned) {
  EXPECT_THAT(
      complaints(repeat("rpt 4, 0", one_bundle)),
      ElementsAre(HasSubstr("1:1: code following rpt instruction is misaligned: bundle the rpt with fnop")));
  EXPECT_THAT(complaints(repeat("nop\n{ rpt 4, 0 ; fnop }", one_bundle)),
              ElementsAre(HasSubstr("2:3: code following rpt instruction is misaligned: put a nop before")));
  EXPECT_THAT(complaints(repeat("{ rpt 4, 0 ; fnop }", one_bundle)), IsEmpty());
}

}  // namespace
}  // namespace ipusim::toolchain_test
