// SPDX-License-Identifier: Apache-2.0
// What the disassembler says of chosen words; tests/decode_fuzz asks it about all of them.
#include "ipusim/toolchain/disassembler.hpp"

#include <gtest/gtest.h>

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
