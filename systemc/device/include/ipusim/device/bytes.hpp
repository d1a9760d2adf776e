// SPDX-License-Identifier: Apache-2.0
// 32-bit words in bytes, little-endian, as PCI Express carries them.
#pragma once

#include <cstdint>
#include <span>

namespace ipusim::device {

inline std::uint32_t load_word(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) value |= std::uint32_t{bytes[i]} << (8U * i);
  return value;
}
inline void store_word(std::span<std::uint8_t> bytes, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(value >> (8U * i));
}

}  // namespace ipusim::device
