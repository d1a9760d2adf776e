// SPDX-License-Identifier: Apache-2.0
// What software may know of a device's registers, as data: rows in groups. What the registers do is bound to
// them in a RegisterBlock; drivers and manuals use the rows alone. No SystemC.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace ipusim::device {

enum class Access : std::uint8_t {
  read_only,   // a write is refused
  write_only,  // a read is refused
  read_write,
  writes_ignored,  // reads as read_only; a write changes nothing
};

struct RegisterRow {
  std::string_view name;
  std::uint32_t offset = 0;  // in bytes, in its group; a multiple of `bytes`, but for those of 3
  Access access = Access::read_only;
  std::uint32_t reset = 0;        // of a register that keeps a value
  std::string_view meaning = {};  // Markdown, one line
  unsigned bytes = 4;             // 1..4, in one aligned word
  // Of a register that keeps a value: the bits that a write changes, and those that a written 1 clears.
  std::uint32_t writable = ~0U;
  std::uint32_t cleared_by_one = 0;
  // Of a register that keeps a value: the bits that RegisterBlock::reset() leaves as they are.
  std::uint32_t sticky = 0;
};

// Registers that stand together, once or `count` times, each `stride` bytes behind the one before.
struct RegisterGroup {
  std::string_view name;
  std::uint32_t base = 0;
  std::span<const RegisterRow> rows = {};
  std::uint32_t count = 1;
  std::uint32_t stride = 0;

  // Where a row of repetition `index` stands.
  constexpr std::uint32_t address(std::uint32_t row_offset, std::uint32_t index = 0) const {
    return base + stride * index + row_offset;
  }
};

}  // namespace ipusim::device
