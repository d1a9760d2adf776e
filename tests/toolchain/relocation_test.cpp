// SPDX-License-Identifier: Apache-2.0
// Every relocation at the edges of its field; fields and checks as the ELF table of the fact sheet states
// them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::HasSubstr;

struct Case {
  const char* name;
  const char* text;       // uses `target`
  std::uint32_t largest;  // value of `target` that still fits
  std::uint32_t word;     // what the word is then
  std::uint32_t too_large;
  std::uint32_t misaligned;  // 0: nothing is
};
void PrintTo(const Case& c, std::ostream* stream) { *stream << c.name; }

LinkedImage link_with(const char* text, std::uint32_t target) {
  LinkOptions options;
  options.defines = {{"target", target}};
  return link({assemble_text(std::string(".globl _start\n_start:\n") + text + "\n", "a.o",
                             plain(isa::Mode::supervisor))},
              options);
}

class Relocation : public ::testing::TestWithParam<Case> {};

TEST_P(Relocation, LargestValueFits) {
  const auto linked = link_with(GetParam().text, GetParam().largest);
  const auto& bytes = linked.image.segments.at(0).bytes;
  std::uint32_t word = 0;
  for (unsigned i = 0; i < 4 && i < bytes.size(); ++i) word |= std::uint32_t{bytes[i]} << 8 * i;
  EXPECT_EQ(word, GetParam().word) << std::hex << word;
}

TEST_P(Relocation, TheNextIsOutOfRange) {
  EXPECT_THAT(tool_error([] { link_with(GetParam().text, GetParam().too_large); }),
              HasSubstr("does not fit into"));
}

TEST_P(Relocation, MisalignedValuesAreRefused) {
  // Those of 0 in the table take any value: here an odd one.
  if (GetParam().misaligned == 0) {
    EXPECT_NO_THROW(link_with(GetParam().text, 3));
    return;
  }
  EXPECT_THAT(tool_error([] { link_with(GetParam().text, GetParam().misaligned); }),
              HasSubstr("is not a multiple of"));
}

// Memory base of ipu2: 0x4C000.
INSTANTIATE_TEST_SUITE_P(
    All, Relocation,
    ::testing::Values(Case{"abs8", ".byte target, 0, 0, 0", 0xFF, 0xFF, 0x100, 0},
                      Case{"abs16", "cmpult $m1, $m2, target", 0xFFFF, 0x2A21FFFF, 0x10000, 0},
                      Case{"abs20", "setzi $m3, target", 0xFFFFF, 0x193FFFFF, 0x100000, 0},
                      Case{"abs18_s2", ".long target@abs18@s2", 0xFFFFC, 0x3FFFF, 0x100000, 0x4C001},
                      Case{"abs19_s2", "brz $m4, target", 0x1FFFFC, 0x1347FFFF, 0x200000, 0x4C002},
                      Case{"run", "run $m1, $m2, target", 0x8BFFC, 0x141F2FFF, 0x8C000, 0x4C002},
                      Case{"relative16_s2", ".short target@relative@16@s2, 0", 0x8BFFC, 0xFFFF, 0x8C000,
                           0x4C002},
                      Case{"abs21", ".long target@abs@21", 0x1FFFFF, 0x1FFFFF, 0x200000, 0}),
    [](const auto& test) { return test.param.name; });

TEST(Relocations, RunBelowTheMemoryBaseIsOutOfRange) {
  EXPECT_THAT(tool_error([] { link_with("run $m1, $m2, target", 0x4BFFC); }), HasSubstr("R_COLOSSUS_RUN"));
}

TEST(Relocations, DataWordsWrap) {
  const auto linked = link_with(".long target - 8\n", 4);
  EXPECT_EQ(linked.image.segments.at(0).bytes, (std::vector<std::uint8_t>{0xFC, 0xFF, 0xFF, 0xFF}));
}

TEST(Relocations, KeepTheRestOfTheWord) {
  // All other bits of the data word survive a field relocation.
  const auto linked = link_with(".long target@abs18@s2\nsetzi $m15, target", 0);
  EXPECT_EQ(linked.image.segments.at(0).bytes, (std::vector<std::uint8_t>{0, 0, 0, 0, 0, 0, 0xF0, 0x19}));
}

}  // namespace
}  // namespace ipusim::toolchain_test
