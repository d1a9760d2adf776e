// SPDX-License-Identifier: Apache-2.0
// The coefficient store as the engines read it: per set and column the coefficients of all eight units, as
// f32. Kept beside the store's words and brought up to date when they have changed.
#pragma once

#include <array>
#include <cstdint>

#include "accumulators.hpp"
#include "ipusim/arith/unit_row.hpp"

namespace ipusim::tile {

class CoefficientRows {
 public:
  using Store = std::array<std::uint64_t, 64>;

  static constexpr std::size_t columns = 4;
  static constexpr std::size_t index(std::size_t unit, std::size_t column) { return columns * unit + column; }

  const arith::UnitRow& row(const Store& store, std::size_t set, std::size_t column) {
    Row& r = rows_[set][column];
    std::uint64_t changed = 0;
    for (std::size_t m = 0; m < arith::units_per_row; ++m) {
      changed |= store[index(set * Accumulators::units_per_set + m, column)] ^ r.words[m];
    }
    if (changed != 0) [[unlikely]]
      refresh(r, store, set, column);
    return r.row;
  }

 private:
  struct Row {
    std::array<std::uint64_t, arith::units_per_row> words{};
    arith::UnitRow row{};
  };
  static void refresh(Row& r, const Store& store, std::size_t set, std::size_t column) {
    for (std::size_t m = 0; m < arith::units_per_row; ++m) {
      r.words[m] = store[index(set * Accumulators::units_per_set + m, column)];
      for (std::size_t k = 0; k < 4; ++k) {
        r.row[k][m] = arith::widened_f16(static_cast<std::uint16_t>(r.words[m] >> (16U * k)));
      }
    }
  }
  std::array<std::array<Row, columns>, 2> rows_{};
};

}  // namespace ipusim::tile
