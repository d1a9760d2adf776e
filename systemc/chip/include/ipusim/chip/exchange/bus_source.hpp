// SPDX-License-Identifier: Apache-2.0
// What a tile's incoming mux can select: another tile, or an exchange block that puts words of the host or of
// a link on a bus.
//
// One writer: only its owner appends words and raises published(). Receivers read at any time, from any
// thread, and write nothing here; what they took they keep themselves, until the chip has all of them stand
// still.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "ipusim/base/types.hpp"

namespace ipusim::chip {

struct BusWord {
  Cycle left;  // the cycle in which it left its source
  std::uint32_t word = 0;
  std::uint8_t directions = 0;  // bit 0 east, bit 1 west (tile::Directions)

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [left, word, directions] = self;
    archive(left, word, directions);
  }
};

// 64 bits: the low half on the bus of the tile that sends, the high half on that of its partner.
struct BusItem {
  Cycle left;
  std::uint64_t item = 0;
  std::uint8_t directions = 0;

  std::uint32_t low() const { return static_cast<std::uint32_t>(item); }
  std::uint32_t high() const { return static_cast<std::uint32_t>(item >> 32U); }

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [left, item, directions] = self;
    archive(left, item, directions);
  }
};

// From a source to the mux of a receiver.
struct BusPath {
  int mux_time = 0;            // a word that left at w is seen at w + mux_time
  std::uint8_t direction = 0;  // in which the source must drive
};

// Tiles that can go on only when a source has published more than it had.
class WaitList {
 public:
  // Hangs the tile here if `must_wait()` holds. Whoever publishes first and calls take() then misses nobody.
  template <typename MustWait>
  bool hang(std::uint32_t tile, const MustWait& must_wait) {
    const std::lock_guard lock(mutex_);
    if (!must_wait()) return false;
    tiles_.push_back(tile);
    return true;
  }
  std::vector<std::uint32_t> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(tiles_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::uint32_t> tiles_;
};

class BusSource {
 public:
  virtual ~BusSource() = default;

  // Every word that leaves before this cycle is there. Never moves backwards while tiles run.
  virtual Cycle published() const = 0;
  // The source sends nothing before a sync ends that has not happened yet, and in which it has arrived.
  virtual bool waits_in_sync() const = 0;

  // Words are numbered from the source's first one on; old ones are forgotten.
  // The first that left at or after `from` (the next to come if there is none); `hint`: a guess.
  virtual std::uint64_t first_at_or_after(Cycle from, std::uint64_t hint) const = 0;
  // nullptr: not there yet.
  virtual const BusWord* word(std::uint64_t number) const = 0;

  virtual BusPath path_to(TileId receiver) const = 0;

  // Somebody took the words `first` to `last`. Only while every tile stands still.
  virtual void mark_taken(std::uint64_t first, std::uint64_t last) = 0;

  // --- 64-bit items, numbered apart from words; only tiles send them
  // Whether it ever sent one. If not, there is none before published() either.
  bool sends_items() const { return sends_items_.load(std::memory_order_relaxed); }
  virtual std::uint64_t first_item_at_or_after(Cycle, std::uint64_t /*hint*/) const { return 0; }
  virtual const BusItem* item(std::uint64_t) const { return nullptr; }
  virtual void mark_items_taken(std::uint64_t, std::uint64_t) {}
  // The tile whose items have their high half on this bus; nullptr: there is none.
  virtual BusSource* partner() const { return nullptr; }

  WaitList& waiting() const { return waiting_; }

 protected:
  void set_sends_items() { sends_items_.store(true, std::memory_order_relaxed); }

 private:
  std::atomic<bool> sends_items_{false};
  mutable WaitList waiting_;
};

}  // namespace ipusim::chip
