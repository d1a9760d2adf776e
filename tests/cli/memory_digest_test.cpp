// SPDX-License-Identifier: Apache-2.0
// Expected digests are those of coreutils' sha256sum over the same bytes.
#include "ipusim/app/run/memory_digest.hpp"

#include "ipusim/chip/chip.hpp"

#include "ipusim/tile/fast_tile.hpp"
#include "support.hpp"

namespace ipusim::app {
namespace {

class MemoryDigest : public ::testing::Test {
 protected:
  MemoryDigest()
      : chip_(cli_test::mk2_16().chips.front(), std::vector<std::string>(16, "fast"),
              {{"fast", &tile::make_fast_tile}}) {}
  chip::Chip chip_;
};

TEST_F(MemoryDigest, OfEmptyMemories) {
  // head -c $((16 * 0x9c000)) /dev/zero | sha256sum
  EXPECT_EQ(memory_sha256({&chip_}), "a85803a4dea937b6fc8cd881271be59ea6a157bb76ca205415103f9613a5b3a8");
}

TEST_F(MemoryDigest, OfALastByteAndAFirst) {
  const std::byte one{1};
  chip_.tile(TileIndex{0}).write_memory(ByteAddr{0xE7FFF}, {&one, 1});
  chip_.tile(TileIndex{1}).write_memory(ByteAddr{0x4C000}, {&one, 1});
  // (head -c $((0x9bfff)) /dev/zero; printf '\1\1'; head -c $((15 * 0x9c000 - 1)) /dev/zero) | sha256sum
  EXPECT_EQ(memory_sha256({&chip_}), "7794bc818150e737f3ab615ff095b0191a1c818469def712f0fa73f625e22c3f");
}

}  // namespace
}  // namespace ipusim::app
