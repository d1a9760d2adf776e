// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/run/source_text.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace ipusim::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_line = 160;
constexpr std::uintmax_t largest_file = std::uintmax_t{64}
                                        << 20U;  // bytes; nobody wrote more than that by hand

// With a sign for missing characters in place of what is no UTF-8, which reports must be.
std::string as_utf8(const std::string& text) {
  using nlohmann::json;
  return json::parse(json(text).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
}

std::string tidy(std::string line) {
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) c = ' ';
  }
  line.erase(line.find_last_not_of(' ') + 1);
  if (line.size() > longest_line) line.replace(longest_line, std::string::npos, "...");
  const bool is_ascii =
      std::all_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return is_ascii ? line : as_utf8(line);
}

bool is_readable_size(const fs::path& file) {
  std::error_code failure;
  return fs::is_regular_file(file, failure) && fs::file_size(file, failure) <= largest_file;
}

std::vector<std::string> read_lines(const fs::path& file) {
  std::vector<std::string> lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) lines.push_back(tidy(std::move(line)));
  return lines;
}

}  // namespace

const std::vector<std::string>& SourceText::lines_of(const toolchain::SourceLocation& location) {
  const auto [found, is_new] = files_.try_emplace(location.path);
  if (!is_new) return found->second;
  const fs::path name{location.file};
  if (!folder_.empty() && name.is_relative() && is_readable_size(folder_ / name)) {
    found->second = read_lines(folder_ / name);
  } else if (is_readable_size(location.path)) {
    found->second = read_lines(location.path);
  }
  return found->second;
}

std::optional<std::string> SourceText::indented_line(const toolchain::SourceLocation& location) {
  const auto& lines = lines_of(location);
  if (location.line == 0 || location.line > lines.size()) return std::nullopt;
  return lines[location.line - 1];
}

std::string SourceText::line(const toolchain::SourceLocation& location) {
  std::string text = indented_line(location).value_or("");
  text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  return text;
}

}  // namespace ipusim::app
