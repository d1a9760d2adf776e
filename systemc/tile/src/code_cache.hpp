// SPDX-License-Identifier: Apache-2.0
// Decoded bundles by address, kept true to docs/timing.md, 2: a bundle issued at t sees the stores issued up
// to t - fetch_after_store and none later.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "decoder.hpp"
#include "memory.hpp"

namespace ipusim::tile {

class CodeCache {
 public:
  explicit CodeCache(const isa::ArchInfo& arch);

  void clear();

  // The bundle at `pc` (4-aligned, in region 0) for an issue at `at`. Valid until the next call. `once_more`:
  // it was fetched before and did not issue.
  const Bundle& fetch(std::uint32_t pc, bool worker, bool once_more, Cycle at, const Memory& memory);

  // A worker's bundle that is decoded already; null also for a PC that is misaligned or outside region 0.
  // Only while nothing is pending().
  const Bundle* find_decoded(std::uint32_t pc) const {
    const std::uint32_t index = std::rotr(pc - arch_.memory_base, 2);  // misaligned: far too large
    if (index >= words_) return nullptr;
    const Page* page = pages_[1][index / words_per_page].get();
    return page != nullptr && page->valid[index % words_per_page] ? &page->bundles[index % words_per_page]
                                                                  : nullptr;
  }
  // Whether a decoded bundle has been overwritten and is still to be executed as it was.
  bool pending() const { return !pending_.empty(); }

  // Memory is about to be written at `at` by the tile itself; `address` is in region 0.
  void note_store(std::uint32_t address, Cycle at, const Memory& memory) {
    const std::uint32_t row = address & ~(row_bytes - 1);
    log_[log_next_++ % log_size] = {at + isa::timing::fetch_after_store, row,
                                    memory.load<std::uint64_t>(row)};
    if (decoded_rows_[row_number(row)]) pending_.push_back({at + isa::timing::fetch_after_store, row});
  }
  // The debug side changed memory: seen by every later fetch.
  void drop(std::uint32_t address, std::uint32_t bytes);

  // Its state are the stores that fetches from `now` on may not see yet: what is decoded is found again.
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self, Cycle now) {
    std::vector<Store> hidden;
    if constexpr (Archive::is_reader) {
      archive(hidden);
      self.clear();
      if (hidden.size() > log_size) archive.fail("too many stores that no fetch has seen");
      std::copy(hidden.begin(), hidden.end(), self.log_.begin());
      self.log_next_ = hidden.size();
    } else {
      for (std::size_t i = 0; i < log_size; ++i) {
        const Store& store = self.log_[(self.log_next_ + i) % log_size];
        if (store.visible > now) hidden.push_back(store);
      }
      archive(hidden);
    }
  }

 private:
  static constexpr std::uint32_t words_per_page = 64;
  static constexpr std::uint32_t row_bytes = 8;
  struct Page {
    std::array<Bundle, words_per_page> bundles;
    std::array<bool, words_per_page> valid{};
  };
  struct Store {
    Cycle visible{0};
    std::uint32_t address = 0;  // of the row
    std::uint64_t before = 0;

    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [visible, address, before] = self;
      archive(visible, address, before);
    }
  };
  struct Overwritten {
    Cycle visible;
    std::uint32_t address;  // of the row
  };
  // A row as a fetch sees it, and whether every later one does.
  struct Words {
    std::uint32_t even, odd;
    bool lasting;
  };
  // At most two writes per cycle: an instruction's and an incoming word.
  static constexpr std::size_t log_size = 16;
  static_assert(log_size >= 2 * (isa::timing::fetch_after_store + 1));

  std::uint32_t row_number(std::uint32_t row) const { return (row - arch_.memory_base) / row_bytes; }
  void settle(Cycle at);
  void invalidate(std::uint32_t row);
  Words words_at(std::uint32_t row, Cycle at, const Memory& memory) const;
  const Bundle& decode(std::uint32_t pc, bool worker, bool once_more, Cycle at, const Memory& memory);

  isa::ArchInfo arch_;
  std::uint32_t words_ = 0;                                  // of code memory
  std::array<std::vector<std::unique_ptr<Page>>, 2> pages_;  // supervisor's, workers'
  std::vector<bool> decoded_rows_;                           // a decoded bundle has words in the row
  // A decoded bundle takes much more space than its words, and the supervisor's code for an exchange is long
  // and runs once: what it has fetched once (a bit per word) is decoded again before it is kept.
  std::vector<bool> fetched_by_supervisor_;
  std::array<Store, log_size> log_;  // the latest stores, a ring
  std::size_t log_next_ = 0;
  std::vector<Overwritten> pending_;  // decoded bundles to drop once the store is visible, oldest first
  Bundle passing_;                    // what is not kept
};

}  // namespace ipusim::tile
