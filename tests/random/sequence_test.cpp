#include "ipusim/random/sequence.hpp"

#include <gtest/gtest.h>

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

TEST(Sequence, BundlesLieOnEightBytes) {
  Sequence s(base);
  s.add_word(fnop_word());
  s.add_bundle(nop_word(), fnop_word());
  const auto words = s.layout();
  ASSERT_EQ(words.size(), 4U);
  EXPECT_EQ(words[1], nop_word());
  EXPECT_EQ(words[2], nop_word() | coissue_bit);
  EXPECT_EQ(words[3], fnop_word() | coissue_bit);
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
