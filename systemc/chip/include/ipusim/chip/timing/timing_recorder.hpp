// SPDX-License-Identifier: Apache-2.0
// Records where the time of a chip's run goes. What it says follows from cycles alone: not from the order in
// which tiles were simulated, nor from their kinds.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "ipusim/chip/chip_model.hpp"
#include "ipusim/chip/run_events.hpp"
#include "ipusim/chip/timing/run_timing.hpp"

namespace ipusim::chip {

class TimingRecorder : public RunObserver {
 public:
  explicit TimingRecorder(TimingOptions options) : options_(std::move(options)) {}
  TimingRecorder(const TimingRecorder&) = delete;
  TimingRecorder& operator=(const TimingRecorder&) = delete;

  // From here on, until finish(): the chip will be started, or stands where it was loaded. Once.
  void begin(ChipModel& chip);
  // The run is over: takes itself off the chip and gives what was recorded.
  RunTiming finish(ChipModel& chip);

  void on_start(Cycle at) override { open(at, at); }
  void on_event(const RunEvent& event) override;
  void on_arrival(const TileArrived& arrival) override;
  void on_release(const TileReleased& release) override;

 private:
  struct Tile {
    CycleSplit told;           // its cycles as of the last arrival
    ExchangeStatistics words;  // the same
    std::uint64_t bundles = 0;
    std::uint32_t last_step = 0;  // whose sync released it last
    bool was_alone = false;       // the last release was from a wait alone
    TileTiming current;           // of that step so far
    TileTiming carried;           // of the step that will release it
    StepTiming::Site site;
    Cycle arrived_at;
    Cycle released_at;
    std::optional<std::size_t> traced;  // position in the options
    bool has_arrived = false;           // since the last sync that happened
  };
  void open(Cycle start, Cycle begin);
  void take_over(Tile& tile, std::uint32_t index, const CycleSplit& cycles, const ExchangeStatistics& words);
  void add(std::uint32_t step, std::uint32_t tile, const TileTiming& timing);
  void trace(const Tile& tile, TileSpan::Kind kind, std::uint32_t step, Cycle begin, Cycle end);
  void trace_work(const Tile& tile, std::uint32_t step, std::uint64_t exchange, Cycle until);
  void extend_path(StepTiming& step, const CycleSplit& path);
  void happen(const SyncHappened& sync);
  StepTiming new_step() const;
  void end(const ChipModel& chip, const ChipReport& report);

  TimingOptions options_;
  std::deque<tile::Activity> activities_;  // by tile
  std::vector<Tile> tiles_;
  RunTiming timing_;
  std::size_t kept_ = 0;  // entries of StepTiming::tiles
};

}  // namespace ipusim::chip
