// Whether two elements of a type are equal, or near enough.
#pragma once

#include <string>

#include "ipusim/app/program/program.hpp"

namespace ipusim::app {

class Comparison {
 public:
  Comparison(ElementType type, const Tolerance& tolerance) : type_(type), tolerance_(tolerance) {}

  bool holds(Element expected, Element got) const;
  // How far apart two numbers lie, in ulp if the tolerance is: 0 if they are equal, infinite if only one of
  // them is a finite number.
  double distance(Element expected, Element got) const;

 private:
  bool both_nan(Element a, Element b) const;

  ElementType type_;
  Tolerance tolerance_;
};

// ", within 0.5 + 0.01 of each", ", within 2 ulp"; empty if exact.
std::string to_string(const Tolerance& tolerance);

}  // namespace ipusim::app
