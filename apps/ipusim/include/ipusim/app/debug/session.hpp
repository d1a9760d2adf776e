// SPDX-License-Identifier: Apache-2.0
// A run that can be stopped anywhere and looked at.
//
// The debugger needs nothing from the tiles: simulation is deterministic, so the same machine is run twice. A
// scout runs ahead, a stretch at a time, and logs what happens; the machine that is shown follows it, to the
// end of the stretch or to the cycle of the first thing to stop at. So every kind of tile can be debugged, a
// program takes the same cycles as under `ipusim run`, and no stop costs a run from the start. On its way it
// keeps states, and goes back by loading the nearest one and running from there.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ipusim/app/checkpoint/state_history.hpp"
#include "ipusim/app/debug/event_log.hpp"
#include "ipusim/app/run/runner.hpp"
#include "ipusim/chip/chip.hpp"
#include "ipusim/chip/edge/host_marks.hpp"

namespace ipusim::app {

// Something to stop at. The machine stops at the beginning of `stop_at`: for a breakpoint the cycle in which
// the instruction would issue, otherwise the one behind the event.
struct Hit {
  enum class Kind : std::uint8_t { exception, hazard, watchpoint, breakpoint } kind = Kind::breakpoint;
  Cycle stop_at;
  TileIndex tile;
  // Whose instruction; of a hazard, the one that issued in its cycle. Absent: none, only the exchange.
  std::optional<Context> context;
  unsigned number = 0;  // of the breakpoint or watchpoint
  tile::ExceptionReport exception;
  tile::Hazard hazard;
  std::optional<ByteAddr> pc;  // of a hazard: where that instruction is
};

// Why the machine stands where it stands.
struct Standing {
  enum class Reason : std::uint8_t {
    start,
    hit,          // see hits
    stepped,      // as far as was asked for
    interrupted,  // by the user
    ended         // nothing can move, or the timeout; what happened in that very cycle is in hits
  } reason = Reason::start;
  // All that happens in this cycle, by kind, then by tile.
  std::vector<Hit> hits;
  chip::ChipState state = chip::ChipState::not_started;
};

class Session {
 public:
  // input must outlive the session. interrupted: asked every few tenths of a second while the machine runs,
  // whether to stop. Throws what building a chip throws.
  explicit Session(
      const RunInput& input, std::function<bool()> interrupted = [] { return false; });

  // Back to the start; breakpoints stay.
  void restart();
  // Each of these goes on until something is hit, the user interrupts or the run ends. Hits are breakpoints,
  // watchpoints, exceptions, and hazards that fail the run. A breakpoint where the machine stands is no hit,
  // except at the start.
  const Standing& resume();
  // Not further than until the context has issued `count` more bundles.
  const Standing& step(TileIndex tile, Context context, std::uint64_t count);
  // Not further than `count` cycles.
  const Standing& run_cycles(std::uint64_t count);
  // To this cycle since the start, back or ahead, past everything that could be hit on the way; what is hit
  // there is told as it is when one comes there by itself.
  const Standing& go_to(std::uint64_t cycle);
  // Back to where the context was about to issue the last `count` bundles it has issued, or to the start.
  const Standing& step_back(TileIndex tile, Context context, std::uint64_t count);

  // Cycles since the start: the machine stands at its beginning.
  std::uint64_t cycle() const { return since_start(now_); }
  std::uint64_t since_start(Cycle cycle) const { return cycle - start_; }
  const Standing& standing() const { return standing_; }

  unsigned add(Breakpoint breakpoint);
  unsigned add(Watchpoint watchpoint);
  // False if there is none of this number.
  bool remove(unsigned number);
  const std::vector<Breakpoint>& breakpoints() const { return breakpoints_; }
  const std::vector<Watchpoint>& watchpoints() const { return watchpoints_; }

  const chip::ChipModel& chip() const { return shown_->chip; }
  const RunInput& input() const { return input_; }
  const std::vector<CallFrame>& calls(TileIndex tile, Context context) const;

 private:
  struct Steps {
    TileIndex tile;
    Context context;
    std::uint64_t count = 0;
  };
  // How far to go if nothing is hit.
  struct Goal {
    Cycle limit;                 // the run is over there
    std::optional<Cycle> cycle;  // stop there
    std::optional<Steps> steps;  // stop behind the last of them
    bool passes_hits = false;
  };

  // A chip and what the host grants it.
  struct Run {
    Run(const config::ChipConfig& system, const std::vector<std::string>& kinds,
        const chip::TileFactories& factories)
        : marks(system.sync), chip(system, kinds, factories) {
      chip.attach(marks);
    }
    chip::HostMarks marks;
    chip::Chip chip;
  };
  std::unique_ptr<Run> make_run() const;
  // Of both machines, which stand at the same place, and of the calls.
  template <class Archive, class Logs>
  static void visit_state(Archive& archive, Run& run, Logs& logs);
  void keep_state();
  void go_back_before(Cycle cycle);
  Cycle timeout() const { return start_ + input_.program.run.timeout.value(); }
  const Standing& go(Goal goal);
  std::optional<Cycle> reached(const Goal& goal) const;
  void scout_ahead(Cycle most);
  void note_faults(Cycle from);
  void follow(Cycle to);
  const Standing& stop_at(Cycle cycle);
  const Standing& end(Cycle limit);
  std::optional<Cycle> first_hit(Cycle until) const;
  std::vector<Hit> hits_at(Cycle cycle) const;
  std::optional<Cycle> first_hit_of(std::size_t tile, Cycle until) const;
  void add_hits_of(std::size_t tile, Cycle cycle, std::vector<Hit>& hits) const;

  const RunInput& input_;
  std::function<bool()> interrupted_;
  Cycle start_;
  std::unique_ptr<Run> scout_;
  std::unique_ptr<Run> shown_;
  std::vector<std::unique_ptr<EventLog>> logs_;  // of the scout, by tile index
  std::vector<Hit> faults_;                      // of the scout, from now_ on
  std::set<TileIndex> excepted_;                 // whose exception is or was in faults_
  Cycle now_;                                    // of the shown machine
  Cycle ahead_;                                  // the scout has done everything before
  bool scout_ended_ = false;
  bool now_was_searched_ = false;  // hits in the cycle now_ are known, and in standing_.hits
  std::uint64_t stretch_;          // cycles the scout runs ahead next
  std::vector<Breakpoint> breakpoints_;
  std::vector<Watchpoint> watchpoints_;
  unsigned next_number_ = 1;
  StateHistory history_;
  Standing standing_;
};

}  // namespace ipusim::app
