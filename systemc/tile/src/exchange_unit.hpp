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
  // Items of 4 bytes from `address` on leave at cycles at, at+1, ...; directions 0: nothing is read or
  // driven.
  void start_stream(Cycle at, std::uint32_t address, std::uint32_t items, Directions directions);
  bool sending(Cycle at) const { return remaining_ != 0 && at >= next_item_; }
  // The item of this cycle leaves; returns its address.
  std::uint32_t send_item(Cycle at, const Memory& memory);

  // --- incoming
  void select(Cycle at, std::uint32_t source);
  // The source selected by the events before `at`; the last one may still be to come.
  std::uint32_t selected(Cycle at) const { return selected_at_ < at ? source_ : previous_source_; }
  void pre_acknowledge(Cycle at, std::uint32_t count);
  // Whether what the port says of the cycles to come may have changed since the last call.
  bool view_changed() { return std::exchange(view_changed_, false); }
  // The receive pointer or its base shall have this value for writes from `effective` on.
  void set_pointer(Cycle effective, std::uint32_t value) { pending_.push_back({effective, value, false}); }
  void set_base(Cycle effective, std::uint32_t value) { pending_.push_back({effective, value, true}); }
  // Pointer in effect for a write at `at`.
  std::uint32_t pointer(Cycle at) const;
  // Address of the word written at `at`; the pointer steps.
  std::uint32_t next_write(Cycle at);

  // The items of a stream lie in `memory`; the reader is told if they do not.
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self, const Memory& memory) {
    auto& [port, next_item, item_address, remaining, directions, source, previous_source, selected_at,
           view_changed, pointer, base, pending] = self;
    archive(next_item, item_address, remaining, directions, source, previous_source, selected_at,
            view_changed, pointer, base, pending);
    if constexpr (Archive::is_reader) {
      const std::uint64_t bytes = std::uint64_t{4} * remaining;
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
  void apply(Cycle at);

  ExchangePort* port_ = nullptr;
  Cycle next_item_;
  std::uint32_t item_address_ = 0;
  std::uint32_t remaining_ = 0;
  Directions directions_;
  std::uint32_t source_ = 0;
  std::uint32_t previous_source_ = 0;
  Cycle selected_at_;
  bool view_changed_ = false;
  std::uint32_t pointer_ = 0;
  std::uint32_t base_ = 0;
  std::deque<Pending> pending_;  // by rising effective cycle
};

}  // namespace ipusim::tile
