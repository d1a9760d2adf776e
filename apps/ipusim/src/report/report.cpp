// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/report/report.hpp"

#include "ipusim/app/report/json.hpp"
#include "ipusim/app/report/junit.hpp"
#include "ipusim/app/report/output_files.hpp"
#include "ipusim/app/report/summary.hpp"
#include "ipusim/app/report/timing_files.hpp"

namespace ipusim::app {

const std::vector<const ReportFile*>& report_files() {
  static const SummaryFile summary;
  static const JunitFile junit;
  static const JsonFile json;
  static const TimingTextFile timing_text;
  static const TimingJsonFile timing_json;
  static const ReportPage page;
  static const TraceFile trace;
  static const std::vector<const ReportFile*> files{&timing_text, &timing_json, &page, &trace,
                                                    &summary,     &junit,       &json};
  return files;
}

void write_report(const RunReport& report, const ResultFolder& results) {
  write_outputs(report.outcome.outputs, results);
  for (const ReportFile* file : report_files()) {
    if (file->is_wanted(report)) results.write(file->name(), file->text(report));
  }
}

void remove_report(const ResultFolder& results) {
  for (const ReportFile* file : report_files()) results.remove(file->name());
}

}  // namespace ipusim::app
