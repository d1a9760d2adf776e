#include "ipusim/cli/debug/source_files.hpp"

#include <fstream>

namespace ipusim::cli {

std::optional<std::string> SourceFiles::line(const std::string& file, unsigned line) {
  const auto& lines = lines_of(file);
  if (line == 0 || line > lines.size()) return std::nullopt;
  return lines[line - 1];
}

const std::vector<std::string>& SourceFiles::lines_of(const std::string& file) {
  const auto [entry, is_new] = files_.try_emplace(file);
  if (!is_new) return entry->second;
  std::ifstream stream(folder_ / file);
  if (!stream) stream.open(file);
  for (std::string line; std::getline(stream, line);) {
    if (line.ends_with('\r')) line.pop_back();
    entry->second.push_back(line);
  }
  return entry->second;
}

}  // namespace ipusim::cli
