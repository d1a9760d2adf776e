// What a tile executed, as far as a debugger wants to know: hits of breakpoints and watchpoints, calls, and
// when each context issued.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/tile/tile_model.hpp"

namespace ipusim::cli {

// Stops before the instruction at `address` issues.
struct Breakpoint {
  unsigned number = 0;
  ByteAddr address;
  std::vector<TileIndex> tiles;
  std::optional<Context> context;  // any if absent
  std::string text;                // as the user wrote it
};

// Stops after something was written to one of the bytes: a store, or a word from the exchange.
struct Watchpoint {
  unsigned number = 0;
  ByteAddr address;
  std::uint32_t bytes = 4;
  std::vector<TileIndex> tiles;
  std::string text;
};

// Something to stop at. The machine stops at the beginning of `stop_at`.
struct Hit {
  Cycle stop_at;
  TileIndex tile;
  std::optional<Context> context;  // absent: a word from the exchange
  unsigned number = 0;             // of the breakpoint or watchpoint
};

struct CallFrame {
  ByteAddr call;       // address of the call
  ByteAddr return_to;  // where the callee shall return to
};

class TileTracer : public tile::TileObserver {
 public:
  TileTracer(TileIndex tile, const std::vector<Breakpoint>& breakpoints,
             const std::vector<Watchpoint>& watchpoints)
      : tile_(tile), breakpoints_(breakpoints), watchpoints_(watchpoints) {}

  // Looks for things to stop at from now on. A breakpoint counts if its instruction issues in `from` or
  // later, or later than that if `skip_first`; what a watchpoint sees counts from `from` on.
  void search(Cycle from, bool skip_first);
  // The earliest since then.
  const std::optional<Hit>& hit() const { return hit_; }

  // The first cycle >= `from` in which the context issued, since search().
  std::optional<Cycle> first_issue(Context context) const { return first_issue_.at(context.index()); }
  // Innermost last.
  const std::vector<CallFrame>& calls(Context context) const { return calls_.at(context.index()); }

  void on_retire(const tile::RetireRecord& record) override;
  void on_receive(Cycle at, const tile::MemoryWrite& write) override;
  void on_hazard(const tile::Hazard&) override {}

 private:
  void note(Hit hit);
  void check_write(Cycle at, std::optional<Context> context, const tile::MemoryWrite& write);
  void follow_calls(const tile::RetireRecord& record);

  TileIndex tile_;
  const std::vector<Breakpoint>& breakpoints_;
  const std::vector<Watchpoint>& watchpoints_;
  Cycle from_{0};
  bool skip_first_ = false;
  std::optional<Hit> hit_;
  std::array<std::optional<Cycle>, Context::count> first_issue_{};
  std::array<std::vector<CallFrame>, Context::count> calls_{};
};

}  // namespace ipusim::cli
