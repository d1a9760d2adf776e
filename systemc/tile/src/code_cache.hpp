// Decoded bundles by address, kept true to docs/timing.md, 2: a bundle issued at t sees the stores issued up
// to t - fetch_after_store and none later.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "decoder.hpp"
#include "memory.hpp"

namespace ipusim::tile {

class CodeCache {
 public:
  explicit CodeCache(const isa::ArchInfo& arch);

  void clear();

  // The bundle at `pc` (4-aligned, in region 0) for an issue at `at`. Valid until the next call.
  const Bundle& fetch(std::uint32_t pc, bool worker, Cycle at, const Memory& memory);

  // Memory is about to be written at `at` by the tile itself; `address` is in region 0.
  void note_store(std::uint32_t address, Cycle at, const Memory& memory);
  // The debug side changed memory: seen by every later fetch.
  void drop(std::uint32_t address, std::uint32_t bytes);

 private:
  static constexpr std::uint32_t words_per_page = 64;
  struct Page {
    std::array<Bundle, words_per_page> bundles;
    std::array<bool, words_per_page> valid{};
  };
  struct Store {
    Cycle visible;
    std::uint32_t address;  // of the 8-byte group
    std::uint64_t before;
  };
  void settle(Cycle at);
  void invalidate(std::uint32_t group);
  const Bundle& decode(std::uint32_t pc, bool worker, Cycle at, const Memory& memory);
  std::uint64_t group_as_fetched(std::uint32_t group, Cycle at, const Memory& memory) const;

  isa::ArchInfo arch_;
  std::array<std::vector<std::unique_ptr<Page>>, 2> pages_;  // supervisor's, workers'
  std::deque<Store> recent_;                                 // not yet visible to fetch, oldest first
};

}  // namespace ipusim::tile
