// SPDX-License-Identifier: Apache-2.0
// Runs built images on a machine the way a host does: through the driver, over PCI Express.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ipusim/app/build/transfers.hpp"
#include "ipusim/app/checkpoint/run_states.hpp"
#include "ipusim/app/progress.hpp"
#include "ipusim/app/run/chip_run.hpp"
#include "ipusim/app/run/fault_locator.hpp"
#include "ipusim/app/run/instruction_witness.hpp"
#include "ipusim/app/run/outcome.hpp"
#include "ipusim/app/timing/chip_recorders.hpp"
#include "ipusim/app/timing/timing_plan.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/host/machine.hpp"
#include "ipusim/program/program.hpp"
#include "ipusim/toolchain/image.hpp"

namespace ipusim::app {

// What a run needs, all of it by tile index in the system or in the order of these.
struct RunInput {
  const config::SystemConfig& system;
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
  std::optional<TimingPlan> timing = {};   // nothing: no timing is recorded
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
  // What puts a machine of one chip where a run stood, instead of loading and starting it.
  using Restore = std::function<void(host::Machine&)>;
  using AtRest = std::function<void(ChipIndex, host::IpuDriver&, chip::control::ChipStatus)>;
  // Loads and runs a machine, its timing recorded by `recorders`, if any; calls `at_rest` for every chip of a
  // host when all of them rest, in the host's thread.
  void execute(host::Machine& machine, const Restore& restore, ChipRecorders* recorders,
               const AtRest& at_rest) const;
  // Of a run of one chip.
  RunIdentity identity() const;
  host::Machine make_machine(const std::vector<std::string>& kinds, const chip::TileFactories& factories,
                             Cycle limit) const;
  std::chrono::nanoseconds longest_run() const;
  std::vector<ChipRun> chip_runs() const;
  void tell_load() const;
  void add_outputs(const std::vector<ChipRun>& chips, RunOutcome& outcome) const;
  void report(const host::Machine& machine, const std::vector<ChipRun>& chips, const StateHistory& history,
              RunOutcome& outcome) const;
  bool may_look_for_hazards() const;
  // A hazard of a chip, and what was seen of them.
  using ChipHazard = std::pair<ChipIndex, chip::TileHazard>;
  using Witnesses = std::map<std::pair<ChipIndex, TileIndex>, InstructionWitness>;
  std::vector<Fault> describe_hazards(const host::Machine& machine, const StateHistory& history,
                                      FaultLocator& locator) const;
  Witnesses witness(const std::vector<ChipHazard>& hazards, Cycle limit, const Restore& restore) const;

  const RunInput& input_;
  const Progress& progress_;
};

}  // namespace ipusim::app
