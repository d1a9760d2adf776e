// SPDX-License-Identifier: Apache-2.0
// Numbers in a text file.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "ipusim/base/input_error.hpp"
#include "ipusim/config/text_file.hpp"
#include "ipusim/numbers/number_source.hpp"

namespace ipusim::numbers {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20U;

// Walks through the cells of one line.
class Cells {
 public:
  explicit Cells(std::string_view line) : line_(line.substr(0, line.find('#'))) {}

  // The next cell; empty at the end. Throws InputError, without a place, at a comma with no number before it.
  std::string_view next() {
    for (;;) {
      at_ = std::min(line_.find_first_not_of(" \t\r", at_), line_.size());
      if (at_ == line_.size()) return {};
      if (line_[at_] != ',') break;
      if (!number_before_) throw InputError("a comma without a number before it");
      number_before_ = false;
      ++at_;
    }
    const std::size_t begin = at_;
    at_ = std::min(line_.find_first_of(" \t\r,", at_), line_.size());
    number_before_ = true;
    return line_.substr(begin, at_ - begin);
  }

 private:
  std::string_view line_;
  std::size_t at_ = 0;
  bool number_before_ = false;
};

class TextNumbers : public NumberSource {
 public:
  TextNumbers(std::string text, std::string name) : text_(std::move(text)), name_(std::move(name)) {
    const auto zero = text_.find('\0');
    if (zero != std::string::npos) {
      throw InputError(fmt::format(
          "{}: is no text: byte {} is zero; name it .npy or .bin, or give its `encoding`", name_, zero));
    }
    for (std::size_t begin = 0; begin < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', begin), text_.size());
      const std::string_view line = std::string_view{text_}.substr(begin, end - begin);
      const std::size_t first = line.find_first_not_of(" \t\r");
      // A line that begins with a comma is kept: it is an error, which append() tells.
      if (first != std::string_view::npos && line[first] != '#') {
        begins_.push_back(static_cast<std::uint32_t>(begin));
      }
      begin = end + 1;
    }
  }

  std::size_t rows() const override { return begins_.size(); }

  std::string place(std::size_t row) const override {
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(begins_.at(row));
    return fmt::format("{}:{}", name_, 1 + std::count(text_.begin(), end, '\n'));
  }

  void append(std::size_t row, const RowRequest& request, std::vector<Element>& to) const override {
    try {
      Cells cells(line(row));
      if (request.columns == nullptr) {
        for (auto cell = cells.next(); !cell.empty(); cell = cells.next()) {
          push(parse_element(cell, request.type), request, to);
        }
        return;
      }
      std::uint32_t furthest = 0;
      for (const auto& range : *request.columns) furthest = std::max(furthest, range.second);
      std::vector<std::string_view> all;
      for (auto cell = cells.next(); !cell.empty() && all.size() <= furthest; cell = cells.next()) {
        all.push_back(cell);
      }
      for (const auto& [first, last] : *request.columns) {
        if (last >= all.size()) {
          throw InputError(
              fmt::format("has {} numbers, column {} is wanted (counted from 0)", all.size(), last));
        }
        for (std::size_t i = first; i <= last; ++i) push(parse_element(all[i], request.type), request, to);
      }
    } catch (const InputError& error) {
      throw InputError(fmt::format("{}: {}", place(row), error.what()));
    }
  }

 private:
  std::string_view line(std::size_t row) const {
    const std::size_t begin = begins_.at(row);
    return std::string_view{text_}.substr(begin, std::min(text_.find('\n', begin), text_.size()) - begin);
  }

  std::string text_;
  std::string name_;
  std::vector<std::uint32_t> begins_;  // of the lines with numbers
};

}  // namespace

std::unique_ptr<NumberSource> load_text_numbers(const std::filesystem::path& file) {
  return parse_text_numbers(config::read_file(file, most_bytes, "keep so many numbers as .npy or raw binary"),
                            file.string());
}

std::unique_ptr<NumberSource> parse_text_numbers(std::string text, const std::string& name) {
  return std::make_unique<TextNumbers>(std::move(text), name);
}

}  // namespace ipusim::numbers
