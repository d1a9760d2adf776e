// The text of source files, line by line.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ipusim::cli {

class SourceFiles {
 public:
  // folder: where files with a relative name are looked for first, before the working folder.
  explicit SourceFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Lines are counted from 1. Nothing if the file cannot be read or has no such line.
  std::optional<std::string> line(const std::string& file, unsigned line);

 private:
  const std::vector<std::string>& lines_of(const std::string& file);

  std::filesystem::path folder_;
  std::map<std::string, std::vector<std::string>> files_;  // empty: cannot be read
};

}  // namespace ipusim::cli
