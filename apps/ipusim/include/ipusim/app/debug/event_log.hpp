// SPDX-License-Identifier: Apache-2.0
// What one tile did in a stretch of time, as far as a debugger wants to know: which instructions issued, what
// was written, which hazards happened. And the calls each context is in.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ipusim/tile/tile_model.hpp"

namespace ipusim::app {

// A name or an expression may stand for another address on every tile.
using PlaceOnTiles = std::map<TileIndex, ByteAddr>;

// Stops before the instruction there issues.
struct Breakpoint {
  unsigned number = 0;
  PlaceOnTiles places;
  std::optional<Context> context;  // any if absent
  std::string text;                // as the user wrote it
};

// Stops after something was written to one of the bytes: a store, or a word from the exchange.
struct Watchpoint {
  unsigned number = 0;
  PlaceOnTiles places;
  std::uint32_t bytes = 4;
  std::string text;
};

struct CallFrame {
  ByteAddr call;       // address of the call
  ByteAddr return_to;  // where the callee shall return to
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [call, return_to] = self;
    archive(call, return_to);
  }
};

// A bundle that was executed.
struct Issue {
  Cycle cycle;
  Context context;
  ByteAddr pc;
  std::uint32_t call_bytes = 0;  // 0: it is no call; else its size
};

// Something that was written into memory.
struct MemoryChange {
  Cycle cycle;
  std::optional<Context> context;  // absent: a word from the exchange
  ByteAddr address;
  std::uint32_t bytes = 0;
};

class EventLog : public tile::TileObserver {
 public:
  void on_retire(const tile::RetireRecord& record) override;
  void on_receive(Cycle at, const tile::MemoryWrite& write) override;
  void on_hazard(const tile::Hazard& hazard) override { hazards_.push_back(hazard); }

  // Events of cycles in [from, to), in order of cycle.
  std::span<const Issue> issues(Cycle from, Cycle to) const;
  std::span<const MemoryChange> changes(Cycle from, Cycle to) const;
  // The cycle in which `context` issued for the nth time (1: the first) since `from`, if it is in the log.
  std::optional<Cycle> nth_issue(Context context, Cycle from, std::uint64_t nth) const;
  // How often it did.
  std::uint64_t count_issues(Context context, Cycle from) const;
  // Hazards since the last call.
  std::vector<tile::Hazard> take_hazards();

  // calls() is now what it was at the beginning of `cycle`; never backwards.
  void follow_calls(Cycle cycle);
  // Innermost last.
  const std::vector<CallFrame>& calls(Context context) const { return calls_.at(context.index()); }
  // Drops all events; follow_calls() must have passed them.
  void forget();
  // Where the calls stand, of a log that has been told to forget all else.
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    archive(self.calls_);
  }

 private:
  void follow(const Issue& issue);

  std::vector<Issue> issues_;
  std::vector<MemoryChange> changes_;
  std::vector<tile::Hazard> hazards_;
  std::size_t followed_ = 0;  // issues_ that calls_ know of
  std::array<std::vector<CallFrame>, Context::count> calls_{};
};

}  // namespace ipusim::app
