// SPDX-License-Identifier: Apache-2.0
// A chip as everything around it sees it: the SystemC module, the debugger, benches. No SystemC here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/base/state.hpp"
#include "ipusim/base/types.hpp"
#include "ipusim/chip/chip_report.hpp"
#include "ipusim/chip/edge/chip_edge.hpp"
#include "ipusim/chip/run_events.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::chip {

class ChipModel {
 public:
  virtual ~ChipModel() = default;

  // --- what it is made of
  virtual isa::Arch arch() const = 0;
  virtual std::size_t size() const = 0;
  // Physical places, by tile index.
  virtual const std::vector<TileId>& places() const = 0;
  virtual std::optional<TileIndex> tile_at(TileId place) const = 0;
  virtual tile::TileModel& tile(TileIndex index) = 0;
  virtual const tile::TileModel& tile(TileIndex index) const = 0;

  // --- set-up
  // What is outside; must outlive the chip's runs. Without one nothing is.
  virtual void attach(ChipEdge& edge) = 0;
  // Shows what tile `index` does; nullptr: to nobody. Does not change the run.
  virtual void observe(TileIndex index, tile::TileObserver* observer) = 0;
  // Counts in `activity` what tile `index` does from here on, through loads too; nullptr: no longer. Must
  // outlive that. Does not change the run.
  virtual void measure(TileIndex index, tile::Activity* activity) = 0;
  // Tells what happens on the chip from here to remove_observer(). Does not change the run.
  virtual void add_observer(RunObserver& observer) = 0;
  virtual void remove_observer(RunObserver& observer) = 0;
  // Sentences (describe(), problems of the report) tell cycles since this one; 0 is the default. Numbers stay
  // on the chip's line. Before start().
  virtual void tell_cycles_since(Cycle origin) = 0;
  // Tile `index` shall start at pc when the chip runs.
  virtual void set_entry(TileIndex index, ByteAddr pc) = 0;
  virtual bool has_entry(TileIndex index) const = 0;
  // Starts every tile that has an entry. The others never arrive at any sync.
  // Throws std::logic_error if called twice.
  virtual void start(Cycle at) = 0;

  // --- in time
  // Runs until nothing can move without the outside, or to `limit` cycles, and lets words that are under way
  // arrive. At the limit workers stand there too whose supervisor waits in a sync. The order in which tiles
  // are simulated never changes the result: a tile that fails takes part in no later sync, all others go on
  // to where they must wait for it.
  virtual ChipState run(Cycle limit) = 0;
  virtual ChipState state() const = 0;
  // The cycle in which the present state was reached: the last arrival, stop or limit.
  virtual Cycle rest_cycle() const = 0;
  // Whether a tile stopped at the limit of the last run(), and would go on with a later one. state() is not
  // cycle_limit then if another tile has failed.
  virtual bool reached_limit() const = 0;
  // The zone in which every tile waits for the outside, if that is so.
  virtual std::optional<unsigned> outside_zone() const = 0;

  // --- its tiles
  // The tile has been started and has not come to an end.
  virtual bool is_live(TileIndex index) const = 0;
  // What the tile does or waits for, and the same as a clause.
  virtual TileStanding standing(TileIndex index) const = 0;
  virtual std::string describe(TileIndex index) const = 0;
  // The exception that tile `index` has stopped with, until it is cleared.
  virtual const std::optional<tile::ExceptionReport>& exception(TileIndex index) const = 0;
  // Clears the exceptions of these contexts (TileDebug::clear_exceptions). If the tile had stopped with one
  // of them it goes on with the next run(), as if it had stood still, in the cycle that is returned: the
  // first that no tile has been simulated past, is not before `at`, and leaves the tile min_resume_delay. The
  // chip has not failed for that exception any more. Throws std::logic_error, and changes nothing, where the
  // tile refuses: the exception came inside an exchange instruction.
  virtual std::optional<Cycle> clear_exceptions(TileIndex index, tile::ContextMask contexts, Cycle at) = 0;

  virtual ChipReport report() const = 0;

  // --- its state: of tiles, exchange and syncs, not of what is attached to the edge, which must be saved
  // with it. Between two calls of run(), or at a checkpoint. A load is into a chip made alike; it then goes
  // on as the saved one would. Throws StateError, and leaves a chip that is good for another load only.
  virtual void save(StateWriter& to) const = 0;
  virtual void load(StateReader& from) = 0;
  // A checkpoint: from now on called within run() when a superstep has ended, with how many have so far and
  // the cycle of its release. Every tile stands still then, though some may have been simulated past that
  // cycle. It may save, and must change nothing and not throw. Empty: nobody is called.
  using Checkpoint = std::function<void(std::uint64_t supersteps, Cycle release)>;
  virtual void set_checkpoint(Checkpoint checkpoint) = 0;
};

}  // namespace ipusim::chip
