// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/check/comparison.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ipusim::app {

bool Comparison::both_nan(numbers::Element a, numbers::Element b) const {
  return std::isnan(value_of(a, type_)) && std::isnan(value_of(b, type_));
}

double Comparison::distance(numbers::Element expected, numbers::Element got) const {
  if (expected == got || both_nan(expected, got)) return 0;
  const double a = value_of(expected, type_);
  const double b = value_of(got, type_);
  if (!std::isfinite(a) || !std::isfinite(b)) return HUGE_VAL;
  if (!tolerance_.ulp) return std::fabs(a - b);
  return static_cast<double>(std::llabs(ordinal_of(expected, type_) - ordinal_of(got, type_)));
}

bool Comparison::holds(numbers::Element expected, numbers::Element got) const {
  if (expected == got) return true;
  if (tolerance_.is_exact()) return false;
  const double off = distance(expected, got);
  if (off == 0) return true;
  if (tolerance_.ulp) return off <= static_cast<double>(*tolerance_.ulp);
  const double expected_value = value_of(expected, type_);
  if (std::isinf(off)) return false;
  return off <= tolerance_.absolute.value_or(0) + tolerance_.relative.value_or(0) * std::fabs(expected_value);
}

std::string to_string(const program::Tolerance& tolerance) {
  if (tolerance.ulp) return fmt::format(", within {} ulp", *tolerance.ulp);
  if (tolerance.absolute && tolerance.relative) {
    return fmt::format(", within {} + {} of each", *tolerance.absolute, *tolerance.relative);
  }
  if (tolerance.absolute) return fmt::format(", within {}", *tolerance.absolute);
  return tolerance.relative ? fmt::format(", within {} of each", *tolerance.relative) : std::string{};
}

}  // namespace ipusim::app
