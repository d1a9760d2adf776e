// One chip without SystemC: its tiles, the exchange fabric and the sync unit, run until nothing can move.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
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
  stopped,         // a tile excepted, a lockstep pair differs, or a hazard with policy `error`
  deadlock,        // nothing can move; `problems` names every tile and what it waits for
  cycle_limit
};

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

struct ChipReport {
  ChipState state = ChipState::not_started;
  Cycle end;                              // last arrival or stop
  CycleSplit cycles;                      // along the critical path
  std::vector<CycleSplit> tile_cycles;    // by tile index
  std::uint64_t supersteps = 0;           // internal syncs that happened
  std::vector<TileException> exceptions;  // by (cycle, tile)
  std::vector<TileHazard> hazards;        // by (cycle, tile); policy `off` left out
  std::vector<std::string> problems;      // mismatches, misused syncs, deadlock: one sentence each
  ExchangeStatistics exchange;
};

class Chip {
 public:
  // kinds: one per place of the system, keys of `factories`. Throws std::invalid_argument for an unknown kind
  // or a wrong count.
  Chip(const config::SystemConfig& system, const std::vector<std::string>& kinds,
       const TileFactories& factories);
  ~Chip();
  Chip(const Chip&) = delete;
  Chip& operator=(const Chip&) = delete;

  std::size_t size() const { return slots_.size(); }
  const config::SystemConfig& system() const { return system_; }
  tile::TileModel& tile(TileIndex index);
  const tile::TileModel& tile(TileIndex index) const;

  // Tile `index` shall start at pc when the chip runs.
  void set_entry(TileIndex index, ByteAddr pc);
  // Starts every tile that has an entry, at cycle 0. The others never arrive at any sync.
  void start();

  // See SyncUnit::set_host_mark. `at` is not before the last arrival the host could have seen.
  void set_host_mark(unsigned zone, std::uint32_t count, Cycle at);
  std::uint32_t host_mark(unsigned zone) const { return sync_.host_mark(zone); }

  // Runs until nothing can move without the host, or to `limit` cycles. The order in which tiles are
  // simulated never changes the result.
  ChipState run(Cycle limit = Cycle::never());
  ChipState state() const { return state_; }

  ChipReport report() const;

 private:
  class Slot;
  void advance(Slot& slot, Cycle limit);
  void handle(Slot& slot, const tile::StopReport& stop);
  CycleSplit path_to(const Slot& last, Cycle arrival) const;
  bool release_syncs();
  bool raise_bounds();
  bool failed() const;
  ChipState resting_state(Cycle limit) const;
  void on_hazard(TileIndex tile, const tile::Hazard& hazard);
  std::vector<std::string> waiting_list() const;

  config::SystemConfig system_;
  SyncUnit sync_;
  ExchangeFabric fabric_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<TileHazard> hazards_;
  std::vector<std::string> problems_;
  CycleSplit critical_path_;
  Cycle path_end_;
  std::uint64_t supersteps_ = 0;
  ChipState state_ = ChipState::not_started;
};

}  // namespace ipusim::chip
