// SPDX-License-Identifier: Apache-2.0
// What instruction fetch must not see yet. While time stands still the pipeline drains, so that stores and
// received words reach memory before the fetches they come after (docs/timing.md, 2). For those fetches this
// keeps the rows as they were.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ipusim/base/types.hpp"

namespace ipusim::rtl {

class FetchHistory {
 public:
  void clear() { entries_.clear(); }
  // The row at `address` (8-aligned) is about to change. The change is seen by fetches made in clock `from`
  // or later, counted in the tile's time.
  void add(Cycle from, std::uint32_t address, std::uint64_t before) {
    entries_.push_back({from, address, before});
  }
  // Memory changed from outside, for every fetch to come.
  void write(std::uint32_t address, std::span<const std::byte> bytes);
  // What a fetch of the row in clock `at` sees, if not what is in memory.
  std::optional<std::uint64_t> row(Cycle at, std::uint32_t address) const;
  // Forgets what every fetch from `at` on sees.
  void forget(Cycle at);
  bool empty() const { return entries_.empty(); }

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [entries] = self;
    archive(entries);
  }

 private:
  struct Entry {
    Cycle from;
    std::uint32_t address;
    std::uint64_t before;

    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [from, address, before] = self;
      archive(from, address, before);
    }
  };
  std::vector<Entry> entries_;  // oldest first
};

}  // namespace ipusim::rtl
