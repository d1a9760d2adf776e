// SPDX-License-Identifier: Apache-2.0
// Where numbers come from: a file, a list, or one for all. Plain data, not read yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "ipusim/config/source_place.hpp"
#include "ipusim/numbers/number_list.hpp"
#include "ipusim/numbers/number_rows.hpp"

namespace ipusim::numbers {

// How numbers lie in a file.
enum class Encoding : std::uint8_t { text, npy, raw };

struct NumberFile {
  std::filesystem::path path;
  Encoding encoding = Encoding::text;
  friend bool operator==(const NumberFile&, const NumberFile&) = default;
};

// One number, for every element there is.
struct SingleNumber {
  std::string text;
  friend bool operator==(const SingleNumber&, const SingleNumber&) = default;
};

struct NumberSpec {
  config::SourcePlace where{};  // of the file's name, the list or the number; may be empty
  std::variant<NumberList, NumberFile, SingleNumber> from{};
  std::optional<IndexRanges> lines{};    // all if there are none; not of a single number
  std::optional<IndexRanges> columns{};  // the same

  bool is_single() const { return std::holds_alternative<SingleNumber>(from); }
  // At most `most` numbers; of a single number as many. Throws InputError or ConfigError.
  NumberRows read(ElementType type, std::size_t most, RowLengths lengths = RowLengths::any) const;
  // For messages: the file's name, the list's place, or the number.
  std::string describe() const;
  friend bool operator==(const NumberSpec&, const NumberSpec&) = default;
};

}  // namespace ipusim::numbers
