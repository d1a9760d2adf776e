// One chip without SystemC: its tiles, the exchange fabric and the sync unit, run until nothing can move.
#pragma once

#include <spdlog/logger.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/chip/exchange/exchange_fabric.hpp"
#include "ipusim/chip/sync/sync_unit.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::chip {

// Makes a tile of one kind; registered by name from outside, so that this floor links no particular model.
using TileFactory = std::function<std::unique_ptr<tile::TileModel>(const tile::TileParameters&)>;
using TileFactories = std::map<std::string, TileFactory>;

// Where a run stands.
enum class ChipState : std::uint8_t {
  not_started,
  waits_for_host,  // every tile is in a host sync, and the mark is used up
  stopped,   // a tile excepted, a lockstep pair differs, a sync was misused, or a hazard with policy `error`
  deadlock,  // nothing can move; `problems` names every tile and what it waits for
  cycle_limit,
  finished  // nothing can move, and no tile waits for anything
};
std::string to_string(ChipState state);

struct CycleSplit {
  std::uint64_t compute = 0;
  std::uint64_t sync = 0;
  std::uint64_t exchange = 0;
  std::uint64_t total() const { return compute + sync + exchange; }
};

struct TileException {
  TileIndex tile;
  tile::ExceptionReport report;
};
struct TileHazard {
  TileIndex tile;
  tile::Hazard hazard;
  bool is_error;
};
// A sync that the host granted.
struct HostSync {
  unsigned zone;  // sync_zone::gs1_host or gs2_host
  Cycle at;       // last arrival or grant, whichever was later
};

struct ChipReport {
  ChipState state = ChipState::not_started;
  Cycle start;                                    // of the run
  Cycle end;                                      // last arrival or stop
  CycleSplit cycles;                              // along the critical path; total() = end - start
  std::vector<CycleSplit> tile_cycles;            // by tile index
  std::uint64_t supersteps = 0;                   // internal syncs that happened
  std::vector<TileException> exceptions;          // by (cycle, tile); those cleared are no longer there
  std::vector<TileHazard> hazards;                // by (cycle, tile); policy `off` left out
  std::uint64_t hazards_left_out = 0;             // beyond the first max_hazards_per_tile of a tile
  std::vector<std::string> problems;              // mismatches, misused syncs, deadlock: one sentence each
  std::vector<TileIndex> mismatched;              // lockstep tiles whose two models differ, in order
  std::vector<TileIndex> misused_sync;            // tiles whose sync was misused, in order
  ExchangeStatistics exchange;                    // of the whole chip
  std::vector<ExchangeStatistics> tile_exchange;  // by tile index
};
inline constexpr std::size_t max_hazards_per_tile = 1000;

class Chip {
 public:
  // kinds: one per place of the system, keys of `factories`. Throws std::invalid_argument for an unknown kind
  // or a wrong count, or latencies that would let a word arrive before it left.
  Chip(const config::SystemConfig& system, const std::vector<std::string>& kinds,
       const TileFactories& factories);
  ~Chip();
  Chip(const Chip&) = delete;
  Chip& operator=(const Chip&) = delete;

  std::size_t size() const { return slots_.size(); }
  const config::SystemConfig& system() const { return system_; }
  tile::TileModel& tile(TileIndex index);
  const tile::TileModel& tile(TileIndex index) const;
  std::optional<TileIndex> tile_at(TileId place) const;

  // Where progress is told; nullptr (the default): nowhere.
  void set_logger(std::shared_ptr<spdlog::logger> logger) { logger_ = std::move(logger); }
  // Sentences (describe(), problems of the report) tell cycles since this one; 0 is the default. Numbers stay
  // on the chip's line. Before start().
  void tell_cycles_since(Cycle origin);
  // Shows what tile `index` does; nullptr: to nobody. Does not change the run.
  void observe(TileIndex index, tile::TileObserver* observer);
  // Simulates tiles in random order and in slices of up to `slice_cycles`, to show that nothing depends on
  // it.
  void shuffle(std::uint64_t seed, std::uint64_t slice_cycles);

  // Tile `index` shall start at pc when the chip runs.
  void set_entry(TileIndex index, ByteAddr pc);
  bool has_entry(TileIndex index) const;
  // Starts every tile that has an entry. The others never arrive at any sync.
  // Throws std::logic_error if called twice.
  void start(Cycle at = Cycle{0});

