// SPDX-License-Identifier: Apache-2.0
// Memory of any size of which only the pages that were written exist. No SystemC.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>

namespace ipusim::device {

class SparseMemory {
 public:
  static constexpr std::uint64_t page_bytes = std::uint64_t{64} << 10U;

  // All zeros.
  explicit SparseMemory(std::uint64_t bytes) : bytes_(bytes) {}

  std::uint64_t bytes() const { return bytes_; }
  // Throw std::out_of_range beyond the end.
  void read(std::uint64_t address, std::span<std::uint8_t> to) const;
  void write(std::uint64_t address, std::span<const std::uint8_t> from);
  // The page that holds an address, made if it was not there; it stays where it is. Shorter at the end of
  // memory.
  std::span<std::uint8_t> page(std::uint64_t address);
  std::size_t pages() const { return pages_.size(); }

 private:
  using Page = std::unique_ptr<std::uint8_t[]>;
  void check(std::uint64_t address, std::uint64_t bytes) const;

  std::uint64_t bytes_;
  std::unordered_map<std::uint64_t, Page> pages_;  // by number
};

}  // namespace ipusim::device
