// SPDX-License-Identifier: Apache-2.0
// Lines of source files, to show beside their place.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/toolchain/source_locator.hpp"

namespace ipusim::app {

class SourceText {
 public:
  // folder: where a file with a relative name is looked for first, before the place that line information
  // tells.
  explicit SourceText(std::filesystem::path folder = {}) : folder_(std::move(folder)) {}

  // The text of a line, shortened if it is very long, without blanks at its ends and control characters;
  // empty if the file cannot be found or has no such line. Files are read once.
  std::string line(const toolchain::SourceLocation& location);
  // The same with its indent; nothing if there is no such line.
  std::optional<std::string> indented_line(const toolchain::SourceLocation& location);

 private:
  const std::vector<std::string>& lines_of(const toolchain::SourceLocation& location);

  std::filesystem::path folder_;
  std::map<std::string, std::vector<std::string>> files_;  // by SourceLocation::path
};

}  // namespace ipusim::app
