// SPDX-License-Identifier: Apache-2.0
// Memory maps against the sizes that the vendor and the open library state.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <set>
#include <string>

#include "ipusim/isa/isa.hpp"

namespace ipusim::isa {
namespace {

constexpr std::uint32_t kib = 1024;

TEST(Arch, Mk2Memory) {
  for (const Arch arch : {Arch::ipu2, Arch::ipu21}) {
    const ArchInfo& info = arch_info(arch);
    EXPECT_EQ(info.arch, arch);
    EXPECT_EQ(info.memory_base, 0x4C000U);
    EXPECT_EQ(info.memory_end - info.memory_base, 624 * kib);
    EXPECT_EQ(info.region1_base - info.memory_base, 13 * 16 * kib);  // 13 elements of code and data
    EXPECT_EQ(info.memory_end - info.region1_base, 13 * 32 * kib);   // 13 interleaved pairs
    EXPECT_EQ(info.element_bytes, 16 * kib);
    EXPECT_EQ(info.repeat_count_mask, 0xFFFFU);
  }
}

TEST(Arch, Mk1Memory) {
  const ArchInfo& info = arch_info(Arch::ipu1);
  EXPECT_EQ(info.memory_base, 0x40000U);
  EXPECT_EQ(info.memory_end - info.memory_base, 256 * kib);
  EXPECT_EQ(info.region1_base, 0x60000U);
  EXPECT_EQ(info.element_bytes, 16 * kib);
  EXPECT_EQ(info.repeat_count_mask, 0xFFFU);
}

TEST(Arch, ElfFlagsOfThePublishedTarget) {
  EXPECT_EQ(arch_info(Arch::ipu1).elf_flags, 0x01U);
  EXPECT_EQ(arch_info(Arch::ipu2).elf_flags, 0x02U);
  EXPECT_EQ(arch_info(Arch::ipu21).elf_flags, 0x21U);
}

TEST(Arch, Names) {
  EXPECT_EQ(parse_arch("ipu1"), Arch::ipu1);
  EXPECT_EQ(parse_arch("ipu2"), Arch::ipu2);
  EXPECT_EQ(parse_arch("ipu21"), Arch::ipu21);
  EXPECT_EQ(parse_arch("ipu3"), std::nullopt);
  EXPECT_EQ(parse_arch(""), std::nullopt);
  EXPECT_EQ(parse_arch("IPU2"), std::nullopt);
  for (const Arch arch : {Arch::ipu1, Arch::ipu2, Arch::ipu21})
    EXPECT_EQ(parse_arch(arch_info(arch).name), arch);
}

// Regions begin where an address bit alone tells element and pair.
TEST(Arch, RegionsAreAligned) {
  for (const Arch arch : {Arch::ipu1, Arch::ipu2, Arch::ipu21}) {
    const ArchInfo& info = arch_info(arch);
    EXPECT_TRUE(std::has_single_bit(info.element_bytes));
    EXPECT_EQ(info.memory_base % info.element_bytes, 0U);
    EXPECT_EQ(info.region1_base % (2 * info.element_bytes), 0U);
    EXPECT_EQ(info.memory_end % (2 * info.element_bytes), 0U);
  }
}

// The published target's lists of what came with Mk2 and with ipu21. The MRF forms of the permutes are on
// all.
TEST(Arch, InstructionsOfTheLaterOnes) {
  const std::set<std::string_view> from_ipu2{"f16v4hihov4amp", "f16v4hihov4slic", "f32sisov2amp",
                                             "f32sisov2slic"};
  const std::set<std::string_view> from_ipu21{
      "f16v2tof8",      "f16v8tof8", "f8v2tof16", "f8v4tof16", "f8v4class", "f8v8hihov4amp",
      "f8v8hihov4slic", "ldb8",      "ldb8step",  "roll8l",    "roll8r",    "shuf8x8hi",
      "shuf8x8lo",      "sort8",     "sort8x8hi", "sort8x8lo", "swap8"};
  for (const Instruction& info : all_instructions()) {
    const bool aux = std::any_of(info.operands.begin(), info.operands.end(), [](const Operand& o) {
      return o.cls >= OperandClass::AR && o.cls <= OperandClass::Broadcast;
    });
    unsigned expected = 7;
    if (from_ipu2.contains(info.mnemonic) || info.id == "sort4x16hi_aaal") expected = 6;
    if (aux && from_ipu21.contains(info.mnemonic)) expected = 4;
    EXPECT_EQ(info.arch_mask, expected) << info.id;
  }
}

// No case can show what a model does with an instruction it lacks: there is none. A line that says otherwise
// needs a case in tests/tile/exception_cases.cpp.
TEST(Arch, BothModelsExecuteEveryInstruction) {
  for (const Instruction& info : all_instructions()) EXPECT_TRUE(info.fast && info.rtl) << info.id;
}

// Supervisor only: run, runall, ld64putcs, ld128putcs and the exchange; workers only: exits, rpt, atom,
// tapack and whatever names an ARF register.
TEST(Arch, Modes) {
  const std::set<std::string_view> supervisor{"run",     "runall",  "ld64putcs", "ld128putcs", "sync",
                                              "sans",    "delay",   "delaypic",  "delayxpic",  "send",
                                              "sendoff", "sendpic", "sendpicp"};
  const std::set<std::string_view> worker{"exitz", "exitnz", "exitpos", "exitneg", "rpt", "atom", "tapack"};
  for (const Instruction& info : all_instructions()) {
    const bool aux = info.lane == Lane::aux ||
                     std::any_of(info.operands.begin(), info.operands.end(), [](const Operand& o) {
                       return o.cls >= OperandClass::AR && o.cls <= OperandClass::Broadcast;
                     });
    Mode expected = Mode::both;
    if (supervisor.contains(info.mnemonic)) expected = Mode::supervisor;
    if (aux || worker.contains(info.mnemonic)) expected = Mode::worker;
    EXPECT_EQ(info.mode, expected) << info.id;
  }
}

// docs/timing.md, 6 and 8: sends and delays take events; what else is never injected.
TEST(Arch, Classes) {
  const std::set<std::string_view> timed{"delay",   "delaypic", "delayxpic", "send",
                                         "sendoff", "sendpic",  "sendpicp"};
  const std::set<std::string_view> outward{"rpt",     "run",  "runall", "exitz", "exitnz",    "exitpos",
                                           "exitneg", "sync", "sans",   "trap",  "ld64putcs", "ld128putcs"};
  for (const Instruction& info : all_instructions()) {
    EXPECT_EQ(info.timed, timed.contains(info.mnemonic)) << info.id;
    EXPECT_EQ(info.outward, info.timed || outward.contains(info.mnemonic)) << info.id;
  }
}

// Byte addresses of 21 bits reach all of memory; a window of 1 MiB holds it.
TEST(Arch, AddressWidths) {
  EXPECT_EQ(address_bits, 21U);
  EXPECT_EQ(address_mask, 0x1FFFFFU);
  EXPECT_EQ(tile_window_bits, 20U);
  for (const Arch arch : {Arch::ipu1, Arch::ipu2, Arch::ipu21})
    EXPECT_LE(arch_info(arch).memory_end, 1U << tile_window_bits);
}

}  // namespace
}  // namespace ipusim::isa
