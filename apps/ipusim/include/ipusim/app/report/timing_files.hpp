// SPDX-License-Identifier: Apache-2.0
// The files of a run whose timing was recorded; docs/timing_report.md states what is in them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "ipusim/app/report/report.hpp"

namespace ipusim::app {

class TimingFile : public ReportFile {
 public:
  bool is_wanted(const RunReport& report) const override { return !report.outcome.timing.empty(); }
};

class TimingTextFile : public TimingFile {
 public:
  std::string_view name() const override { return "timing.txt"; }
  std::string text(const RunReport& report) const override;
};

nlohmann::ordered_json timing_to_json(const RunReport& report);

class TimingJsonFile : public TimingFile {
 public:
  static constexpr std::string_view file_name = "timing.json";  // other reports refer to it
  std::string_view name() const override { return file_name; }
  std::string text(const RunReport& report) const override;
};

// A page of its own for a browser: summary, tiles at their places, phases, steps, instructions.
class ReportPage : public TimingFile {
 public:
  std::string_view name() const override { return "report.html"; }
  std::string text(const RunReport& report) const override;
};

// In the trace event format, which ui.perfetto.dev and chrome://tracing open.
class TraceFile : public TimingFile {
 public:
  std::string_view name() const override { return "trace.json"; }
  bool is_wanted(const RunReport& report) const override { return report.outcome.traced; }
  std::string text(const RunReport& report) const override;
};

}  // namespace ipusim::app
