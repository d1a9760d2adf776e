// SPDX-License-Identifier: Apache-2.0
// Numbers as they were written, not yet of any type.
#pragma once

#include <string>
#include <vector>

namespace ipusim::numbers {

// line and column count from 1; 0: it was not written into a file.
struct WrittenNumber {
  std::string text;
  int line = 0;
  int column = 0;
  friend bool operator==(const WrittenNumber&, const WrittenNumber&) = default;
};

struct WrittenRow {
  std::vector<WrittenNumber> numbers;
  int line = 0;
  int column = 0;
  friend bool operator==(const WrittenRow&, const WrittenRow&) = default;
};

struct NumberList {
  std::string file;  // where lines and columns are those of; may be empty
  std::vector<WrittenRow> rows;
  friend bool operator==(const NumberList&, const NumberList&) = default;
};

// Each value a row of its own, in its shortest text that stands for it.
NumberList list_of(const std::vector<double>& values);

}  // namespace ipusim::numbers