  // See SyncUnit::set_host_mark. Throws std::invalid_argument if `at` is before the host horizon.
  void set_host_mark(unsigned zone, std::uint32_t count, Cycle at);
  std::uint32_t host_mark(unsigned zone) const { return sync_.host_mark(zone); }
  std::uint32_t host_mark(unsigned zone, Cycle at) const { return sync_.host_mark(zone, at); }
  // The host will grant nothing before cycle `at`: lets tiles go on that depend on that. Never moves
  // backwards.
  void set_host_horizon(Cycle at);

  // Runs until nothing can move without the host, or to `limit` cycles, and lets words that are under way
  // arrive. At the limit workers stand there too whose supervisor waits in a sync. The order in which tiles
  // are simulated never changes the result: a tile that fails takes part in no later sync, all others go on
  // to where they must wait for it.
  ChipState run(Cycle limit = Cycle::never());
  ChipState state() const { return state_; }
  // The cycle in which the present state was reached: the last arrival, stop or limit.
  Cycle rest_cycle() const;
  // The host zone every tile waits in, if state() is waits_for_host.
  std::optional<unsigned> host_zone() const { return sync_.host_zone(); }
  // Syncs granted by the host that happened, oldest first.
  const std::vector<HostSync>& host_syncs() const { return host_syncs_; }
  // Whether a tile stopped at the limit of the last run(), and would go on with a later one. state() is not
  // cycle_limit then if another tile has failed.
  bool reached_limit() const;

  // The exception that tile `index` has stopped with, until it is cleared.
  const std::optional<tile::ExceptionReport>& exception(TileIndex index) const;
  // Clears the exceptions of these contexts (TileDebug::clear_exceptions). If the tile had stopped with one
  // of them it goes on with the next run(), as if it had stood still, in the cycle that is returned: the
  // first that no tile has been simulated past, is not before `at`, and leaves the tile min_resume_delay. The
  // chip has not failed for that exception any more. Throws std::logic_error, and changes nothing, where the
  // tile refuses: the exception came inside an exchange instruction.
  std::optional<Cycle> clear_exceptions(TileIndex index, tile::ContextMask contexts, Cycle at = Cycle{0});

  // One clause: what the tile does or waits for.
  std::string describe(TileIndex index) const;
  // The tile has been started and has not come to an end.
  bool is_live(TileIndex index) const;

  ChipReport report() const;

 private:
  class Slot;
  struct Problem {
    Cycle cycle;
    TileIndex tile;
    std::string text;
    bool is_mismatch = false;  // otherwise a misused sync
  };
  void resume(Slot& slot, Cycle at);
  bool advance(Slot& slot, Cycle limit);
  void handle(Slot& slot, const tile::StopReport& stop);
  void enter_sync(Slot& slot, const tile::StopReport& stop);
  void stop_tile(Slot& slot, const tile::StopReport& stop);
  std::vector<std::size_t> order();
  CycleSplit path_to(Cycle arrival, Cycle exchange_begin, Cycle exchange_end) const;
  bool release_syncs();
  void account(const SyncUnit::Event& event);
  void prune();
  bool raise_bounds();
  bool advance_waiting(Cycle limit);
  void settle();
  bool failed() const;
  ChipState resting_state() const;
  void on_hazard(TileIndex tile, const tile::Hazard& hazard);
  void on_acknowledge(TileIndex tile, Cycle at, std::uint32_t count);

  config::SystemConfig system_;
  SyncUnit sync_;
  ExchangeFabric fabric_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::map<TileId, TileIndex> index_of_place_;
  std::vector<TileHazard> hazards_;
  std::vector<std::uint64_t> hazard_counts_;  // by tile index
  std::vector<Problem> problems_;
  std::vector<HostSync> host_syncs_;
  CycleSplit critical_path_;
  Cycle start_;
  Cycle path_end_;
  Cycle earliest_release_;
  Cycle host_horizon_;
  Cycle told_since_;
  std::uint64_t supersteps_ = 0;
  ChipState state_ = ChipState::not_started;
  std::optional<std::mt19937_64> shuffle_;
  std::uint64_t slice_cycles_ = 0;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace ipusim::chip
