// SPDX-License-Identifier: Apache-2.0
// What a tile has put on the exchange, by rising cycle: appended by one thread while others read.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "ipusim/chip/exchange/bus_source.hpp"

namespace ipusim::chip {

// Item::left is the cycle.
template <class Item>
class CycleLog {
 public:
  // --- the owner
  void append(const Item& item) {
    const std::uint64_t index = count_.load(std::memory_order_relaxed);
    const auto [chunk, offset] = place_of(index);
    if (!chunks_[chunk]) chunks_[chunk] = std::make_unique<Entry[]>(chunk_size(chunk));
    chunks_[chunk][offset] = {item, false};
    count_.store(index + 1, std::memory_order_release);
  }
  bool empty() const { return count_.load(std::memory_order_relaxed) == 0; }
  const Item& back() const { return entry(count_.load(std::memory_order_relaxed) - 1).item; }

  // --- anybody
  std::uint64_t first_at_or_after(Cycle from, std::uint64_t hint) const {
    const std::uint64_t count = count_.load(std::memory_order_acquire);
    std::uint64_t low = 0, high = count;
    const std::uint64_t guess = hint <= base_ ? 0 : std::min(hint - base_, count);
    if (guess == 0 || entry(guess - 1).item.left < from) {
      low = guess;
      // Words are looked for in their order: mostly it is this one or the next.
      for (unsigned tried = 0; tried < 4; ++tried, ++low) {
        if (low == count || entry(low).item.left >= from) return base_ + low;
      }
    } else {
      high = guess - 1;
    }
    while (low < high) {
      const std::uint64_t middle = low + (high - low) / 2;
      if (entry(middle).item.left < from) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return base_ + low;
  }
  // nullptr: not there yet, or forgotten.
  const Item* find(std::uint64_t number) const {
    if (number < base_ || number - base_ >= count_.load(std::memory_order_acquire)) return nullptr;
    return &entry(number - base_).item;
  }

  // --- while every tile stands still
  // How many of these nobody had taken before.
  std::uint64_t mark_taken(std::uint64_t first, std::uint64_t last) {
    std::uint64_t fresh = 0;
    for (std::uint64_t number = std::max(first, base_); number <= last; ++number) {
      bool& taken = entry(number - base_).taken;
      fresh += taken ? 0U : 1U;
      taken = true;
    }
    return fresh;
  }
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    archive(self.base_);
    std::vector<Entry> entries;
    if constexpr (!Archive::is_reader) {
      const std::uint64_t count = self.count_.load(std::memory_order_relaxed);
      for (std::uint64_t i = 0; i < count; ++i) entries.push_back(self.entry(i));
    }
    archive(entries);
    if constexpr (Archive::is_reader) {
      self.count_.store(0, std::memory_order_relaxed);
      for (const Entry& entry : entries) {
        self.append(entry.item);
        self.entry(self.count_.load(std::memory_order_relaxed) - 1).taken = entry.taken;
      }
    }
  }
  // What left before `oldest` will not be asked for.
  void forget_before(Cycle oldest) {
    const std::uint64_t dropped = first_at_or_after(oldest, base_) - base_;
    const std::uint64_t kept = count_.load(std::memory_order_relaxed) - dropped;
    if (dropped < kept || dropped == 0) return;  // moving the rest would cost more than it frees
    for (std::uint64_t i = 0; i < kept; ++i) entry(i) = entry(dropped + i);
    base_ += dropped;
    count_.store(kept, std::memory_order_relaxed);
  }

 private:
  // A phase of a chip keeps millions: the mark goes where the item's end is padded.
  struct Entry {
    [[no_unique_address]] Item item;
    bool taken = false;
    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [item, taken] = self;
      archive(item, taken);
    }
  };
  static_assert(sizeof(Entry) == sizeof(Item), "the item has no room for the mark");
  // Chunk k holds 2^(k + 6) entries and never moves.
  static constexpr unsigned first_chunk_bits = 6;
  static constexpr std::size_t chunk_size(std::size_t chunk) {
    return std::size_t{1} << (chunk + first_chunk_bits);
  }
  struct Place {
    std::size_t chunk;
    std::size_t offset;
  };
  static Place place_of(std::uint64_t index) {
    const std::uint64_t shifted = index + chunk_size(0);
    const std::size_t chunk = static_cast<std::size_t>(std::bit_width(shifted)) - 1 - first_chunk_bits;
    return {chunk, static_cast<std::size_t>(shifted - chunk_size(chunk))};
  }
  Entry& entry(std::uint64_t index) {
    const auto [chunk, offset] = place_of(index);
    return chunks_[chunk][offset];
  }
  const Entry& entry(std::uint64_t index) const {
    const auto [chunk, offset] = place_of(index);
    return chunks_[chunk][offset];
  }

  std::array<std::unique_ptr<Entry[]>, 40> chunks_;
  std::atomic<std::uint64_t> count_{0};
  std::uint64_t base_ = 0;  // number of the oldest
};

}  // namespace ipusim::chip
