// What a run is reported as: result.json, junit.xml, summary.txt and the console.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "ipusim/app/check/expectation.hpp"
#include "ipusim/app/ending.hpp"
#include "ipusim/app/result_folder.hpp"
#include "ipusim/app/run/outcome.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/program/program.hpp"

namespace ipusim::app {

struct RunReport {
  const program::Program& program;
  const config::SystemConfig& system;
  const RunOutcome& outcome;
  const std::vector<ExpectationResult>& expectations;
  ExitCode exit_code;
  double wall_seconds;  // the one thing that differs between runs of the same input
};

// simulator_failed if the outcome tells a failure, machine_stopped unless the run completed, then
// expectation_failed unless all passed.
ExitCode judge(const RunOutcome& outcome, const std::vector<ExpectationResult>& expectations);

// docs/program.md states the keys.
nlohmann::ordered_json to_json(const RunReport& report);
// One test case for the run and one per expectation.
std::string to_junit(const RunReport& report);
// What ran, how long it took, expectations and verdict; some lines.
std::string summary(const RunReport& report);
// One line per failure, exception, hazard, problem and failed expectation.
std::vector<std::string> complaints(const RunReport& report);

// Writes the outputs, result.json, junit.xml and summary.txt. Throws InputError if it cannot.
void write_report(const RunReport& report, const ResultFolder& results);
// Removes them.
void remove_report(const ResultFolder& results);

}  // namespace ipusim::app
