// SPDX-License-Identifier: Apache-2.0
#include "ipusim/random/sequence.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>

namespace ipusim::random {
namespace {

using isa::Opcode;

constexpr ByteAddr base{0x4C000};

std::uint32_t target_of(std::uint32_t word) {
  return isa::instruction(isa::decode(word, isa::Mode::worker)).operands.back().value(word);
}

TEST(Sequence, BranchesFollowTheirTargets) {
  Sequence s(base);
  s.add_branch(Opcode::brz_mmmn_zi, {0}, 3);
  s.add_word(nop_word());
  s.add_word(nop_word());
  s.add_word(fnop_word());
  EXPECT_EQ(target_of(s.layout()[0]), base.value() + 12);
  s.parts().erase(s.parts().begin() + 1);
  EXPECT_EQ(target_of(s.layout()[0]), base.value() + 8);
}

TEST(Sequence, ABranchToWhatWasTakenOutGoesToTheNextPart) {
  Sequence s(base);
  s.add_branch(Opcode::bri_mmmn_zi, {}, 1);
  s.add_word(nop_word());
  s.add_word(fnop_word());
  s.parts().erase(s.parts().begin() + 1);
  EXPECT_EQ(target_of(s.layout()[0]), base.value() + 4);
  s.parts().pop_back();
  EXPECT_EQ(target_of(s.layout()[0]), base.value() + 4) << "the end";
}

TEST(Sequence, BundlesLieWhereTheyShall) {
  // Words before the bundle, behind none and behind one.
  const std::uint32_t to_end = (isa::arch_info(isa::Arch::ipu2).element_bytes - 4) / 4;
  const ByteAddr element{0x50000};
  const std::map<Place, std::array<std::uint32_t, 2>> expected{{Place::anywhere, {0, 1}},
                                                               {Place::row, {0, 2}},
                                                               {Place::odd_word, {1, 1}},
                                                               {Place::element_end, {to_end, to_end}}};
  for (const auto& [place, before] : expected) {
    for (std::uint32_t lone = 0; lone < 2; ++lone) {
      Sequence s(element);
      if (lone != 0) s.add_word(fnop_word());
      s.add_bundle(nop_word(), fnop_word(), place);
      const auto words = s.layout();
      ASSERT_EQ(words.size(), before.at(lone) + 2) << static_cast<int>(place) << " behind " << lone;
      for (std::uint32_t i = lone; i < before.at(lone); ++i) EXPECT_EQ(words[i], nop_word());
      EXPECT_EQ(words[before.at(lone)], nop_word() | coissue_bit);
      EXPECT_EQ(words[before.at(lone) + 1], fnop_word() | coissue_bit);
    }
  }
}

TEST(Sequence, AnyConstantFits) {
  Sequence s(base);
  s.set_m(3, 0xFFFFF);
  EXPECT_EQ(s.layout().size(), 1U);
  s.set_m(3, 0x12345678);
  ASSERT_EQ(s.layout().size(), 3U);
  const isa::Instruction& high = isa::instruction(Opcode::or_mmmn_iz);
  EXPECT_EQ(high.operands[2].value(s.layout()[2]), 0x12300000U);
}

}  // namespace
}  // namespace ipusim::random
