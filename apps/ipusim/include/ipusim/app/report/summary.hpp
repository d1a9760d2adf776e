// SPDX-License-Identifier: Apache-2.0
// summary.txt, and what of it goes to the console.
#pragma once

#include <string>
#include <vector>

#include "ipusim/app/report/report.hpp"

namespace ipusim::app {

// What ran, how long it took, expectations and verdict; some lines.
std::string summary(const RunReport& report);
// One line per failure, exception, hazard, problem and failed expectation.
std::vector<std::string> complaints(const RunReport& report);

class SummaryFile : public ReportFile {
 public:
  std::string_view name() const override { return "summary.txt"; }
  std::string text(const RunReport& report) const override;
};

}  // namespace ipusim::app
