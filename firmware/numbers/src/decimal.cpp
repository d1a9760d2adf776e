// SPDX-License-Identifier: Apache-2.0
#include "decimal.hpp"

#include <cfenv>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

namespace ipusim::numbers {
namespace {

std::string_view without_plus(std::string_view text) {
  return text.starts_with('+') && !text.starts_with("+-") ? text.substr(1) : text;
}

// The C library's strtod() rounds as the mode says; so it tells on which side of a double a number lies.
double parse_rounded(const std::string& text, int mode) {
  const int before = std::fegetround();
  std::fesetround(mode);
  const double value = std::strtod(text.c_str(), nullptr);
  std::fesetround(before);
  return value;
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  const std::string_view digits = without_plus(text);
  double nearest = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), nearest);
  if (end != digits.data() + digits.size() || digits.empty() || failure == std::errc::invalid_argument) {
    return std::nullopt;
  }
  if (failure == std::errc{} && !std::isfinite(nearest)) return Decimal{nearest, false};
  const std::string copy{digits};
  const double down = parse_rounded(copy, FE_DOWNWARD);
  const double up = parse_rounded(copy, FE_UPWARD);
  return Decimal{copy.starts_with('-') ? up : down, down != up};
}

bool parse_float(std::string_view text, float& value) {
  const std::string_view digits = without_plus(text);
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size() || digits.empty() || failure == std::errc::invalid_argument) {
    return false;
  }
  // Too large, or so small that it rounds to a denormal or zero.
  if (failure == std::errc::result_out_of_range) value = std::strtof(std::string{digits}.c_str(), nullptr);
  return true;
}

bool is_infinity(std::string_view text) {
  const std::string_view digits = without_plus(text);
  double value = 0;
  return std::from_chars(digits.data(), digits.data() + digits.size(), value).ec == std::errc{} &&
         std::isinf(value);
}

}  // namespace ipusim::numbers
