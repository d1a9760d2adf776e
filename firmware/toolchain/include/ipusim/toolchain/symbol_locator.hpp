// SPDX-License-Identifier: Apache-2.0
// Address -> symbol and offset, from an image's symbol table, local symbols included.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/toolchain/image.hpp"

namespace ipusim::toolchain {

struct SymbolPlace {
  std::string name;
  std::uint32_t offset = 0;    // bytes from the symbol
  std::string format() const;  // "name", or "name+0x10"
};

class SymbolLocator {
 public:
  // Keeps a copy of what it needs of the image, which parse_image() has let through: throws nothing for such
  // a one. A symbol whose name is damaged is left out.
  explicit SymbolLocator(const Image& image);

  // The symbol that contains the address. One with a size contains so many bytes; one without reaches to the
  // next symbol of its section, to the end of the symbol with a size that it lies in, or to the end of its
  // section. Of several, the one that begins last; where several begin there: with a size before without,
  // function or object before others, global before weak before local. Absolute symbols are numbers and
  // contain nothing, nor does anything contain an address outside the tile's memory.
  std::optional<SymbolPlace> locate(ByteAddr address) const;

 private:
  struct Extent {
    std::uint32_t begin;
    std::uint32_t end;  // first address behind it
    std::string name;
  };
  std::uint32_t memory_base_, memory_end_;
  std::vector<Extent> extents_;  // by begin; of those with the same begin the preferred one last
};

}  // namespace ipusim::toolchain
