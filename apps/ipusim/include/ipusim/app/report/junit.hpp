// SPDX-License-Identifier: Apache-2.0
// junit.xml: one test case for the run and one per expectation.
#pragma once

#include "ipusim/app/report/report.hpp"

namespace ipusim::app {

// What the simulator failed at is an error, all else that goes wrong a failure. Times are left out: the same
// input gives the same bytes.
class JunitFile : public ReportFile {
 public:
  std::string_view name() const override { return "junit.xml"; }
  std::string text(const RunReport& report) const override;
};

}  // namespace ipusim::app
