// SPDX-License-Identifier: Apache-2.0
// Damaged objects and images: refused or harmless, never a crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "bench.hpp"
#include "ipusim/toolchain/source_locator.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::HasSubstr;

Object sample_object() {
  AssemblerOptions options = plain(isa::Mode::supervisor);
  options.debug = true;
  return assemble_text(
      ".globl _start\n_start: setzi $m0, word\n call $m10, f\nf: br $m10\n.data\nword: .long f\n", "a.o",
      options);
}

TEST(BadObjects, EveryTruncationIsRefused) {
  const Object whole = sample_object();
  for (std::size_t size = 0; size < whole.elf.size(); ++size) {
    Object cut{"cut.o", {whole.elf.begin(), whole.elf.begin() + static_cast<std::ptrdiff_t>(size)}, {}};
    EXPECT_THAT(tool_error([&] { link({cut}, {}); }), HasSubstr("cut.o")) << size;
  }
}

TEST(BadObjects, DamagedBytesNeverCrash) {
  const Object whole = sample_object();
  const auto linked = link({whole}, {});
  std::mt19937 random(20231);
  std::size_t refused = 0;
  for (int round = 0; round < 3000; ++round) {
    Object damaged = whole;
    auto executable = linked.image.elf;
    for (unsigned i = 0; i < 1 + random() % 4; ++i) {
      damaged.elf[random() % damaged.elf.size()] = static_cast<std::uint8_t>(random());
      executable[random() % executable.size()] = static_cast<std::uint8_t>(random());
    }
    try {
      link({damaged}, {});
    } catch (const ToolError&) {
      ++refused;
    }
    try {
      SourceLocator(parse_image(executable, "x.elf")).locate(ByteAddr{region0});
    } catch (const ToolError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 100U);
}

TEST(BadObjects, ObjectsAreNoImagesAndTheOtherWayRound) {
  const auto linked = build("nop\n");
  EXPECT_THAT(tool_error([&] {
                link({Object{"x.elf", linked.image.elf, {}}}, {});
              }),
              HasSubstr("is an executable, expected a relocatable object"));
}

}  // namespace
}  // namespace ipusim::toolchain_test
