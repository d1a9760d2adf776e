// SPDX-License-Identifier: Apache-2.0
// The states that are kept of a run while it runs: files that the user asked for, and some in memory from
// which the search for the instructions of hazards goes on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ipusim/app/checkpoint/checkpoint_file.hpp"
#include "ipusim/app/checkpoint/state_history.hpp"
#include "ipusim/app/progress.hpp"
#include "ipusim/host/machine.hpp"

namespace ipusim::app {

struct CheckpointOptions {
  std::uint64_t every = 0;       // supersteps; 0: no files
  std::filesystem::path folder;  // of the files
};

class RunStates {
 public:
  // progress must outlive the states.
  RunStates(CheckpointOptions options, RunIdentity identity, const Progress& progress);

  // Keeps states in memory, too, unless the chip's memory is larger than all of them may be.
  void keep_history() { keeps_history_ = true; }
  // From now on states of the machine are taken while it runs, which must end before this object does.
  void watch(host::Machine& machine);
  // The machine's chip waits for its host: a file of its own.
  void at_host_rest(const host::Machine& machine);

  // In memory.
  const StateHistory& history() const { return history_; }
  // Files that could not be written, a sentence each.
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  void at_superstep(const host::Machine& machine, std::uint64_t supersteps, Cycle release);
  void write(const std::string& name, const CheckpointPlace& place, const host::Machine& machine);

  CheckpointOptions options_;
  RunIdentity identity_;
  const Progress& progress_;
  bool keeps_history_ = false;
  StateHistory history_;
  std::vector<std::string> problems_;
};

}  // namespace ipusim::app
