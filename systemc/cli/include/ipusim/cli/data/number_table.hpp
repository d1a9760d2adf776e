// Numbers as a user writes them: lines of a file, or a list in the program file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ipusim/cli/data/element_type.hpp"
#include "ipusim/config/tile_selection.hpp"
#include "ipusim/config/config_node.hpp"

namespace ipusim::cli {

// Texts of numbers in lines; which type they are of is for the reader to say.
class NumberTable {
 public:
  struct Line {
    std::string place;  // "file:line", or file:line and key, for messages
    std::vector<std::string> cells;
  };
  // First and last number, counted from 0, both included.
  using Ranges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

  // Numbers with commas or white space between, # starts a comment; lines without a number do not count.
  // Throws InputError naming the file, and the line of two commas with nothing between them.
  static NumberTable load(const std::filesystem::path& file);
  static NumberTable parse(std::string_view text, const std::string& name);
  // A list of numbers, each a line of its own, or a list of lists, each a line. Throws ConfigError.
  static NumberTable read(const config::ConfigNode& values);

  const std::string& name() const { return name_; }
  const std::vector<Line>& lines() const { return lines_; }

  // Only these lines; only these cells of every line. Throw InputError if there are not as many.
  void keep_lines(const Ranges& ranges);
  void keep_columns(const Ranges& ranges);

  // All numbers of lines [first, last). Throws InputError naming the line of a text that is none of `type`.
  std::vector<Element> elements(ElementType type, std::size_t first, std::size_t last) const;
  std::vector<Element> elements(ElementType type) const { return elements(type, 0, lines_.size()); }

 private:
  std::string name_;
  std::vector<Line> lines_;
};

// "0-63", 5, or a list of such. Throws ConfigError.
NumberTable::Ranges read_ranges(const config::ConfigNode& node);

}  // namespace ipusim::cli
