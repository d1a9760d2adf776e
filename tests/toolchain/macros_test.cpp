// SPDX-License-Identifier: Apache-2.0
// Macros as the manual of GNU as describes them: what works, and what is refused with a message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Words = std::vector<std::uint32_t>;

struct Case {
  const char* name;
  const char* text;
  Words expected;
};

class Macros : public ::testing::TestWithParam<Case> {};

TEST_P(Macros, ExpandAsDocumented) { EXPECT_EQ(words(GetParam().text), GetParam().expected); }

INSTANTIATE_TEST_SUITE_P(
    GnuManual, Macros,
    ::testing::Values(
        Case{"Positional", ".macro m a, b\n.long \\a, \\b\n.endm\nm 1, 2", {1, 2}},
        Case{"PositionalWithoutCommas", ".macro m a b\n.long \\a, \\b\n.endm\nm 1 2", {1, 2}},
        Case{"Keywords", ".macro m a, b\n.long \\a, \\b\n.endm\nm b=2, a=1", {1, 2}},
        Case{"Defaults", ".macro m a=5, b=6\n.long \\a, \\b\n.endm\nm\nm 1\nm , 2", {5, 6, 1, 6, 5, 2}},
        Case{"Vararg", ".macro m a, rest:vararg\n.long \\a\n.long \\rest\n.endm\nm 1, 2, 3", {1, 2, 3}},
        Case{"Required", ".macro m a:req\n.long \\a\n.endm\nm 7", {7}},
        Case{"Counter", ".macro m\n.long \\@\n.endm\nm\nm", {0, 1}},
        Case{"EmptySeparator", ".macro m a\n.long \\a\\()1\n.endm\nm 3", {31}},
        Case{"Exit", ".macro m a\n.long 1\n.if \\a\n.exitm\n.endif\n.long 2\n.endm\nm 1\nm 0", {1, 1, 2}},
        Case{"Purge", ".macro m\n.long 1\n.endm\nm\n.purgem m\n.macro m\n.long 2\n.endm\nm", {1, 2}},
        Case{
            "Recursion",
            ".macro m from, to\n.long \\from\n.if \\to-\\from\nm \"(\\from+1)\", \\to\n.endif\n.endm\nm 0, 3",
            {0, 1, 2, 3}},
        Case{"MacroInMacro", ".macro outer n\n.macro inner\n.long \\n\n.endm\n.endm\nouter 4\ninner", {4}},
        Case{"Repeat", ".rept 3\n.long 1\n.endr", {1, 1, 1}},
        Case{"NestedRepeat", ".rept 2\n.long 1\n.rept 2\n.long 2\n.endr\n.endr", {1, 2, 2, 1, 2, 2}},
        Case{"EachOf", ".irp n, 1, 2, 3\n.long \\n\n.endr", {1, 2, 3}},
        Case{"EachCharacter", ".irpc n, 123\n.long \\n\n.endr", {1, 2, 3}},
        Case{"Conditions",
             ".macro m a\n.ifb \\a\n.long 0\n.else\n.ifnc \\a, x\n.long 1\n.else\n.long 2\n.endif\n.endif\n"
             ".endm\nm\nm y\nm x",
             {0, 1, 2}},
        Case{"AltmacroExpression", ".altmacro\n.macro m a\n.long \\a\n.endm\nm %(1+2)\n.noaltmacro", {3}},
        Case{"AltmacroString", ".altmacro\n.macro m a\n.long \\a\n.endm\nm <1, 2>\n.noaltmacro", {1, 2}},
        // Registers: an argument may be a part of a name, a pair or a broadcast.
        Case{"RegisterNumbers", ".macro m n\nadd $m\\n, $m\\n, 1\n.endm\nm 3", {0x22330001}},
        Case{"RegisterPairs",
             ".macro m lo, hi\nor64 $a0:1, $a\\lo:\\hi, $azeros\n.endm\nm 2, 3",
             {0x5820EE01}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(MacroErrors, AreComplainedOf) {
  EXPECT_THAT(complaints(".macro m a:req\n.long \\a\n.endm\nm\n"),
              ElementsAre(HasSubstr("missing value for required")));
  EXPECT_THAT(complaints(".macro m\nnop\n"), ElementsAre(HasSubstr("no matching '.endmacro' in definition")));
  EXPECT_THAT(complaints(".macro m a, a\n.endm\n"), Not(IsEmpty()));
  EXPECT_THAT(complaints(".macro m\n.endm\n.macro m\n.endm\n"),
              ElementsAre(HasSubstr("macro 'm' is already defined")));
  EXPECT_THAT(complaints(".macro m a\n.endm\nm 1, 2\n"), Not(IsEmpty()));
  EXPECT_THAT(complaints(".purgem none\n"), Not(IsEmpty()));
  EXPECT_THAT(complaints(".exitm\n"), Not(IsEmpty()));
  EXPECT_THAT(complaints(".endm\n"), Not(IsEmpty()));
  EXPECT_THAT(complaints(".rept -1\n.endr\n"), Not(IsEmpty()));
}

// Not part of LLVM's macros, so not of these.
TEST(MacroErrors, LocalNamesOfAltmacroAreRefused) {
  EXPECT_THAT(complaints(".altmacro\n.macro m\nLOCAL here\nhere: nop\n.endm\nm\n"),
              ElementsAre(HasSubstr("invalid instruction 'local'")));
}

}  // namespace
}  // namespace ipusim::toolchain_test
