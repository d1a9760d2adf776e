// SPDX-License-Identifier: Apache-2.0
#include "ipusim/numbers/number_rows.hpp"

#include <fmt/format.h>

#include "ipusim/base/input_error.hpp"

namespace ipusim::numbers {

std::span<const Element> NumberRows::rows_from(std::size_t first, std::size_t last) const {
  const std::size_t begin = first == 0 ? 0 : ends.at(first - 1);
  return std::span{elements}.subspan(begin, last == 0 ? 0 : ends.at(last - 1) - begin);
}

NumberRows read_rows(const NumberSource& source, const std::string& name, const IndexRanges* lines,
                     const RowRequest& request) {
  NumberRows result;
  const auto take = [&](std::size_t row) {
    const std::size_t before = result.elements.size();
    source.append(row, request, result.elements);
    result.ends.push_back(result.elements.size());
    const std::size_t length = result.elements.size() - before;
    if (request.lengths == RowLengths::equal && length != result.ends.front()) {
      throw InputError(
          fmt::format("{}: has {} numbers, the first line has {}: lines to be split must be equally long",
                      source.place(row), length, result.ends.front()));
    }
  };
  if (lines == nullptr) {
    for (std::size_t row = 0; row < source.rows(); ++row) take(row);
    return result;
  }
  for (const auto& [first, last] : *lines) {
    if (last >= source.rows()) {
      throw InputError(fmt::format("{}: has {} lines of numbers, line {} is wanted (counted from 0)", name,
                                   source.rows(), last));
    }
    for (std::size_t row = first; row <= last; ++row) take(row);
  }
  return result;
}

}  // namespace ipusim::numbers
