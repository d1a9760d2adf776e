// SPDX-License-Identifier: Apache-2.0
// Numbers of one type in rows.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "ipusim/numbers/number_source.hpp"

namespace ipusim::numbers {

struct NumberRows {
  std::vector<Element> elements;  // row after row
  std::vector<std::size_t> ends;  // of each row in `elements`

  std::size_t size() const { return ends.size(); }
  std::span<const Element> rows_from(std::size_t first, std::size_t last) const;  // last: excluded
};

// The rows wanted, in the order wanted; all if `lines` is null. Throws InputError, as the source does and if
// it has not as many rows, or if they are not as long as each other but should be.
NumberRows read_rows(const NumberSource& source, const std::string& name, const IndexRanges* lines,
                     const RowRequest& request);

}  // namespace ipusim::numbers
