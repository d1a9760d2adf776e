// SPDX-License-Identifier: Apache-2.0
// What a link leaves out, and what it must not: section groups, unused sections, frame information, common
// symbols.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"
#include "ipusim/toolchain/source_locator.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Object object(const std::string& name, const std::string& text, bool debug = false) {
  AssemblerOptions options = plain(isa::Mode::supervisor);
  options.debug = debug;
  return assemble_text(text, name, options);
}
Object start(const std::string& more = "") {
  return object("main.o", ".globl _start\n_start: call $m10, f\n" + more);
}

std::string in_group(const std::string& binding, const std::string& value) {
  return ".section .text.f,\"axG\",@progbits,f,comdat\n" + binding + " f\nf: setzi $m0, " + value +
         "\n br $m10\n";
}

std::size_t loaded_bytes(const LinkedImage& linked) {
  std::size_t bytes = 0;
  for (const Segment& segment : linked.image.segments) bytes += segment.size();
  return bytes;
}

TEST(Groups, OneCopyIsLinkedTheFirst) {
  for (const std::string binding : {".globl", ".weak"}) {
    const auto linked =
        link({start(), object("a.o", in_group(binding, "1")), object("b.o", in_group(binding, "2"))}, {});
    EXPECT_EQ(loaded_bytes(linked), 12U) << binding;  // call, setzi, br
    EXPECT_THAT(linked.map, AllOf(HasSubstr("f (a.o)"), Not(HasSubstr("b.o (.text.f)"))));
    EXPECT_EQ(linked.image.segments.at(0).bytes.at(4), 1) << binding;
  }
}

TEST(Groups, AllSectionsOfACopyGoTogether) {
  const auto copy = [](const std::string& value) {
    return in_group(".globl", value) +
           ".section .rodata.f,\"aG\",@progbits,f,comdat\n.globl table\ntable: .long " + value + "\n";
  };
  const auto linked = link({start(".long table\n"), object("a.o", copy("1")), object("b.o", copy("2"))}, {});
  EXPECT_EQ(loaded_bytes(linked), 20U);
}

TEST(Groups, OtherGroupsAndPlainCopiesStillClash) {
  EXPECT_THAT(
      tool_error([] {
        link({start(), object("a.o", in_group(".globl", "1")), object("b.o", ".globl f\nf: nop\n")}, {});
      }),
      HasSubstr("duplicate symbol 'f': defined in a.o and in b.o"));
  const std::string not_comdat = ".section .text.f,\"axG\",@progbits,f\n.globl f\nf: nop\n";
  EXPECT_THAT(tool_error([&] {
                link({start(), object("a.o", not_comdat), object("b.o", not_comdat)}, {});
              }),
              HasSubstr("duplicate symbol 'f'"));
}

TEST(Groups, WhatALeftOutCopyKeptToItselfCannotBeReferredTo) {
  const std::string inner = ".section .text.f,\"axG\",@progbits,f,comdat\n.globl f\nf: nop\ninner: nop\n";
  EXPECT_THAT(
      tool_error([&] {
        link({start(), object("a.o", inner), object("b.o", inner + ".data\n.long inner\n")}, {});
      }),
      HasSubstr("b.o: section .text.f, which belongs to the group 'f', of which the copy in a.o is linked, "
                "needed in .data at 0x0"));
}

TEST(Groups, DebugInformationOfLeftOutCopiesLeadsNowhere) {
  const auto linked = link(
      {start(), object("a.s", in_group(".globl", "1"), true), object("b.s", in_group(".globl", "2"), true)},
      {});
  const auto place = SourceLocator(linked.image).locate(ByteAddr{region0 + 4});
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->format(), "a.s:3");
}

TEST(Groups, LinkOnceSectionsAreGroups) {
  const std::string once = ".section .gnu.linkonce.t.f,\"ax\"\n.globl f\nf: nop\n";
  EXPECT_EQ(loaded_bytes(link({start(), object("a.o", once), object("b.o", once)}, {})), 8U);
}

TEST(UnusedSections, AreLeftOutOnRequest) {
  const Object library = object("l.o",
                                ".section .text.f,\"ax\"\n.globl f\nf: call $m10, g\n"
                                ".section .text.g,\"ax\"\n.globl g\ng: setzi $m0, table\n"
                                ".section .rodata.table,\"a\"\ntable: .long 1\n"
                                ".section .text.h,\"ax\"\n.globl h\nh: call $m10, f\n"
                                ".section keep,\"aR\"\n.long 2\n");
  LinkOptions options;
  EXPECT_EQ(loaded_bytes(link({start(), library}, options)), 24U);
  options.gc_sections = true;
  EXPECT_EQ(loaded_bytes(link({start(), library}, options)), 20U);  // without h
  options.undefined = {"h"};
  EXPECT_EQ(loaded_bytes(link({start(), library}, options)), 24U);
}

TEST(UnusedSections, ReferencesToTheirEndsKeepSections) {
  const Object list = object("l.o", ".globl f\nf: nop\n.section list,\"a\"\n.long 1\n");
  LinkOptions options;
  options.gc_sections = true;
  EXPECT_EQ(loaded_bytes(link({start(), list}, options)), 8U);
  EXPECT_EQ(loaded_bytes(link({start(".long __start_list, __stop_list\n"), list}, options)), 20U);
}

