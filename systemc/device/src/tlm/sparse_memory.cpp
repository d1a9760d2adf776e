// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/tlm/sparse_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace ipusim::device {

void SparseMemory::check(std::uint64_t address, std::uint64_t bytes) const {
  if (address > bytes_ || bytes > bytes_ - address) {
    throw std::out_of_range(fmt::format("{} bytes at {:#x}: memory ends at {:#x}", bytes, address, bytes_));
  }
}

void SparseMemory::read(std::uint64_t address, std::span<std::uint8_t> to) const {
  check(address, to.size());
  while (!to.empty()) {
    const std::uint64_t within = address % page_bytes;
    const auto piece = to.first(std::min<std::uint64_t>(page_bytes - within, to.size()));
    const auto found = pages_.find(address / page_bytes);
    if (found == pages_.end()) {
      std::ranges::fill(piece, std::uint8_t{0});
    } else {
      std::copy_n(&found->second[within], piece.size(), piece.begin());
    }
    address += piece.size();
    to = to.subspan(piece.size());
  }
}

void SparseMemory::write(std::uint64_t address, std::span<const std::uint8_t> from) {
  check(address, from.size());
  while (!from.empty()) {
    const std::uint64_t within = address % page_bytes;
    const auto piece = from.first(std::min<std::uint64_t>(page_bytes - within, from.size()));
    std::ranges::copy(piece, page(address).subspan(within).begin());
    address += piece.size();
    from = from.subspan(piece.size());
  }
}

std::span<std::uint8_t> SparseMemory::page(std::uint64_t address) {
  check(address, 1);
  const std::uint64_t number = address / page_bytes;
  Page& page = pages_[number];
  if (!page) page = std::make_unique<std::uint8_t[]>(page_bytes);
  return {page.get(), std::min(page_bytes, bytes_ - number * page_bytes)};
}

}  // namespace ipusim::device
