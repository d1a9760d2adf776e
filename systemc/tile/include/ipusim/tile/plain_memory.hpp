// SPDX-License-Identifier: Apache-2.0
// What a TileModel may be besides: one whose memory lies in one piece, so that others may look at it
// directly.
#pragma once

#include <cstddef>
#include <span>

#include "ipusim/base/types.hpp"

namespace ipusim::tile {

class PlainMemory {
 public:
  virtual ~PlainMemory() = default;

  struct View {
    ByteAddr base;                     // of the first byte
    std::span<const std::byte> bytes;  // in their places for the life of the tile, and true while it stands
  };
  virtual View plain_memory() const = 0;
};

}  // namespace ipusim::tile
