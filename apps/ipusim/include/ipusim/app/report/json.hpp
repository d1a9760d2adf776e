// SPDX-License-Identifier: Apache-2.0
// result.json; docs/program.md states the keys.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "ipusim/app/report/report.hpp"

namespace ipusim::app {

nlohmann::ordered_json to_json(const RunReport& report);

class JsonFile : public ReportFile {
 public:
  static constexpr std::string_view file_name = "result.json";  // other reports refer to it
  std::string_view name() const override { return file_name; }
  std::string text(const RunReport& report) const override;
};

}  // namespace ipusim::app
