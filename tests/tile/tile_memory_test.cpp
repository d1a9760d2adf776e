// SPDX-License-Identifier: Apache-2.0
// 1,472 tiles must fit: memory that a tile does not use costs nothing, and code that runs once little.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "ipusim/tile/fast_tile.hpp"
#include "tile_bench.hpp"

namespace ipusim::tile::test {
namespace {

constexpr std::size_t tile_count = 1472;

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

std::vector<std::unique_ptr<TileModel>> make_tiles() {
  std::vector<std::unique_ptr<TileModel>> tiles;
  for (std::size_t i = 0; i < tile_count; ++i) {
    tiles.push_back(make_fast_tile({TileId{static_cast<std::uint16_t>(i)}, isa::Arch::ipu2, 0}));
    tiles.back()->reset();
  }
  return tiles;
}

class TileMemory : public ::testing::Test {
 protected:
  // More than when the test began.
  std::size_t per_tile() const {
    const std::size_t now = resident_bytes();
    const std::size_t bytes = now > before_ ? (now - before_) / tile_count : 0;
    RecordProperty("bytes_per_tile", static_cast<int>(bytes));
    return bytes;
  }

 private:
  std::size_t before_ = resident_bytes();
};

TEST_F(TileMemory, AFreshTileTakesFewPages) {
  const auto tiles = make_tiles();
  EXPECT_LT(per_tile(), 64U << 10U);  // of 624 KiB of SRAM
}

TEST_F(TileMemory, ReadingWhatWasNeverWrittenTakesNone) {
  const auto tiles = make_tiles();
  const isa::ArchInfo& map = isa::arch_info(isa::Arch::ipu2);
  std::vector<std::byte> all(map.memory_end - map.memory_base);
  for (const auto& tile : tiles) tile->read_memory(ByteAddr{map.memory_base}, all);
  EXPECT_LT(per_tile(), 64U << 10U);
}

// A phase in which every tile takes a word from every other: three instructions for each.
TEST_F(TileMemory, CodeThatRunsOnceTakesLittleMoreThanItself) {
  Program p(code);
  for (std::size_t i = 0; i < 3 * tile_count; ++i) p.add(Opcode::add_mmmn_si, {1, 1, 3});
  p.add(Opcode::sync, {3});
  const std::size_t bytes = 4 * p.words().size();
  const auto tiles = make_tiles();
  for (const auto& tile : tiles) {
    tile->write_memory(code, std::as_bytes(std::span{p.words()}));
    tile->start(code, first_cycle);
    ASSERT_EQ(tile->advance(Cycle{100'000}).reason, StopReason::sync);
  }
  EXPECT_LT(per_tile(), (80U << 10U) + bytes);
}

}  // namespace
}  // namespace ipusim::tile::test
