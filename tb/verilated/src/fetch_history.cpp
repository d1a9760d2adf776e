// SPDX-License-Identifier: Apache-2.0
#include "fetch_history.hpp"

namespace ipusim::rtl {

void FetchHistory::write(std::uint32_t address, std::span<const std::byte> bytes) {
  for (Entry& entry : entries_) {
    auto* row = reinterpret_cast<std::byte*>(&entry.before);
    for (std::uint32_t i = 0; i < sizeof entry.before; ++i) {
      const std::uint32_t at = entry.address + i - address;  // wraps below
      if (at < bytes.size()) row[i] = bytes[at];
    }
  }
}

std::optional<std::uint64_t> FetchHistory::row(Cycle at, std::uint32_t address) const {
  for (const Entry& entry : entries_) {
    if (entry.address == address && entry.from > at) return entry.before;
  }
  return std::nullopt;
}

void FetchHistory::forget(Cycle at) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.from <= at; });
}

}  // namespace ipusim::rtl
