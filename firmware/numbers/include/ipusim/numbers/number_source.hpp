// SPDX-License-Identifier: Apache-2.0
// Numbers as a user gives them - a text, a list in the program file, a .npy or a raw binary file - in rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ipusim/numbers/element_type.hpp"
#include "ipusim/numbers/number_list.hpp"

namespace ipusim::numbers {

// First and last number, counted from 0, both included.
using IndexRanges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

enum class RowLengths : std::uint8_t { any, equal };

// What is wanted of the rows.
struct RowRequest {
  ElementType type = ElementType::u32;
  const IndexRanges* columns = nullptr;  // all
  std::size_t most = 0;                  // elements altogether: what has no room is not read in either
  RowLengths lengths = RowLengths::any;
};

class NumberSource {
 public:
  NumberSource() = default;
  virtual ~NumberSource() = default;
  NumberSource(const NumberSource&) = delete;
  NumberSource& operator=(const NumberSource&) = delete;

  virtual std::size_t rows() const = 0;
  // For messages: "file:line", "file: row 3", or file:line:column of a list in the program file.
  virtual std::string place(std::size_t row) const = 0;
  // Appends the numbers of a row. Throws InputError naming the place: what is no number of the type, a column
  // that the row does not have, more numbers than wanted.
  virtual void append(std::size_t row, const RowRequest& request, std::vector<Element>& to) const = 0;

 protected:
  void push(Element element, const RowRequest& request, std::vector<Element>& to) const;
  // Calls take(column) for every wanted column of a row that has `count`.
  template <class Take>
  void for_columns(std::size_t row, std::size_t count, const RowRequest& request, const Take& take) const {
    if (request.columns == nullptr) {
      for (std::size_t i = 0; i < count; ++i) take(i);
      return;
    }
    for (const auto& [first, last] : *request.columns) {
      if (last >= count) refuse_column(row, count, last);
      for (std::size_t i = first; i <= last; ++i) take(i);
    }
  }
  [[noreturn]] void refuse_column(std::size_t row, std::size_t count, std::size_t column) const;
};

// Numbers with commas or white space between, # starts a comment; lines without a number do not count. At
// most 256 MiB. `load` throws ConfigError or InputError if it cannot read the file.
std::unique_ptr<NumberSource> load_text_numbers(const std::filesystem::path& file);
std::unique_ptr<NumberSource> parse_text_numbers(std::string text, const std::string& name);

// The list must outlive the source.
std::unique_ptr<NumberSource> list_numbers(const NumberList& list);

// An array as numpy.save() writes it: a row is what the first axis counts, its numbers in C order. At most
// 1 GiB. Throws ConfigError or InputError naming the file: no such file, damaged, or of a dtype that holds no
// numbers.
std::unique_ptr<NumberSource> load_npy_numbers(const std::filesystem::path& file);
std::unique_ptr<NumberSource> parse_npy_numbers(std::string bytes, const std::string& name);

// The elements of a type as they lie in tile memory, each a row. At most 1 GiB. Throws as above.
std::unique_ptr<NumberSource> load_raw_numbers(const std::filesystem::path& file, ElementType type);

}  // namespace ipusim::numbers
