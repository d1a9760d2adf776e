// SPDX-License-Identifier: Apache-2.0
// What of a run's timing is wanted: from the options of `ipusim run`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ipusim/chip/timing/run_timing.hpp"
#include "ipusim/config/system_config.hpp"

namespace ipusim::app {

// As the command line says it.
struct TimingRequest {
  bool report = false;                      // --timing
  bool trace = false;                       // --trace: the same, and a trace
  std::optional<std::string> trace_tiles;   // a selection; nothing: all tiles
  std::optional<std::string> trace_window;  // "FROM:TO", cycles since the run's start; either may be missing
};

struct TimingPlan {
  bool trace = false;
  std::vector<chip::TimingOptions> chips;  // by chip index
};

// Nothing if nothing is wanted. Throws InputError that names the option.
std::optional<TimingPlan> plan_timing(const TimingRequest& request, const config::SystemConfig& system);

}  // namespace ipusim::app
