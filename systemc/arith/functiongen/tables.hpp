// SPDX-License-Identifier: Apache-2.0
// The tables of the transcendental functions: polynomials of degree five, one per segment of an argument
// range.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ipusim::functiongen {

inline constexpr unsigned degree = 5;
inline constexpr unsigned places = 42;  // coefficients are multiples of 2^-places

// With u in [0, 1) the place within the segment: c[0] + u (c[1] + u (c[2] + ...)).
using Row = std::array<std::int64_t, degree + 1>;

struct Table {
  std::string name;
  std::string meaning;
  std::vector<Row> rows;
};

struct Constant {
  std::string name;
  std::string meaning;
  unsigned places = 0;
  std::int64_t value = 0;
};

std::vector<Table> make_tables();
std::vector<Constant> make_constants();

}  // namespace ipusim::functiongen
