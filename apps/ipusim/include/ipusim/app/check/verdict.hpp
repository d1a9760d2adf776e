// SPDX-License-Identifier: Apache-2.0
// What a run and its expectations come to.
#pragma once

#include <vector>

#include "ipusim/app/check/expectation.hpp"
#include "ipusim/app/ending.hpp"
#include "ipusim/app/run/outcome.hpp"

namespace ipusim::app {

// simulator_failed if the outcome tells a failure, machine_stopped unless the run completed, then
// expectation_failed unless all passed.
ExitCode judge(const RunOutcome& outcome, const std::vector<ExpectationResult>& expectations);

}  // namespace ipusim::app
