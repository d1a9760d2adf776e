// SPDX-License-Identifier: Apache-2.0
// A linked program of one tile: what is loaded where, and its symbols.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/isa/isa.hpp"
#include "ipusim/toolchain/error.hpp"

namespace ipusim::toolchain {

struct Segment {
  ByteAddr address;
  std::vector<std::uint8_t> bytes;  // what the file holds of it
  std::uint32_t zeros = 0;          // so many bytes of zero are behind them (.bss)

  [[nodiscard]] std::uint64_t size() const { return bytes.size() + zeros; }
};

// Calls write(address, std::span<const std::uint8_t>) for the pieces of a segment, in order, those of zeros
// included. A chip of images is large: zeros are not kept for each.
template <typename Write>
void write_segment(const Segment& segment, Write write) {
  static constexpr std::array<std::uint8_t, 16384> zero{};
  if (!segment.bytes.empty()) write(segment.address, std::span<const std::uint8_t>{segment.bytes});
  const auto begin = static_cast<std::uint32_t>(segment.bytes.size());
  for (std::uint32_t at = 0; at < segment.zeros; at += zero.size()) {
    const std::size_t count = std::min<std::size_t>(zero.size(), segment.zeros - at);
    write(segment.address + (begin + at), std::span<const std::uint8_t>{zero}.first(count));
  }
}

struct Symbol {
  std::string name;
  std::uint32_t value;  // address, or the number of an absolute symbol
  std::uint32_t size;   // bytes, 0 if not stated
  bool absolute;
};

struct Image {
  std::string name;
  isa::Arch arch;
  ByteAddr entry;
  std::vector<Segment> segments;  // by address, not overlapping, inside the memory of `arch`
  std::vector<Symbol> symbols;    // global ones
  // Labels that single files kept to themselves: to name and to find places, not to link by; names may occur
  // more than once.
  std::vector<Symbol> local_symbols;
  std::vector<std::uint8_t> elf;  // the file itself, for SourceLocator and for saving

  // The symbol of that name; throws ToolError naming image, symbol and the nearest known name if there is
  // none.
  const Symbol& symbol(std::string_view wanted) const;
  const Symbol* find_symbol(std::string_view wanted) const;
};

// Reads an executable. Throws ToolError naming the file and what is wrong: not an ELF file, truncated, wrong
// class, machine or architecture flags, not an executable, segment outside memory, overlapping segments, an
// entry that is no code. Segments are loaded at their physical addresses.
Image load_image(const std::filesystem::path& file);
Image parse_image(std::span<const std::uint8_t> elf, const std::string& name);

}  // namespace ipusim::toolchain
