// SPDX-License-Identifier: Apache-2.0
// A tile's SRAM: bytes, regions and elements (isa/arch.yaml).
#pragma once

#include <sys/mman.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>

#include "ipusim/base/types.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::tile {

class Memory {
 public:
  explicit Memory(const isa::ArchInfo& arch)
      : arch_(arch),
        element_shift_(static_cast<unsigned>(std::countr_zero(arch.element_bytes))),
        size_(arch.memory_end - arch.memory_base),
        bytes_(zero_pages(size_), Unmap{size_}) {}

  // Zero pages, which cost nothing until they are written.
  void clear() {
    // The old pages go back to the system, and reading finds zeros again.
    if (madvise(bytes_.get(), size_, MADV_DONTNEED) != 0) throw std::bad_alloc();
  }

  bool contains(std::uint32_t address, std::uint32_t size) const {
    return address - arch_.memory_base <= static_cast<std::uint32_t>(size_) - size;
  }
  bool in_region0(std::uint32_t address) const {
    return address >= arch_.memory_base && address < arch_.region1_base;
  }
  bool in_region1(std::uint32_t address) const {
    return address >= arch_.region1_base && address < arch_.memory_end;
  }
  // Whether two addresses lie in one element. Elements and pairs of them begin at multiples of their size;
  // region 1 is interleaved, bit 3 picks the element of a pair.
  bool same_element(std::uint32_t a, std::uint32_t b) const {
    const std::uint32_t difference = a ^ b;
    if (difference >> (element_shift_ + 1U) != 0) return false;
    return a < arch_.region1_base ? difference >> element_shift_ == 0 : (difference & 8U) == 0;
  }
  // For clashes with the exchange a pair of interleaved elements counts as one (docs/timing.md, 4).
  std::uint32_t clash_element(std::uint32_t address) const {
    if (address < arch_.region1_base) return address >> element_shift_;
    return 0x1000U + ((address - arch_.region1_base) >> (element_shift_ + 1U));
  }

  // Little-endian. The access must lie inside: check with contains() first.
  template <class T>
  T load(std::uint32_t address) const {
    T value;
    std::memcpy(&value, &bytes_[address - arch_.memory_base], sizeof value);
    return value;
  }
  template <class T>
  void store(std::uint32_t address, T value) {
    std::memcpy(&bytes_[address - arch_.memory_base], &value, sizeof value);
  }

  // Throw std::out_of_range outside memory.
  void read(ByteAddr address, std::span<std::byte> to) const {
    check(address, to.size());
    std::memcpy(to.data(), &bytes_[address.value() - arch_.memory_base], to.size());
  }
  void write(ByteAddr address, std::span<const std::byte> from) {
    check(address, from.size());
    std::memcpy(&bytes_[address.value() - arch_.memory_base], from.data(), from.size());
  }

  const isa::ArchInfo& arch() const { return arch_; }
  std::size_t size() const { return size_; }
  std::span<const std::byte> bytes() const { return {bytes_.get(), size_}; }

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    if constexpr (Archive::is_reader) {
      self.clear();
      const auto literal = [&](std::size_t at, std::span<const std::byte> bytes) {
        std::memcpy(&self.bytes_[at], bytes.data(), bytes.size());
      };
      archive.sparse(self.size_, literal, [](std::size_t, std::size_t) {});
    } else {
      archive.sparse({self.bytes_.get(), self.size_});
    }
  }

 private:
  void check(ByteAddr address, std::size_t size) const {
    if (size == 0 || size > size_ || !contains(address.value(), static_cast<std::uint32_t>(size))) {
      throw std::out_of_range("debug access outside tile memory");
    }
  }
  // Straight from the system: what an allocator has had in its hands is written once to be zero, and then
  // every page of every tile is there. Small pages, because the tiles of a chip lie side by side.
  static std::byte* zero_pages(std::size_t size) {
    void* pages =
        mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    madvise(pages, size, MADV_NOHUGEPAGE);  // a wish: a kernel without huge pages refuses it
    return static_cast<std::byte*>(pages);
  }
  struct Unmap {
    std::size_t size;
    void operator()(std::byte* pages) const { munmap(pages, size); }
  };

  isa::ArchInfo arch_;
  unsigned element_shift_;
  std::size_t size_;
  std::unique_ptr<std::byte[], Unmap> bytes_;
};

}  // namespace ipusim::tile
