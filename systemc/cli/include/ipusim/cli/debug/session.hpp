// A run that can be stopped anywhere and looked at.
//
// Simulation is deterministic, so the debugger needs nothing from the tiles: it runs ahead, finds in what
// cycle something to stop at happened, and if it has gone too far starts again and runs to exactly that
// cycle. Every kind of tile can be debugged, and a program takes the same cycles as under `ipusim run`.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/chip/chip.hpp"
#include "ipusim/cli/debug/tile_tracer.hpp"
#include "ipusim/cli/run/runner.hpp"

namespace ipusim::cli {

// Why the machine stands where it stands.
struct Standing {
  enum class Reason : std::uint8_t { start, breakpoint, watchpoint, stepped, ended } reason = Reason::start;
  std::optional<Hit> hit;  // breakpoint and watchpoint
  chip::ChipState state = chip::ChipState::not_started;
};

class Session {
 public:
  // input must outlive the session. Throws what building a chip throws.
  explicit Session(const RunInput& input);

  // Back to the start; breakpoints stay.
  void restart();
  // On to the next breakpoint or watchpoint, or to the end.
  Standing resume();
  // Until the context has issued one more bundle, or something to stop at came first.
  Standing step(TileIndex tile, Context context);
  // `count` cycles on, or to something to stop at.
  Standing run_cycles(std::uint64_t count);

  // Cycles since the start: the machine stands at its beginning.
  std::uint64_t cycle() const { return now_ - start_; }
  const Standing& standing() const { return standing_; }

  unsigned add(Breakpoint breakpoint);
  unsigned add(Watchpoint watchpoint);
  // False if there is none of this number.
  bool remove(unsigned number);
  const std::vector<Breakpoint>& breakpoints() const { return breakpoints_; }
  const std::vector<Watchpoint>& watchpoints() const { return watchpoints_; }

  const chip::Chip& chip() const { return *chip_; }
  const RunInput& input() const { return input_; }
  const std::vector<CallFrame>& calls(TileIndex tile, Context context) const;

 private:
  // Runs until `wanted` names a cycle, something is hit, or `limit`.
  Standing go(Cycle limit, const std::function<std::optional<Cycle>()>& wanted);
  void run_to(Cycle cycle);
  std::optional<Hit> earliest_hit() const;

  const RunInput& input_;
  Cycle start_;
  Cycle now_;
  std::unique_ptr<chip::Chip> chip_;
  std::vector<std::unique_ptr<TileTracer>> tracers_;  // by tile index
  std::vector<Breakpoint> breakpoints_;
  std::vector<Watchpoint> watchpoints_;
  unsigned next_number_ = 1;
  Standing standing_;
};

}  // namespace ipusim::cli
