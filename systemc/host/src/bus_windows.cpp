// SPDX-License-Identifier: Apache-2.0
#include "ipusim/host/bus_windows.hpp"

#include <algorithm>

namespace ipusim::host {

namespace {

// Address space the host has for BARs [chosen].
constexpr std::uint64_t window_32_bit = 0xC0000000;
constexpr std::uint64_t window_32_bit_end = 0xFEC00000;
constexpr std::uint64_t window_64_bit = 0x40'0000'0000;
constexpr std::uint64_t window_64_bit_end = std::uint64_t{1} << 52U;

constexpr std::uint64_t align_up(std::uint64_t address, std::uint64_t bytes) {
  return (address + bytes - 1) & ~(bytes - 1);
}

}  // namespace

std::optional<std::uint64_t> BusWindows::open(unsigned link, std::uint64_t bytes, bool is_64_bit) {
  std::uint64_t at = align_up(is_64_bit ? window_64_bit : window_32_bit, bytes);
  auto before = windows_.begin();
  for (; before != windows_.end() && before->begin < at + bytes; ++before) {
    if (before->end > at) at = align_up(before->end, bytes);
  }
  if (at + bytes > (is_64_bit ? window_64_bit_end : window_32_bit_end)) return std::nullopt;
  windows_.insert(before, {at, at + bytes, link});
  return at;
}

void BusWindows::close(unsigned link) {
  std::erase_if(windows_, [&](const Window& window) { return window.link == link; });
}

std::optional<unsigned> BusWindows::link_of(std::uint64_t address) const {
  const auto after = std::ranges::upper_bound(windows_, address, {}, &Window::begin);
  if (after == windows_.begin() || std::prev(after)->end <= address) return std::nullopt;
  return std::prev(after)->link;
}

}  // namespace ipusim::host
