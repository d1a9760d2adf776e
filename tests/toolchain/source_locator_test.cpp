// SPDX-License-Identifier: Apache-2.0
#include "ipusim/toolchain/source_locator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;

TEST(SourceLocator, FindsLinesOfSeveralObjectsAndSections) {
  const auto folder = test_folder();
  write_text(
      folder / "a.S",
      "#define NOP nop\n.globl _start\n_start:\n  NOP\n\n  nop\n.section .text.far,\"ax\"\nfar: nop\n");
  write_text(folder / "b.S", "{ nop\n  fnop }\n nop\n");
  AssemblerOptions options;
  const auto linked = link({assemble(folder / "a.S", options), assemble(folder / "b.S", options)}, {});
  const SourceLocator locator(linked.image);
  const auto at = [&](std::uint32_t offset) {
    const auto location = locator.locate(ByteAddr{region0 + offset});
    return location ? std::filesystem::path(location->file).filename().string() + ":" +
                          std::to_string(location->line)
                    : "none";
  };
  EXPECT_EQ(at(0), "a.S:4");
  EXPECT_EQ(at(4), "a.S:6");
  EXPECT_EQ(at(8), "a.S:8");
  // The second object's code is a bundle, which lies at any multiple of 4; both halves are the line where it
  // begins.
  EXPECT_EQ(at(12), "b.S:1");
  EXPECT_EQ(at(16), "b.S:1");
  EXPECT_EQ(at(20), "b.S:3");
  EXPECT_EQ(at(24), "none");
  EXPECT_FALSE(locator.locate(ByteAddr{0}));
}

TEST(SourceLocator, LinesOfIncludedFilesAreTheirOwn) {
  const auto folder = test_folder();
  write_text(folder / "part.S", "\n  nop\n");
  write_text(folder / "a.S", ".globl _start\n_start:\n#include \"part.S\"\n nop\n");
  const auto linked = link({assemble(folder / "a.S", {})}, {});
  const SourceLocator locator(linked.image);
  const auto first = locator.locate(ByteAddr{region0});
  const auto second = locator.locate(ByteAddr{region0 + 4});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(std::filesystem::path(first->file).filename(), "part.S");
  EXPECT_EQ(first->line, 2U);
  EXPECT_EQ(std::filesystem::path(second->file).filename(), "a.S");
  EXPECT_EQ(second->line, 4U);
}

TEST(SourceLocator, TellsWhereTheTextOfALineIs) {
  const auto folder = test_folder();
  write_text(folder / "a.S", ".globl _start\n_start: nop\n");
  const auto linked = link({assemble(folder / "a.S", {})}, {});
  const auto location = SourceLocator(linked.image).locate(ByteAddr{region0});
  ASSERT_TRUE(location);
  EXPECT_TRUE(std::filesystem::equivalent(location->path, folder / "a.S")) << location->path;
}

TEST(SourceLocator, WithoutLineInformationNothingIsFound) {
  EXPECT_FALSE(SourceLocator(build("nop\n").image).locate(ByteAddr{region0}));
}

}  // namespace
}  // namespace ipusim::toolchain_test
