// SPDX-License-Identifier: Apache-2.0
// Whether two elements of a type are equal, or near enough.
#pragma once

#include <string>

#include "ipusim/program/program.hpp"

namespace ipusim::app {

class Comparison {
 public:
  Comparison(numbers::ElementType type, const program::Tolerance& tolerance)
      : type_(type), tolerance_(tolerance) {}

  bool holds(numbers::Element expected, numbers::Element got) const;
  // How far apart two numbers lie, in ulp if the tolerance is: 0 if they are equal, infinite if only one of
  // them is a finite number.
  double distance(numbers::Element expected, numbers::Element got) const;

 private:
  bool both_nan(numbers::Element a, numbers::Element b) const;

  numbers::ElementType type_;
  program::Tolerance tolerance_;
};

// ", within 0.5 + 0.01 of each", ", within 2 ulp"; empty if exact.
std::string to_string(const program::Tolerance& tolerance);

}  // namespace ipusim::app
