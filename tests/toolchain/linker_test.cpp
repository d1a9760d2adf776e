// SPDX-License-Identifier: Apache-2.0
// Layout, symbols and errors of the linker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Object object(const std::string& name, const std::string& text) {
  return assemble_text(text, name, plain(isa::Mode::supervisor));
}
constexpr const char* start = ".globl _start\n_start: nop\n";

TEST(Linker, SectionsFollowTheOrderOfTheObjects) {
  const auto linked =
      link({object("a.o", ".globl _start, in_a\n_start: nop\n.data\nin_a: .long 1\n"),
            object("b.o", ".globl in_b, far\nin_b: nop\n.section .rodata.x,\"a\"\nfar: .long 2\n")},
           {});
  const Image& image = linked.image;
  EXPECT_EQ(image.entry, ByteAddr{region0});
  EXPECT_EQ(image.symbol("in_b").value, region0 + 4);
  EXPECT_EQ(image.symbol("far").value, region0 + 8);  // .rodata before .data
  EXPECT_EQ(image.symbol("in_a").value, region0 + 12);
  EXPECT_THAT(linked.map,
              AllOf(HasSubstr("a.o (.data)"), HasSubstr("b.o (.rodata.x)"), HasSubstr("in_b (b.o)")));
}

TEST(Linker, Region1SectionsGoThereWithTheirAlignment) {
  const auto linked =
      link({object("a.o", std::string(start) +
                              ".globl first, second\n.section .region1.a,\"aw\",@nobits\nfirst: .space 4\n"
                              ".section .region1_b,\"aw\"\n.balign 32768\nsecond: .long 7\n")},
           {});
  EXPECT_EQ(linked.image.symbol("first").value, region1);
  EXPECT_EQ(linked.image.symbol("second").value, region1 + 32768);
  ASSERT_EQ(linked.image.segments.size(), 3U);
  EXPECT_TRUE(linked.image.segments[1].bytes.empty());
  EXPECT_EQ(linked.image.segments[1].zeros, 4U);
  EXPECT_EQ(linked.image.segments[2].bytes, (std::vector<std::uint8_t>{7, 0, 0, 0}));
}

TEST(Linker, OverflowNamesRegionAndSections) {
  const auto error = tool_error([] {
    link({object("a.o", std::string(start) +
                            ".bss\n.space 0x40000\n.section .region1,\"aw\",@nobits\n.space 0x70000\n")},
         {});
  });
  // Region 0 holds 0x34000 bytes, region 1 0x68000.
  EXPECT_THAT(error, HasSubstr("region 0 of ipu2 (0x34000 bytes from 0x4c000) overflows by 0xc004 bytes"));
  EXPECT_THAT(
      error, AllOf(HasSubstr(".bss 0x40000"), HasSubstr("region 1"), HasSubstr("overflows by 0x8000 bytes")));
}

TEST(Linker, UndefinedAndDuplicateSymbolsAreAllNamed) {
  const auto error = tool_error([] {
    link({object("a.o", std::string(start) + ".globl twice\ntwice: setzi $m0, nowhere\n.long gone\n"),
          object("b.o", ".globl twice\ntwice: nop\n")},
         {});
  });
  EXPECT_THAT(error, HasSubstr("duplicate symbol 'twice': defined in a.o and in b.o"));
  EXPECT_THAT(error, HasSubstr("a.o: undefined symbol 'nowhere', needed in .text at 0x4"));
  EXPECT_THAT(error, HasSubstr("a.o: undefined symbol 'gone', needed in .text at 0x8"));
}

TEST(Linker, WeakDefinitionsGiveWay) {
  const Object weak = object("weak.o", ".weak f\nf: nop\n.weak absent\n.long absent\n");
  const Object strong = object("strong.o", std::string(start) + ".globl f\nf: nop\n");
  for (const auto& objects : {std::vector{weak, strong}, std::vector{strong, weak}}) {
    const auto linked = link(objects, {});
    EXPECT_THAT(linked.map, HasSubstr("f (strong.o)"));
  }
  EXPECT_THAT(link({weak, object("main.o", start)}, {}).map, HasSubstr("f (weak.o)"));
}

TEST(Linker, CommonSymbolsAreAllocatedOnceAtTheLargestSize) {
  const auto linked = link({object("a.o", std::string(start) + ".comm shared, 8, 8\n"),
                            object("b.o", ".comm shared, 64, 16\n.globl after\n.bss\nafter: .space 4\n")},
                           {});
  const std::uint32_t shared = linked.image.symbol("shared").value;
  EXPECT_EQ(shared % 16, 0U);
  const std::uint32_t after = linked.image.symbol("after").value;
  EXPECT_TRUE(after + 4 <= shared || after >= shared + 64);
}

TEST(Linker, DefinesAndMemoryMapAreSymbols) {
  LinkOptions options;
  options.defines = {{"__tile_index", 7}};
  const auto linked =
      link({object("a.o",
                   std::string(start) + ".long __tile_index, __memory_base, __region1_base, __memory_end\n")},
           options);
  const auto& bytes = linked.image.segments.at(0).bytes;
  const auto word = [&](std::size_t i) {
    return bytes[4 * i] | bytes[4 * i + 1] << 8 | bytes[4 * i + 2] << 16;
  };
  EXPECT_EQ(word(1), 7);
  EXPECT_EQ(word(2), 0x4C000);
  EXPECT_EQ(word(3), 0x80000);
  EXPECT_EQ(word(4), 0xE8000);
  EXPECT_TRUE(linked.image.symbol("__tile_index").absolute);
  EXPECT_THAT(tool_error([&] {
                link({object("a.o", std::string(start) + ".globl __tile_index\n.set __tile_index, 3\n")},
                     options);
              }),
              HasSubstr("duplicate symbol '__tile_index': defined in the linker and in a.o"));
}

TEST(Linker, StartAndStopOfNamedSections) {
  const auto linked = link(
      {object("a.o", std::string(start) +
                         ".section table,\"aw\"\n.long 1, 2\n.text\n.long __start_table, __stop_table\n")},
      {});
  EXPECT_EQ(linked.image.symbol("__stop_table").value - linked.image.symbol("__start_table").value, 8U);
}

TEST(Linker, TheEntryMustBeThere) {
  EXPECT_THAT(tool_error([] { link({object("a.o", "nop\n")}, {}); }),
              HasSubstr("no object defines the entry '_start'"));
  LinkOptions options;
  options.entry = "data";
  EXPECT_THAT(tool_error([&] {
                link({object("a.o", ".globl data\n.section .region1,\"aw\"\ndata: .long 1\n")}, options);
              }),
              HasSubstr("is no code address"));
}

TEST(Linker, ArchitecturesDoNotMix) {
  AssemblerOptions ipu1 = plain();
  ipu1.arch = isa::Arch::ipu1;
  const Object old = assemble_text(start, "old.o", ipu1);
  EXPECT_THAT(tool_error([&] { link({old}, {}); }),
              HasSubstr("old.o: assembled for ipu1, the link is for ipu2"));
  LinkOptions options;
  options.arch = isa::Arch::ipu1;
  EXPECT_EQ(link({old}, options).image.entry, ByteAddr{0x40000});
}

TEST(Linker, SameInputSameBytes) {
  const auto once = link({object("a.o", start)}, {});
  const auto again = link({object("a.o", start)}, {});
  EXPECT_EQ(once.image.elf, again.image.elf);
  EXPECT_EQ(once.map, again.map);
}

}  // namespace
}  // namespace ipusim::toolchain_test
