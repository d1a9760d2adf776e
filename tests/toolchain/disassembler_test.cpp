// The LLVM decoder and the tables the machine itself decodes with come from one source by two ways: they must
// agree on every word, and what is printed must assemble back.
#include "ipusim/toolchain/disassembler.hpp"

#include <gtest/gtest.h>

#include <random>
#include <regex>

#include "bench.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;

std::vector<std::uint8_t> bytes_of(std::initializer_list<std::uint32_t> list) {
  std::vector<std::uint8_t> bytes;
  for (const std::uint32_t word : list)
    for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(word >> 8 * i));
  return bytes;
}

// A word of a random instruction: its fixed bits and random fields, sometimes all random.
std::uint32_t random_word(std::mt19937& random) {
  const auto all = isa::all_instructions();
  const isa::Instruction& instruction = all[random() % all.size()];
  const auto noise = static_cast<std::uint32_t>(random());
  if (random() % 8 == 0) return noise & 0x7FFFFFFFU;
  return ((noise & ~instruction.mask) | instruction.match) & 0x7FFFFFFFU;
}

TEST(Disassembler, AgreesWithTheMachinesDecoder) {
  const Disassembler disassembler(isa::Arch::ipu21);
  std::mt19937 random(7);
  for (int i = 0; i < 200000; ++i) {
    const std::uint32_t word = random_word(random);
    const isa::Opcode opcode = isa::decode(word, isa::Mode::worker);
    bool expected = opcode != isa::Opcode::invalid;
    if (expected) expected = isa::registers_aligned(isa::instruction(opcode), word);
    const Disassembly got = disassembler.disassemble(bytes_of({word}), region0);
    ASSERT_EQ(got.valid, expected) << std::hex << word << " " << got.text;
  }
}

// Branch targets are printed as byte addresses but written as word numbers.
std::string as_source(const std::string& printed) {
  static const std::regex target("^((?:br\\w+ \\$m\\d+, |bri |call \\$m\\d+, ))0x([0-9a-f]+)$");
  std::smatch match;
  if (!std::regex_match(printed, match, target)) return printed;
  return match[1].str() + std::to_string(std::stoul(match[2].str(), nullptr, 16) / 4);
}

TEST(Disassembler, WhatItPrintsAssemblesBack) {
  const Disassembler disassembler(isa::Arch::ipu21);
  std::mt19937 random(8);
  std::string source = ".allow_invalid_execution_mode\n.allow_invalid_repeat\n";
  std::vector<std::uint32_t> expected;
  while (expected.size() < 20000) {
    const std::uint32_t word = random_word(random);
    const Disassembly one = disassembler.disassemble(bytes_of({word}), region0);
    if (!one.valid) continue;
    source += as_source(one.text) + "\n";
    expected.push_back(word);
  }
  AssemblerOptions options = plain();
  options.arch = isa::Arch::ipu21;
  const auto got = words(source, options);
  ASSERT_EQ(got.size(), expected.size());
  std::size_t respelled = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (got[i] == expected[i]) continue;
    // An immediate that fits two forms is written back in the first: same text, other word.
    ++respelled;
    EXPECT_EQ(disassembler.disassemble(bytes_of({got[i]}), region0).text,
              disassembler.disassemble(bytes_of({expected[i]}), region0).text);
  }
  EXPECT_LT(respelled, got.size() / 20);
}

TEST(Disassembler, Bundles) {
  const Disassembler disassembler(isa::Arch::ipu2);
  const auto code = words("{ add $m0, $m1, $m2 ; f32add $a0, $a1, $a2 }");
  const Disassembly bundle = disassembler.disassemble(bytes_of({code[0], code[1]}), region0);
  EXPECT_TRUE(bundle.valid);
  EXPECT_EQ(bundle.bytes, 8U);
  EXPECT_EQ(bundle.text, "{add $m0, $m1, $m2; f32add $a0, $a1, $a2}");
  // Two main-lane halves are no bundle.
  EXPECT_FALSE(disassembler.disassemble(bytes_of({code[0], code[0]}), region0).valid);
}

TEST(Disassembler, TwoWordsAndData) {
  const Disassembler supervisor(isa::Arch::ipu2, isa::Mode::supervisor);
  const Disassembly two = supervisor.disassemble(
      bytes_of({0xF0000000U | 5U << 21U | 0x1234U << 3U | 3U, 0x3001U << 18U | 7U}), region0);
  EXPECT_EQ(two.text, "sendpicp 5, 4660, 3, 0, 12289, 7");
  EXPECT_EQ(two.bytes, 8U);
  const Disassembly data = supervisor.disassemble(bytes_of({0xFFFFFFFF}), region0);
  EXPECT_FALSE(data.valid);
  EXPECT_EQ(data.text, ".long 0xffffffff");
  const std::vector<std::uint8_t> tail{1, 2};
  EXPECT_EQ(supervisor.disassemble(tail, region0).bytes, 2U);
}

TEST(Disassembler, KnowsModesAndArchitectures) {
  const auto run = bytes_of({0x14000000});
  EXPECT_FALSE(Disassembler(isa::Arch::ipu2, isa::Mode::worker).disassemble(run, region0).valid);
  EXPECT_TRUE(Disassembler(isa::Arch::ipu2, isa::Mode::supervisor).disassemble(run, region0).valid);
  const std::vector<std::uint8_t> swap8{0xF0, 0x7C, 0xD0, 0x52};  // ipu21 only
  EXPECT_FALSE(Disassembler(isa::Arch::ipu2).disassemble(swap8, region0).valid);
  EXPECT_TRUE(Disassembler(isa::Arch::ipu21).disassemble(swap8, region0).valid);
}

}  // namespace
}  // namespace ipusim::toolchain_test
