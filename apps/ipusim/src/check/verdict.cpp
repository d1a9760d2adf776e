// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/check/verdict.hpp"

namespace ipusim::app {

ExitCode judge(const RunOutcome& outcome, const std::vector<ExpectationResult>& expectations) {
  if (!outcome.failure.empty()) return ExitCode::simulator_failed;
  if (!outcome.completed) return ExitCode::machine_stopped;
  for (const ExpectationResult& result : expectations) {
    if (!result.pass) return ExitCode::expectation_failed;
  }
  return ExitCode::pass;
}

}  // namespace ipusim::app
