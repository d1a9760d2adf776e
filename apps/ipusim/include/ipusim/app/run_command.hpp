// SPDX-License-Identifier: Apache-2.0
// `ipusim run`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/app/report/report.hpp"
#include "ipusim/app/timing/timing_plan.hpp"
#include "ipusim/program/overrides.hpp"

namespace ipusim::app {

struct RunOptions {
  std::filesystem::path system;
  std::filesystem::path program;
  std::vector<std::string> tiles;  // SEL=KIND, in order
  std::optional<unsigned> jobs;    // see choose_jobs()
  program::Overrides overrides;
  std::filesystem::path out;  // empty: out/NAME
  bool quiet = false;
  std::uint64_t checkpoint_every = 0;  // supersteps; 0: no checkpoints
  std::filesystem::path checkpoints;   // folder for them; empty: `checkpoints` in that of the results
  std::filesystem::path resume;        // a checkpoint; empty: from the start
  TimingRequest timing;
};

// Does all of it: reads, builds, runs, checks, writes the reports, prints the summary on stdout and
// complaints on stderr. Everything the user gave is read before anything is built. Bad input is told on
// stderr and leaves no reports. From when the results' folder is known until the run ends it holds reports of
// a run that failed, so that they are there even if this process is killed. Nothing is thrown.
ExitCode run_command(const RunOptions& options);

}  // namespace ipusim::app
