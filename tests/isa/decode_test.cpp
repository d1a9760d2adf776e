// SPDX-License-Identifier: Apache-2.0
// decode() and the operand tables against an independent reading of the instruction files.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ipusim/isa/isa.hpp"
#include "isa_lines.hpp"

namespace ipusim::isa {
namespace {

using test::isa_lines;
using test::IsaLine;

constexpr std::uint32_t coissue_bit = 0x80000000U;

// 32 random bits at a time.
class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

 private:
  std::mt19937 engine_;
};

std::string_view decoded_id(std::uint32_t word, Mode mode) {
  const Opcode opcode = decode(word, mode);
  return opcode == Opcode::invalid ? "-" : instruction(opcode).id;
}

// What the word encodes for someone who reads all instructions; "-" if nothing. Bit 31 counts only where a
// pattern fixes it.
std::vector<const IsaLine*> matching_lines(std::uint32_t word) {
  std::vector<const IsaLine*> found;
  for (const IsaLine& line : isa_lines())
    if (line.matches(word)) found.push_back(&line);
  return found;
}

TEST(Instructions, TableHasTheLinesInOrder) {
  ASSERT_EQ(all_instructions().size(), isa_lines().size());
  for (std::size_t i = 0; i < isa_lines().size(); ++i) {
    const Instruction& info = all_instructions()[i];
    const IsaLine& line = isa_lines()[i];
    EXPECT_EQ(info.id, line.id);
    EXPECT_EQ(info.mnemonic, line.mnemonic);
    EXPECT_EQ(static_cast<std::size_t>(info.opcode), i + 1);
    EXPECT_EQ(&instruction(info.opcode), &info);
    EXPECT_EQ(info.mask, line.mask) << line.id;
    EXPECT_EQ(info.match, line.match) << line.id;
    EXPECT_EQ(info.words, line.patterns.size()) << line.id;
    EXPECT_EQ(info.coissue, line.patterns.front().front() == 'z') << line.id;
    EXPECT_EQ(info.operands.size(), line.operand_count) << line.id;
  }
}

TEST(Decode, RoundTripOverRandomOperands) {
  Random random(1);
  for (std::size_t i = 0; i < isa_lines().size(); ++i) {
    const IsaLine& line = isa_lines()[i];
    const Instruction& info = all_instructions()[i];
    for (int pass = 0; pass < 200; ++pass) {
      std::vector<std::uint32_t> fields;
      for (unsigned n = 0; n < line.operand_count; ++n) fields.push_back(random() & line.field_bits(n));
      const auto words = line.encode(fields);
      ASSERT_EQ(decoded_id(words[0], Mode::supervisor), line.id) << std::hex << words[0];
      if (info.words == 1) {
        ASSERT_EQ(decoded_id(words[0], Mode::worker), line.id) << std::hex << words[0];
        ASSERT_EQ(decoded_id(words[0], Mode::both), line.id) << std::hex << words[0];
      }
      if (info.coissue) {
        ASSERT_EQ(decoded_id(words[0] | coissue_bit, Mode::worker), line.id) << std::hex << words[0];
      }
      for (unsigned n = 0; n < line.operand_count; ++n)
        ASSERT_EQ(info.operands[n].field(words[0], words[1]), fields[n]) << line.id << " op" << n;
    }
  }
}

// Any word is one instruction at most, and decode() finds exactly that one.
void expect_unambiguous(std::uint32_t word) {
  const auto lines = matching_lines(word);
  ASSERT_LE(lines.size(), 1U) << std::hex << word << ": " << lines[0]->id << " and " << lines[1]->id;
  const bool two_words = !lines.empty() && lines[0]->patterns.size() == 2;
  ASSERT_EQ(decoded_id(word, Mode::supervisor), lines.empty() ? "-" : lines[0]->id) << std::hex << word;
  ASSERT_EQ(decoded_id(word, Mode::worker), lines.empty() || two_words ? "-" : lines[0]->id)
      << std::hex << word;
}

TEST(Decode, RandomWordsEncodeOneInstructionAtMost) {
  Random random(2);
  for (int i = 0; i < 1000000; ++i) expect_unambiguous(random());
}

// The upper half-word holds most of the opcode: all of its values, each with a few lower ones.
TEST(Decode, EveryUpperHalfEncodesOneInstructionAtMost) {
  Random random(3);
  for (std::uint32_t upper = 0; upper < 0x10000; ++upper)
    for (int i = 0; i < 16; ++i) expect_unambiguous(upper << 16U | (random() & 0xFFFFU));
}

// Around every instruction: each fixed bit turned over gives another instruction or none.
TEST(Decode, EveryFixedBitCounts) {
  for (const IsaLine& line : isa_lines()) {
    const std::uint32_t word = line.match;
    for (std::uint32_t bit = 1; bit != 0; bit <<= 1U) {
      if ((line.mask & bit) == 0) continue;
      expect_unambiguous(word ^ bit);
      EXPECT_NE(decoded_id(word ^ bit, Mode::supervisor), line.id) << std::hex << bit;
    }
  }
}

TEST(Decode, TwoWordInstructionsAreTheSupervisors) {
  constexpr std::uint32_t sendpicp = 0xF0000000U;  // its base word in published exchange code
  EXPECT_EQ(decoded_id(sendpicp, Mode::supervisor), "sendpicp");
  EXPECT_EQ(decode(sendpicp, Mode::worker), Opcode::invalid);
  EXPECT_EQ(decode(sendpicp, Mode::both), Opcode::invalid);
}

// Base words of the exchange and synchronisation instructions, as published for supervisor code.
TEST(Decode, ExchangeWords) {
  const auto fields = [](std::uint32_t word) {
    std::vector<std::uint32_t> out;
    for (const Operand& operand : instruction(decode(word, Mode::supervisor)).operands)
      out.push_back(operand.field(word));
    return out;
  };
  using Fields = std::vector<std::uint32_t>;
  EXPECT_EQ(decoded_id(0x41800003U, Mode::supervisor), "sync");
  EXPECT_EQ(fields(0x41800003U), (Fields{3}));
  EXPECT_EQ(decoded_id(0x41801003U, Mode::supervisor), "trap_mmmn_zi");
  EXPECT_EQ(decoded_id(0x40C00007U, Mode::supervisor), "sans");
  EXPECT_EQ(decoded_id(0x40A00010U, Mode::supervisor), "delay");
  EXPECT_EQ(decoded_id(0x60000000U, Mode::supervisor), "delaypic");
  EXPECT_EQ(decoded_id(0x64000000U, Mode::supervisor), "delayxpic");
  // send: 0x78000000 | (words - 1) << 21 | address << 3 | control
  const std::uint32_t send = 0x78000000U | 63U << 21U | 0x14000U << 3U | 5U;
  EXPECT_EQ(decoded_id(send, Mode::supervisor), "send");
  EXPECT_EQ(fields(send), (Fields{63, 0x14000, 5}));
  EXPECT_EQ(decoded_id(0x70000000U, Mode::supervisor), "sendoff");
  EXPECT_EQ(decoded_id(0x70100000U, Mode::supervisor), "sendpic");
}

TEST(Operands, ValuesAreExtended) {
  const auto value = [](std::uint32_t word, std::size_t operand) {
    return instruction(decode(word, Mode::worker)).operands[operand].value(word);
  };
  EXPECT_EQ(value(0x2200FFD6U, 2), 0xFFFFFFD6U);  // add $m0, $m0, -42
  EXPECT_EQ(value(0x2000FF98U, 2), 65432U);       // add $m0, $m0, 65432
  EXPECT_EQ(value(0x4087FFFFU, 0), 0x1FFFFCU);    // bri: word number to byte address
  EXPECT_EQ(value(0x4210C123U, 2), 0x12300000U);  // or, upper 12 bits
}

TEST(Operands, SendoffCountIsSplit) {
  // Low six bits of the count on the left, the upper six below them: [26:21] and [19:14].
  const std::uint32_t word = 0x70000000U | 0x2AU << 21U | 0x15U << 14U | 0x7FFU << 3U;
  const Instruction& info = instruction(decode(word, Mode::supervisor));
  EXPECT_EQ(info.id, "sendoff");
  EXPECT_EQ(info.operands[0].value(word), 0x15U << 6U | 0x2AU);
  EXPECT_EQ(info.operands[1].value(word), 0xFFFFFFFFU);  // the delta is signed
}

TEST(Operands, PairsAndQuadsMustBeAligned) {
  const auto aligned = [](std::uint32_t word) {
    return registers_aligned(instruction(decode(word, Mode::worker)), word);
  };
  // Words that the public tests of the LLVM target want refused.
  for (std::uint32_t nibble = 0; nibble < 16; ++nibble) {
    EXPECT_EQ(aligned(0x5F20F000U | nibble << 4U), nibble % 2 == 0) << "st64, " << nibble;
    EXPECT_EQ(aligned(0x4D000805U | nibble << 4U), nibble % 4 == 0) << "ld128, " << nibble;
  }
  for (std::uint32_t nibble = 0; nibble < 16; nibble += 2)
    EXPECT_EQ(aligned(0x56402800U | nibble << 16U), nibble % 4 == 0) << "ld2xst64pace, " << nibble;
  EXPECT_TRUE(aligned(0x44506041U));  // single registers: add $m4, $m5, $m6
}

}  // namespace
}  // namespace ipusim::isa
