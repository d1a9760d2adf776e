// SPDX-License-Identifier: Apache-2.0
// Executables that no linker of ours made: what is loaded, and what is refused, with file and reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "bench.hpp"
#include "elf_bytes.hpp"
#include "ipusim/toolchain/listing.hpp"
#include "ipusim/toolchain/source_locator.hpp"
#include "ipusim/toolchain/symbol_locator.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string refusal(const ElfFile& file) {
  return tool_error([&] { parse_image(file.bytes(), "x.elf"); });
}
ElfFile with(void (*change)(ElfFile&)) {
  ElfFile file = answering_executable();
  change(file);
  return file;
}

template <class Byte>
void flip_bit(Byte& byte, std::size_t bit) {
  byte = static_cast<Byte>(byte ^ 1 << (bit % 8));
}

TEST(Executable, SegmentsEntryAndSymbols) {
  const Image image = parse_image(answering_executable().bytes(), "x.elf");
  EXPECT_EQ(image.arch, isa::Arch::ipu2);
  EXPECT_EQ(image.entry, ByteAddr{0x4C000});
  ASSERT_EQ(image.segments.size(), 2U);
  EXPECT_EQ(image.segments[0].address, ByteAddr{0x4C000});
  EXPECT_EQ(image.segments[0].bytes.size(), 28U);
  EXPECT_THAT(std::vector<unsigned>(image.segments[0].bytes.begin(), image.segments[0].bytes.begin() + 4),
              ElementsAre(0x07, 0x00, 0x80, 0x41));
  EXPECT_EQ(image.segments[1].bytes, (std::vector<std::uint8_t>{7, 0, 0, 0}));
  EXPECT_EQ(image.segments[1].zeros, 4U);
  EXPECT_EQ(image.symbol("answer").value, 0x4C100U);
  EXPECT_EQ(image.symbol("behind").size, 4U);
  EXPECT_EQ(SourceLocator(image).locate(image.entry), std::nullopt);
}

TEST(Executable, WithoutSectionsInAnyOrderAndWithOtherSegments) {
  const Image image =
      parse_image(with([](ElfFile& file) {
                    file.symbols.clear();
                    std::swap(file.segments[0], file.segments[1]);
                    file.segments.push_back({.address = 0, .words = {1, 2}, .type = 4});  // PT_NOTE
                    file.segments.push_back({.address = 0x80000, .words = {}, .bytes = 16, .flags = 6});
                    file.segments.push_back({.address = 0, .words = {}});  // of no bytes
                  }).bytes(),
                  "x.elf");
  ASSERT_EQ(image.segments.size(), 3U);
  EXPECT_EQ(image.segments[0].address, ByteAddr{0x4C000});
  EXPECT_EQ(image.segments[1].address, ByteAddr{0x4C100});
  EXPECT_TRUE(image.segments[2].bytes.empty());
  EXPECT_EQ(image.segments[2].zeros, 16U);
  EXPECT_TRUE(image.symbols.empty());
}

TEST(Executable, ItsMemoryIsThatOfItsArchitecture) {
  const auto at_0x40000 = [](ElfFile& file) { file.segments[1].address = 0x40000; };
  EXPECT_THAT(
      refusal(with(at_0x40000)),
      HasSubstr("x.elf: segment 0x40000..0x40008 lies outside the tile memory 0x4c000..0xe8000 of ipu2"));
  ElfFile file = with(at_0x40000);
  file.flags = 1;
  EXPECT_EQ(parse_image(file.bytes(), "x.elf").arch, isa::Arch::ipu1);
}

TEST(Executable, HeadersOfOtherFiles) {
  EXPECT_THAT(refusal(with([](ElfFile& f) { f.machine = 40; })),
              HasSubstr("x.elf: made for ELF machine 40, not for the IPU (248)"));
  EXPECT_THAT(refusal(with([](ElfFile& f) { f.elf_class = 2; })),
              HasSubstr("x.elf: not a 32-bit little-endian ELF file"));
  EXPECT_THAT(refusal(with([](ElfFile& f) { f.data = 2; })),
              HasSubstr("x.elf: not a 32-bit little-endian ELF file"));
  EXPECT_THAT(refusal(with([](ElfFile& f) { f.type = 1; })),
              HasSubstr("x.elf: is a relocatable object, expected an executable"));
  EXPECT_THAT(refusal(with([](ElfFile& f) { f.type = 3; })),
              HasSubstr("x.elf: is a shared object, expected an executable"));
  EXPECT_THAT(refusal(with([](ElfFile& f) { f.flags = 0x15; })),
              HasSubstr("x.elf: unknown architecture in the ELF flags (0x15)"));
}