TEST(FrameInformation, HoldsPlainAddressesAndTakesNoMemory) {
  const Object with_frames =
      object("f.o", ".globl f\nf: .cfi_startproc\nnop\n.cfi_def_cfa_offset 8\nbr $m10\n.cfi_endproc\n");
  EXPECT_EQ(loaded_bytes(link({start(), with_frames}, {})), 12U);
  const auto file = test_folder() / "f.o";
  write_text(file, std::string(with_frames.elf.begin(), with_frames.elf.end()));
  // CIE: version 1, "zR", code alignment 4 (an instruction), data alignment -4, return column 10, one byte of
  // augmentation: DW_EH_PE_absptr; then DW_CFA_def_cfa $m11 + 0.
  const ToolRun contents = run_tool("ipu-objdump -s -j .eh_frame f.o");
  EXPECT_THAT(contents.output, HasSubstr("00000000 017a5200 047c0a01"));
  EXPECT_THAT(contents.output, HasSubstr("000c0b00"));
  EXPECT_THAT(run_tool("ipu-objdump -r -j .eh_frame f.o").output, HasSubstr("R_COLOSSUS_32 .text"));
}

TEST(CommonSymbols, GiveWayToStrongDefinitionsOnly) {
  const Object common = object("c.o", ".comm shared, 8, 16\n");
  EXPECT_THAT(
      link({start(".globl f\nf: nop\n"), common, object("d.o", ".globl shared\n.set shared, 3\n")}, {}).map,
      HasSubstr("shared (d.o)"));
  EXPECT_THAT(
      link({start(".globl f\nf: nop\n"), common, object("d.o", ".weak shared\n.data\nshared: .long 1\n")}, {})
          .map,
      HasSubstr("shared (c.o)"));
  const auto linked = link({start(".globl f\nf: nop\n"), common, object("d.o", ".comm shared, 12, 4\n")}, {});
  EXPECT_EQ(linked.image.symbol("shared").value % 16, 0U);
  EXPECT_EQ(linked.image.symbol("shared").size, 12U);
}

TEST(LinkedSymbols, AliasesWrapsAndStripping) {
  const Object f = object("f.o", ".globl f\n.type f, @function\nf: br $m10\n", true);
  LinkOptions options;
  options.aliases = {{"g", {"f", 8}}};
  EXPECT_EQ(link({start(), f}, options).image.symbol("g").value, region0 + 4 + 8);
  options.aliases = {{"g", {"nowhere", 0}}};
  EXPECT_THAT(tool_error([&] {
                link({start(), f}, options);
              }),
              HasSubstr("'g' is to stand for 'nowhere', which no object defines"));
  options = {};
  options.wrapped = {"f"};
  const Object wrapper = object("w.o", ".globl __wrap_f\n__wrap_f: call $m10, __real_f\n");
  const auto wrapped = link({start(), f, wrapper}, options);
  const auto& bytes = wrapped.image.segments.at(0).bytes;  // call, br, call
  EXPECT_EQ(bytes.at(0), (region0 + 8) / 4 % 256);
  EXPECT_EQ(bytes.at(8), (region0 + 4) / 4 % 256);
  options = {};
  options.strip = LinkOptions::Strip::debug;
  const auto stripped = link({start(), f}, options);
  EXPECT_NE(stripped.image.find_symbol("f"), nullptr);
  EXPECT_LT(stripped.image.elf.size(), link({start(), f}, {}).image.elf.size());
  options.strip = LinkOptions::Strip::all;
  EXPECT_TRUE(link({start(), f}, options).image.symbols.empty());
}

TEST(Regions, CodeInRegion1IsRefused) {
  EXPECT_THAT(tool_error([] {
                link({start(), object("f.o", ".section .region1.f,\"ax\"\n.globl f\nf: nop\n")}, {});
              }),
              HasSubstr("f.o: section .region1.f holds code in region 1, from where it cannot be fetched"));
}

TEST(Regions, SizesBeyond32BitsDoNotWrap) {
  // A foreign object whose .bss has nearly 4 GiB.
  Object huge = object("huge.o", ".globl f\nf: nop\n.bss\n.space 16\n");
  const auto read = [&](std::size_t at) {
    return std::uint32_t{huge.elf[at]} | std::uint32_t{huge.elf[at + 1]} << 8U |
           std::uint32_t{huge.elf[at + 2]} << 16U;
  };
  constexpr std::size_t section_header_bytes = 40, nobits = 8;
  for (std::size_t at = read(32); at < huge.elf.size(); at += section_header_bytes)
    if (read(at + 4) == nobits)
      for (std::size_t i = 0; i < 4; ++i) huge.elf[at + 20 + i] = i == 0 ? 0xF0 : 0xFF;
  EXPECT_THAT(tool_error([&] { link({start(), huge, huge}, {}); }), HasSubstr("overflows by 0x1fff"));
}

TEST(Regions, LabelsInEmptySectionsLieWhereTheSectionWould) {
  const auto linked = link({start(".globl f\nf: nop\n.data\n.long 1\n"),
                            object("e.o", ".globl here\n.section .data.e,\"aw\"\nhere:\n.data\n.long here\n"),
                            object("g.o", ".data\n.long 3\n")},
                           {});
  // Behind main.o's data; e.o's own .data comes later in that file.
  EXPECT_EQ(linked.image.symbol("here").value, region0 + 8 + 4);
}

}  // namespace
}  // namespace ipusim::toolchain_test
