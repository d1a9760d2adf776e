// SPDX-License-Identifier: Apache-2.0
// Numbers with point and exponent as texts, for types narrower than double.
#pragma once

#include <optional>
#include <string_view>

namespace ipusim::numbers {

// A number, truncated towards zero to a double: enough to round it once to any narrower type.
struct Decimal {
  double truncated = 0;
  bool inexact = false;  // the number is larger in magnitude than `truncated`
};

// The number a whole text stands for: decimal with an optional sign, point and exponent, or inf or nan.
std::optional<Decimal> parse_decimal(std::string_view text);

// The same rounded to nearest even; infinite if it is too large. False if the text is no such number.
bool parse_float(std::string_view text, float& value);

// "inf", "infinity" or one of these with a sign, in any case.
bool is_infinity(std::string_view text);

}  // namespace ipusim::numbers