TEST(Executable, SegmentsOutsideMemoryOrOnEachOther) {
  for (const std::uint32_t address : {0U, 0x4BFFCU, 0xE7FFCU, 0xE8000U, 0xFFFFFFFCU}) {
    ElfFile file = answering_executable();
    file.segments[1].address = address;
    EXPECT_THAT(refusal(file), HasSubstr("lies outside the tile memory")) << address;
  }
  EXPECT_THAT(refusal(with([](ElfFile& f) { f.segments[1].bytes = 0xFFFFFFFF; })),
              HasSubstr("lies outside the tile memory"));
  EXPECT_THAT(refusal(with([](ElfFile& f) { f.segments[1].address = 0x4C018; })),
              HasSubstr("x.elf: segments at 0x4c000 and 0x4c018 overlap"));
  EXPECT_EQ(
      parse_image(with([](ElfFile& f) { f.segments[1].address = 0x4C01C; }).bytes(), "x.elf").segments.size(),
      2U);
  EXPECT_THAT(refusal(with([](ElfFile& f) { f.segments[1].bytes = 2; })),
              HasSubstr("x.elf: segment at 0x4c100 is larger in the file than in memory"));
}

TEST(Executable, EntriesThatAreNoCode) {
  struct Case {
    std::uint32_t entry;
    const char* reason;
  };
  for (const Case& c : {Case{0, "lies in no loaded segment"}, Case{0x4BFFC, "lies in no loaded segment"},
                        Case{0x4C01C, "lies in no loaded segment"}, Case{0x4C002, "is no multiple of 4"},
                        Case{0x4C100, "lies in no code"}}) {  // data
    ElfFile file = answering_executable();
    file.entry = c.entry;
    EXPECT_THAT(refusal(file), AllOf(StartsWith("x.elf: the entry 0x"), HasSubstr(c.reason)));
  }
  ElfFile region1 = answering_executable();
  region1.segments[0].address = region1.entry = 0x80000;
  EXPECT_THAT(refusal(region1), HasSubstr("the entry 0x80000 lies in no code"));
  EXPECT_THAT(refusal(with([](ElfFile& f) { f.segments.clear(); })), HasSubstr("lies in no loaded segment"));
}

TEST(Executable, EveryTruncationIsRefused) {
  for (const bool sections : {true, false}) {
    ElfFile file = answering_executable();
    if (!sections) file.symbols.clear();
    const auto whole = file.bytes();
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_THAT(tool_error([&] { parse_image(cut, "x.elf"); }), StartsWith("x.elf: ")) << size;
    }
  }
}

// Flipped bits and cuts: refused by a ToolError, or an image that keeps its promises.
TEST(Executable, DamageIsRefusedOrHarmless) {
  const auto whole = answering_executable().bytes();
  const auto file = test_folder() / "x.elf";
  std::mt19937 random(20232);
  std::size_t refused = 0;
  for (int round = 0; round < 5000; ++round) {
    auto bytes = whole;
    if (round % 5 == 0) bytes.resize(random() % bytes.size() + 1);
    for (unsigned i = 0; i < 1 + random() % 6; ++i) flip_bit(bytes[random() % bytes.size()], random());
    try {
      const Image image = parse_image(bytes, "x.elf");
      std::uint32_t end = isa::arch_info(image.arch).memory_base;
      for (const Segment& segment : image.segments) {
        EXPECT_GE(segment.address.value(), end);
        end = segment.address.value() + static_cast<std::uint32_t>(segment.size());
      }
      EXPECT_LE(end, isa::arch_info(image.arch).memory_end);
      SourceLocator(image).locate(image.entry);
      SymbolLocator(image).locate(image.entry);
    } catch (const ToolError&) {
      ++refused;
    }
    if (round % 10 != 0) continue;
    write_text(file, {bytes.begin(), bytes.end()});
    try {
      list_file(file, {.section_headers = true, .symbols = true, .code = true});
    } catch (const ToolError&) {
    }
  }
  EXPECT_GT(refused, 500U);
  EXPECT_LT(refused, 4500U);
}

// Of an archive of objects; its members' damage is that of bad_objects_test.
TEST(Executable, DamagedArchivesAreRefusedOrHarmless) {
  const auto folder = test_folder();
  const Object object = assemble_text(".globl f\nf: br $m10\n", "f.o", plain(isa::Mode::supervisor));
  write_text(folder / "f.o", {object.elf.begin(), object.elf.end()});
  ASSERT_EQ(std::system(("cd '" + folder.string() + "' && ar rc lib.a f.o").c_str()), 0);
  std::ifstream stream(folder / "lib.a", std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>{stream}, {}};
  std::mt19937 random(20233);
  std::size_t refused = 0;
  for (int round = 0; round < 500; ++round) {
    std::string bytes = whole;
    if (round % 2 == 0) bytes.resize(9 + random() % (bytes.size() - 9));
    for (unsigned i = 0; i < random() % 4; ++i)
      flip_bit(bytes[8 + random() % (std::min<std::size_t>(bytes.size(), 200) - 8)], random());
    write_text(folder / "bad.a", bytes);
    try {
      const Archive archive = read_archive(folder / "bad.a");
      link({assemble_text(".globl _start\n_start: call $m10, f\n", "m.o", plain(isa::Mode::supervisor))}, {},
           {archive});
    } catch (const ToolError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 100U);
}

}  // namespace
}  // namespace ipusim::toolchain_test
