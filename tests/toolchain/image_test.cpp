// SPDX-License-Identifier: Apache-2.0
// Executables: what is read from them and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::HasSubstr;

// Places of ELF32 header fields (the System V ABI).
constexpr std::size_t e_type = 16, e_machine = 18, e_entry = 24, e_flags = 36;
constexpr std::size_t first_program_header = 52, p_paddr = 12, p_filesz = 16;

std::vector<std::uint8_t> sample() { return build("nop\n.data\n.globl value\nvalue: .long 5\n").image.elf; }
std::string refusal(const std::vector<std::uint8_t>& bytes) {
  return tool_error([&] { parse_image(bytes, "x.elf"); });
}

TEST(Image, RoundTripThroughAFile) {
  const auto linked = build("nop\n.data\n.globl value\nvalue: .long 5\n");
  const auto file = test_folder() / "x.elf";
  write_text(file, std::string(linked.image.elf.begin(), linked.image.elf.end()));
  const Image image = load_image(file);
  EXPECT_EQ(image.arch, isa::Arch::ipu2);
  EXPECT_EQ(image.entry, ByteAddr{region0});
  ASSERT_EQ(image.segments.size(), 2U);
  EXPECT_EQ(image.segments[1].bytes, (std::vector<std::uint8_t>{5, 0, 0, 0}));
  EXPECT_EQ(image.symbol("value").value, region0 + 4);
}

TEST(Image, HeaderHoldsTheAbisNumbers) {
  const auto elf = sample();
  EXPECT_EQ(elf[e_machine], 248);  // EM_GRAPHCORE_IPU
  EXPECT_EQ(elf[7], 255);          // OSABI: standalone
  EXPECT_EQ(elf[e_flags], 2);      // ipu2
}

TEST(Image, UnknownSymbolsNameTheNearest) {
  const Image image = parse_image(sample(), "x.elf");
  EXPECT_THAT(tool_error([&] { image.symbol("valeu"); }),
              HasSubstr("x.elf: no global symbol 'valeu'; did you mean 'value'?"));
  EXPECT_EQ(image.find_symbol("nothing"), nullptr);
}

TEST(Image, BadHeadersAreRefused) {
  auto elf = sample();
  elf[e_machine] = 62;  // x86-64
  EXPECT_THAT(refusal(elf), HasSubstr("x.elf: made for ELF machine 62, not for the IPU (248)"));
  elf = sample();
  elf[e_type] = 1;
  EXPECT_THAT(refusal(elf), HasSubstr("is a relocatable object, expected an executable"));
  elf = sample();
  elf[e_flags] = 0x77;
  EXPECT_THAT(refusal(elf), HasSubstr("unknown architecture"));
  elf = sample();
  elf[4] = 2;  // ELFCLASS64
  EXPECT_THAT(refusal(elf), HasSubstr("not a 32-bit little-endian ELF file"));
  EXPECT_THAT(refusal({'#', '!', '/', 'b'}), HasSubstr("not an ELF file"));
  EXPECT_THAT(refusal({}), HasSubstr("not an ELF file"));
  EXPECT_THAT(tool_error([] { load_image("/nonexistent.elf"); }),
              HasSubstr("/nonexistent.elf: no such file"));
}

TEST(Image, SegmentsMustLieInMemoryAndApart) {
  auto elf = sample();
  elf[first_program_header + p_paddr + 1] = 0;  // 0x40000: below the Mk2's memory
  EXPECT_THAT(refusal(elf), HasSubstr("lies outside the tile memory 0x4c000..0xe8000 of ipu2"));
  elf = sample();
  elf[first_program_header + 32 + p_paddr] = 0;  // the second segment on top of the first
  EXPECT_THAT(refusal(elf), HasSubstr("overlap"));
  elf = sample();
  elf[first_program_header + p_filesz] = 200;
  EXPECT_THAT(refusal(elf), HasSubstr("larger in the file than in memory"));
  elf = sample();
  elf[e_entry + 2] = 0xE;
  EXPECT_THAT(refusal(elf), HasSubstr("lies in no loaded segment"));
}

TEST(Image, EveryTruncationIsRefused) {
  const auto elf = sample();
  for (std::size_t size = 0; size < elf.size(); ++size)
    EXPECT_FALSE(refusal({elf.begin(), elf.begin() + static_cast<std::ptrdiff_t>(size)}).empty()) << size;
}

}  // namespace
}  // namespace ipusim::toolchain_test
