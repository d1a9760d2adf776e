#include "ipusim/cli/data/number_table.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "ipusim/cli/input_error.hpp"

namespace ipusim::cli {
namespace {

constexpr std::string_view blank = " \t\r";

// Splits one line; nullopt if a comma has no number before it.
std::optional<std::vector<std::string>> split(std::string_view line) {
  std::vector<std::string> cells;
  line = line.substr(0, line.find('#'));
  bool number_before = false;
  for (std::size_t at = line.find_first_not_of(blank); at < line.size();
       at = line.find_first_not_of(blank, at)) {
    if (line[at] == ',') {
      if (!number_before) return std::nullopt;
      number_before = false;
      ++at;
      continue;
    }
    const std::size_t end = std::min(line.find_first_of(" \t\r,", at), line.size());
    cells.emplace_back(line.substr(at, end - at));
    number_before = true;
    at = end;
  }
  return cells;
}

}  // namespace

NumberTable NumberTable::load(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::error_code ignored;
  if (!stream || std::filesystem::is_directory(file, ignored)) {
    const std::string why = stream ? "it is a folder" : std::strerror(errno);
    throw InputError(fmt::format("{}: cannot read the numbers: {}", file.string(), why));
  }
  std::ostringstream text;
  text << stream.rdbuf();
  return parse(text.str(), file.string());
}

NumberTable NumberTable::parse(std::string_view text, const std::string& name) {
  NumberTable table;
  table.name_ = name;
  unsigned line_number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string place = fmt::format("{}:{}", name, ++line_number);
    auto cells = split(text.substr(0, end));
    if (!cells) throw InputError(fmt::format("{}: a comma without a number before it", place));
    if (!cells->empty()) table.lines_.push_back({place, std::move(*cells)});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return table;
}

NumberTable NumberTable::read(const config::ConfigNode& values) {
  NumberTable table;
  table.name_ = values.place();
  for (const config::ConfigNode& item : values.items()) {
    Line line;
    line.place = item.place();
    if (item.is_sequence()) {
      for (const config::ConfigNode& cell : item.items()) line.cells.push_back(cell.as_string());
    } else {
      line.cells.push_back(item.as_string());
    }
    table.lines_.push_back(std::move(line));
  }
  return table;
}

void NumberTable::keep_lines(const Ranges& ranges) {
  std::vector<Line> kept;
  for (const auto& [first, last] : ranges) {
    if (last >= lines_.size()) {
      throw InputError(fmt::format("{}: has {} lines of numbers, line {} is wanted (counted from 0)", name_,
                                   lines_.size(), last));
    }
    kept.insert(kept.end(), lines_.begin() + first, lines_.begin() + last + 1);
  }
  lines_ = std::move(kept);
}

void NumberTable::keep_columns(const Ranges& ranges) {
  for (Line& line : lines_) {
    std::vector<std::string> kept;
    for (const auto& [first, last] : ranges) {
      if (last >= line.cells.size()) {
        throw InputError(fmt::format("{}: has {} numbers, column {} is wanted (counted from 0)", line.place,
                                     line.cells.size(), last));
      }
      kept.insert(kept.end(), line.cells.begin() + first, line.cells.begin() + last + 1);
    }
    line.cells = std::move(kept);
  }
}

std::vector<Element> NumberTable::elements(ElementType type, std::size_t first, std::size_t last) const {
  std::vector<Element> result;
  for (std::size_t i = first; i < last; ++i) {
    const Line& line = lines_.at(i);
    for (const std::string& cell : line.cells) {
      try {
        result.push_back(parse_element(cell, type));
      } catch (const InputError& error) {
        throw InputError(fmt::format("{}: {}", line.place, error.what()));
      }
    }
  }
  return result;
}

NumberTable::Ranges read_ranges(const config::ConfigNode& node) {
  const auto read = [](const config::ConfigNode& item) {
    const std::string text = item.as_string();
    try {
      return config::parse_range(text);
    } catch (const config::ConfigError& error) {
      throw item.error(error.what());
    }
  };
  if (!node.is_sequence()) return {read(node)};
  NumberTable::Ranges ranges;
  for (const config::ConfigNode& item : node.items()) ranges.push_back(read(item));
  if (ranges.empty()) throw node.error("expected at least one number or range");
  return ranges;
}

}  // namespace ipusim::cli
