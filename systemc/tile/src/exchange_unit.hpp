// SPDX-License-Identifier: Apache-2.0
// The tile's side of the exchange: the outgoing stream, the receive pointer and its delay, the mux.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "ipusim/tile/ports.hpp"
#include "ipusim/tile/tile_model.hpp"
#include "memory.hpp"

namespace ipusim::tile {

class ExchangeUnit {
 public:
  void reset(std::uint32_t null_source);
  void attach(ExchangePort* port) { port_ = port; }
  ExchangePort* port() const { return port_; }

  // --- outgoing
  // Items of 4 or 8 bytes from `address` on leave at cycles at, at+1, ...; directions 0: nothing is read or
  // driven.
  void start_stream(Cycle at, std::uint32_t address, std::uint32_t items, unsigned item_bytes,
                    Directions directions);
  bool sending(Cycle at) const { return remaining_ != 0 && at >= next_item_; }
  // The item of this cycle leaves; returns its address.
  std::uint32_t send_item(Cycle at, const Memory& memory);
  unsigned item_bytes() const { return item_bytes_; }

  // --- incoming
  void select(Cycle at, std::uint32_t source);
  void select_pair(Cycle at, std::uint32_t source);
  // The source selected by the events before `at`; the last one may still be to come.
  std::uint32_t selected(Cycle at) const { return source_.before(at); }
  std::uint32_t selected_pair(Cycle at) const { return pair_source_.before(at); }
  void pre_acknowledge(Cycle at, std::uint32_t count);
  // Whether what the port says of the cycles to come may have changed since the last call.
  bool view_changed() { return std::exchange(view_changed_, false); }
  // The receive pointer or its base shall have this value for writes from `effective` on.
  void set_pointer(Cycle effective, std::uint32_t value) { pending_.push_back({effective, value, false}); }
  void set_base(Cycle effective, std::uint32_t value) { pending_.push_back({effective, value, true}); }
  void set_format(Cycle effective, ReceiveFormat format);
  // Whether a write at `at` is one of a 64-bit item.
  bool takes_items(Cycle at) {
    while (!pending_formats_.empty() && pending_formats_.front().effective <= at) {
      format_ = pending_formats_.front().format;
      pending_formats_.pop_front();
    }
    return format_ != ReceiveFormat::words;
  }
  // In effect for a write at `at`.
  ReceiveFormat format(Cycle at) const;
  // Pointer in effect for a write at `at`.
  std::uint32_t pointer(Cycle at) const;
  // Address of the `bytes` written at `at`; the pointer steps.
  std::uint32_t next_write(Cycle at, std::uint32_t bytes);

  // The items of a stream lie in `memory`; the reader is told if they do not.
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self, const Memory& memory) {
    auto& [port, next_item, item_address, remaining, item_bytes, directions, source, pair_source,
           view_changed, pointer, base, pending, format, pending_formats] = self;
    archive(next_item, item_address, remaining, item_bytes, directions, source, pair_source, view_changed,
            pointer, base, pending, format, pending_formats);
    if constexpr (Archive::is_reader) {
      if (item_bytes != 4 && item_bytes != 8) archive.fail("a stream of items of no known size");
      const std::uint64_t bytes = std::uint64_t{item_bytes} * remaining;
      if (bytes != 0 &&
          (bytes > memory.size() || !memory.contains(item_address, static_cast<std::uint32_t>(bytes))))
        archive.fail("a stream of words that lie outside memory");
    }
  }

 private:
  struct Pending {
    Cycle effective;
    std::uint32_t value;
    bool base;

    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [effective, value, base] = self;
      archive(effective, value, base);
    }
  };
  struct PendingFormat {
    Cycle effective;
    ReceiveFormat format;

    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [effective, format] = self;
      archive(effective, format);
    }
  };
  // A mux, and what it showed before the event that is the last so far.
  struct Selection {
    std::uint32_t now = 0;
    std::uint32_t previous = 0;
    Cycle since;

    void select(Cycle at, std::uint32_t source) { *this = {source, now, at}; }
    std::uint32_t before(Cycle at) const { return since < at ? now : previous; }

    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [now, previous, since] = self;
      archive(now, previous, since);
    }
  };
  void apply(Cycle at);

  ExchangePort* port_ = nullptr;
  Cycle next_item_;
  std::uint32_t item_address_ = 0;
  std::uint32_t remaining_ = 0;
  std::uint32_t item_bytes_ = 4;
  Directions directions_;
  Selection source_;
  Selection pair_source_;
  bool view_changed_ = false;
  std::uint32_t pointer_ = 0;
  std::uint32_t base_ = 0;
  std::deque<Pending> pending_;  // by rising effective cycle
  ReceiveFormat format_ = ReceiveFormat::words;
  std::deque<PendingFormat> pending_formats_;  // by rising effective cycle
};

}  // namespace ipusim::tile
