// SPDX-License-Identifier: Apache-2.0
#include "ipusim/toolchain/symbol_locator.hpp"

#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;

std::string at(const LinkedImage& linked, std::uint32_t address) {
  const auto place = SymbolLocator(linked.image).locate(ByteAddr{address});
  return place ? place->format() : "none";
}

TEST(SymbolLocator, ALabelReachesToTheNextOfItsSectionOrItsEnd) {
  const auto linked = build(
      "first: nop\n nop\nsecond: nop\n nop\n"
      " .data\nvalue: .long 1, 2\n");
  // build() puts the entry there too: a global symbol goes before a local one.
  EXPECT_EQ(at(linked, region0), "_start");
  EXPECT_EQ(at(linked, region0 + 4), "_start+0x4");
  EXPECT_EQ(at(linked, region0 + 7), "_start+0x7");
  EXPECT_EQ(at(linked, region0 + 8), "second");
  EXPECT_EQ(at(linked, region0 + 12), "second+0x4");
  EXPECT_EQ(at(linked, region0 + 16), "value");
  EXPECT_EQ(at(linked, region0 + 20), "value+0x4");
  EXPECT_EQ(at(linked, region0 + 24), "none");
}

TEST(SymbolLocator, WhatLiesOutsideMemoryHasNoName) {
  const auto linked = build(
      "first: nop\n"
      " .section .region1_end, \"aw\", @nobits\nlast: .space 0x68000\n .size last, 0x68010\n");
  EXPECT_EQ(at(linked, 0xE7FFC), "last+0x67ffc");
  for (const std::uint32_t address : {0U, 0x100U, region0 - 1, 0xE8000U, 0xE8004U, 0xFFFFFFFFU})
    EXPECT_EQ(at(linked, address), "none") << address;
}

TEST(SymbolLocator, ASizeEndsASymbolAndTheLabelsInIt) {
  const auto linked = build(
      "f: nop\n nop\n .size f, 8\n nop\n"
      "g: nop\ninner: nop\n nop\n .size g, 8\n nop\n nop\n");
  EXPECT_EQ(at(linked, region0 + 4), "f+0x4");
  EXPECT_EQ(at(linked, region0 + 8), "none");
  EXPECT_EQ(at(linked, region0 + 12), "g");
  EXPECT_EQ(at(linked, region0 + 16), "inner");
  EXPECT_EQ(at(linked, region0 + 20), "none");
  EXPECT_EQ(at(linked, region0 + 24), "none");
}

TEST(SymbolLocator, BehindASmallSymbolTheOneAroundItGoesOn) {
  const auto linked =
      build("table: .long 0\nentry: .long 1\n .size entry, 4\n .long 2, 3\n .size table, 16\n");
  EXPECT_EQ(at(linked, region0 + 4), "entry");
  EXPECT_EQ(at(linked, region0 + 8), "table+0x8");
  EXPECT_EQ(at(linked, region0 + 12), "table+0xc");
}

TEST(SymbolLocator, OfSeveralAtOneAddressTheOneThatSaysMost) {
  const auto linked = build(
      "here: .globl known\nknown: nop\n"
      "label: .globl sized, weak\n .weak weak\nweak:\nsized: nop\n .size sized, 4\n"
      " .weak maybe\nmaybe:\nhelper: nop\n");
  EXPECT_EQ(at(linked, region0), "known");
  EXPECT_EQ(at(linked, region0 + 4), "sized");
  EXPECT_EQ(at(linked, region0 + 8), "maybe");
}

TEST(SymbolLocator, NumbersAreNoPlaces) {
  const auto linked = build("first: nop\n nop\n .globl number\n .set number, 0x4c004\n");
  ASSERT_EQ(linked.image.symbol("number").value, region0 + 4);
  EXPECT_EQ(at(linked, region0 + 4), "_start+0x4");
}

TEST(SymbolLocator, LocalSymbolsOfSeveralObjectsKeepTheirPlaces) {
  const auto a = assemble_text(".globl _start\n_start: nop\nloop: nop\n nop\n", "a.S", plain());
  const auto b = assemble_text(" nop\nloop: nop\n", "b.S", plain());
  const auto linked = link({a, b}, {});
  EXPECT_EQ(at(linked, region0 + 8), "loop+0x4");
  // What stands before the first label of the second object is still what the first one ended with: there is
  // one section.
  EXPECT_EQ(at(linked, region0 + 12), "loop+0x8");
  EXPECT_EQ(at(linked, region0 + 16), "loop");
}

}  // namespace
}  // namespace ipusim::toolchain_test
