// SPDX-License-Identifier: Apache-2.0
// What a run is reported as: one class per file of the results, all in one list.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ipusim/app/check/expectation.hpp"
#include "ipusim/app/ending.hpp"
#include "ipusim/app/progress.hpp"
#include "ipusim/app/result_folder.hpp"
#include "ipusim/app/run/outcome.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/exchange_planner/plan.hpp"
#include "ipusim/program/program.hpp"

namespace ipusim::app {

// What there is to report.
struct RunReport {
  const program::Program& program;
  const config::SystemConfig& system;
  const RunOutcome& outcome;
  const std::vector<ExpectationResult>& expectations;
  ExitCode exit_code;
  // The only things that differ between runs of the same input.
  double wall_seconds;
  std::vector<StepTime> steps{};
  // What the planned phases of the exchange cost, without their functions.
  std::vector<exchange_planner::PlannedPhase> phases{};
};

// A file that a run leaves in its folder of results.
class ReportFile {
 public:
  virtual ~ReportFile() = default;
  virtual std::string_view name() const = 0;
  // Every run has it, unless it says otherwise.
  virtual bool is_wanted(const RunReport&) const { return true; }
  virtual std::string text(const RunReport& report) const = 0;
};

// In the order in which they are written: what tells how the run ended comes last.
const std::vector<const ReportFile*>& report_files();

// Writes the outputs, then the reports that are wanted. Throws InputError if it cannot.
void write_report(const RunReport& report, const ResultFolder& results);
// Removes the reports.
void remove_report(const ResultFolder& results);

}  // namespace ipusim::app
