// Runs built images on a machine the way a host does: through the driver, over PCI Express.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ipusim/app/build/transfers.hpp"
#include "ipusim/app/checkpoint/run_states.hpp"
#include "ipusim/app/progress.hpp"
#include "ipusim/app/run/fault_locator.hpp"
#include "ipusim/app/run/instruction_witness.hpp"
#include "ipusim/app/run/outcome.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/host/machine.hpp"
#include "ipusim/program/program.hpp"
#include "ipusim/toolchain/image.hpp"

namespace ipusim::app {

// What a run needs, all of it by tile index or in tile order.
struct RunInput {
  const config::ChipConfig& system;
  const program::Program& program;
  const std::vector<std::string>& tile_kinds;  // keys of factories
  chip::TileFactories factories;
  const TileImages& images;
  std::vector<MemoryLoad> loads;
  std::vector<std::vector<MemoryArea>> reads;  // by entry of program.reads
  unsigned jobs = 1;                           // threads
  std::filesystem::path source_folder = {};    // see SourceText: planned exchange code is named from there
  CheckpointOptions checkpoints = {};
  const CheckpointFile* resume = nullptr;  // where to go on instead of at the start
};

class Runner {
 public:
  // Both must outlive the runner.
  Runner(const RunInput& input, const Progress& progress) : input_(input), progress_(progress) {}

  // Loads, runs, reads back, whether the run completed or not. An output that cannot be read is a problem of
  // the outcome. Throws InputError for a system that cannot be built, HostError if the machine does not take
  // what it should before it runs.
  RunOutcome run();
  // The cycle in which run() starts the tiles: loading takes simulated time. Loads only. Throws as run().
  Cycle start_cycle();

 private:
  // Loads and runs a machine; calls `after` when it rests. restore: what puts it, instead, where a run stood.
  using Restore = std::function<void(host::Machine&)>;
  void execute(host::Machine& machine, const Restore& restore,
               const std::function<void(host::IpuDriver&, chip::control::ChipStatus)>& after) const;
  RunIdentity identity() const;
  host::Machine make_machine(const std::vector<std::string>& kinds, const chip::TileFactories& factories,
                             Cycle limit) const;
  std::chrono::nanoseconds longest_run() const;
  void load(host::IpuDriver& driver) const;
  void read_outputs(host::IpuDriver& driver, RunOutcome& outcome) const;
  void judge_end(chip::control::ChipStatus status, const chip::ChipModel& chip, RunOutcome& outcome) const;
  void read_output(host::IpuDriver& driver, std::size_t entry, RunOutcome& outcome) const;
  void report(const chip::ChipModel& chip, const StateHistory& history, RunOutcome& outcome) const;
  bool may_look_for_hazards() const;
  std::vector<Fault> describe_hazards(const chip::ChipReport& report, const StateHistory& history,
                                      FaultLocator& locator) const;
  using Witnesses = std::map<TileIndex, InstructionWitness>;
  Witnesses witness(const chip::ChipReport& report, const Restore& restore) const;

  const RunInput& input_;
  const Progress& progress_;
};

}  // namespace ipusim::app
