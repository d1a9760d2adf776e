// SPDX-License-Identifier: Apache-2.0
#include "ipusim/numbers/element_type.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "decimal.hpp"
#include "ipusim/arith/narrow.hpp"
#include "ipusim/arith/quarter.hpp"
#include "ipusim/base/input_error.hpp"
#include "ipusim/config/text_file.hpp"

namespace ipusim::numbers {
namespace {

using arith::Number;
using arith::NumberClass;
using config::in_quotes;

struct TypeRow {
  ElementType::Kind kind;
  std::string_view name;
  std::size_t bytes;
  std::int64_t low;  // range of the integer types; the others have none
  std::int64_t high;
};
constexpr std::array<TypeRow, 10> rows{{
    {ElementType::f32, "f32", 4, 0, 0},
    {ElementType::f16, "f16", 2, 0, 0},
    {ElementType::f143, "f143", 1, 0, 0},
    {ElementType::f152, "f152", 1, 0, 0},
    {ElementType::i32, "i32", 4, INT32_MIN, INT32_MAX},
    {ElementType::u32, "u32", 4, 0, UINT32_MAX},
    {ElementType::i16, "i16", 2, INT16_MIN, INT16_MAX},
    {ElementType::u16, "u16", 2, 0, UINT16_MAX},
    {ElementType::i8, "i8", 1, INT8_MIN, INT8_MAX},
    {ElementType::u8, "u8", 1, 0, UINT8_MAX},
}};

const TypeRow& row_of(ElementType type) { return rows[type.kind()]; }

arith::QuarterFormat format_of(ElementType type) {
  return type.kind() == ElementType::f143 ? arith::QuarterFormat::f143 : arith::QuarterFormat::f152;
}

// Of a finite value that is not zero. `sticky`: the value goes on beyond the double, away from zero.
Number number_of(double value, bool sticky) {
  int exponent = 0;
  const double fraction = std::frexp(std::fabs(value), &exponent);  // 0.5 to 1
  constexpr int digits = 53;
  const auto significand = static_cast<std::uint64_t>(std::ldexp(fraction, digits));
  // Two bits below tell what goes on from a tie.
  return {NumberClass::finite, std::signbit(value), exponent - digits - 2,
          significand << 2U | (sticky ? 1U : 0U)};
}

[[noreturn]] void refuse_range(std::string_view text, ElementType type) {
  const std::string scale = type.scale() == 0 ? "" : fmt::format(" with scale {}", type.scale());
  throw InputError(fmt::format("{} is beyond the range of {}{}", in_quotes(text), to_string(type), scale));
}

// `text` is for messages.
Element round_half(const Decimal& value, std::string_view text) {
  using arith::F16;
  const bool negative = std::signbit(value.truncated);
  if (std::isnan(value.truncated)) return {F16::quiet_nan};
  if (std::isinf(value.truncated)) return {arith::signed_bits<F16>(negative, F16::infinity)};
  if (value.truncated == 0) return {arith::signed_bits<F16>(negative, 0)};
  const auto result = arith::round_half(number_of(value.truncated, value.inexact), {}, std::nullopt);
  if (result.flags != 0) refuse_range(text, ElementType::f16);
  return {result.bits};
}

Element round_quarter(const Decimal& value, ElementType type, std::string_view text) {
  if (std::isnan(value.truncated)) return {arith::quarter::nan};
  if (std::isinf(value.truncated)) refuse_range(text, type);
  if (value.truncated == 0) return {0};
  Number number = number_of(value.truncated, value.inexact);
  number.exponent -= type.scale();
  const auto result = arith::round_quarter(number, format_of(type), {}, std::nullopt);
  if (result.flags != 0) refuse_range(text, type);
  return {result.bits};
}

Element parse_f32(std::string_view text) {
  float value = 0;
  if (!parse_float(text, value))
    throw InputError(fmt::format("{} is no number of type f32", in_quotes(text)));
  if (std::isinf(value) && !is_infinity(text)) refuse_range(text, ElementType::f32);
  return {std::bit_cast<std::uint32_t>(value)};
}

// Sign and magnitude: room for every type's range and for what is beyond it.
Element parse_integer(std::string_view text, const TypeRow& row) {
  std::string_view digits = text;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  const bool hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
  if (hexadecimal) digits.remove_prefix(2);
  std::uint64_t magnitude = 0;
  const auto [end, failure] =
      std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, hexadecimal ? 16 : 10);
  if (end != digits.data() + digits.size() || digits.empty() || failure == std::errc::invalid_argument) {
    throw InputError(fmt::format("{} is no whole number, as {} needs", in_quotes(text), row.name));
  }
  const std::uint64_t limit = static_cast<std::uint64_t>(negative ? -row.low : row.high);
  if (failure != std::errc{} || magnitude > limit) {
    throw InputError(
        fmt::format("{} is out of range for {} ({} to {})", in_quotes(text), row.name, row.low, row.high));
  }
  return {static_cast<std::uint32_t>(negative ? 0U - magnitude : magnitude)};
}

double value_of(const Number& number) {
  double magnitude = 0;
  if (number.cls == NumberClass::nan) return std::nan("");
  if (number.cls == NumberClass::infinite) magnitude = HUGE_VAL;
  if (number.cls == NumberClass::finite) {
    magnitude = std::ldexp(static_cast<double>(number.significand), number.exponent);
  }
  return number.negative ? -magnitude : magnitude;
}

}  // namespace

std::optional<ElementType> parse_element_type(std::string_view name) {
  for (const TypeRow& row : rows) {
    if (row.name == name) return row.kind;
  }
  return std::nullopt;
}

std::string_view to_string(ElementType type) { return row_of(type).name; }
std::size_t size_of(ElementType type) { return row_of(type).bytes; }
bool is_float(ElementType type) { return row_of(type).high == 0; }
bool is_quarter(ElementType type) { return is_float(type) && size_of(type) == 1; }
bool is_signed(ElementType type) { return row_of(type).low < 0; }

bool is_number(std::string_view text) {
  if (parse_decimal(text)) return true;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return (text.starts_with("0x") || text.starts_with("0X")) && text.size() > 2 &&
         text.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos;
}

Element parse_element(std::string_view text, ElementType type) {
  if (!is_float(type)) return parse_integer(text, row_of(type));
  if (type == ElementType::f32) return parse_f32(text);
  const auto value = parse_decimal(text);
  if (!value) throw InputError(fmt::format("{} is no number of type {}", in_quotes(text), to_string(type)));
  return is_quarter(type) ? round_quarter(*value, type, text) : round_half(*value, text);
}

Element round_to_element(double value, ElementType type) {
  const std::string text = fmt::format("{}", value);
  if (is_quarter(type)) return round_quarter({value, false}, type, text);
  if (type == ElementType::f16) return round_half({value, false}, text);
  const auto single = static_cast<float>(value);
  if (std::isinf(single) && !std::isinf(value)) refuse_range(text, type);
  return {std::bit_cast<std::uint32_t>(single)};
}

double value_of(Element element, ElementType type) {
  if (is_quarter(type)) {
    Number number = arith::unpack_quarter(static_cast<std::uint8_t>(element.bits), format_of(type));
    number.exponent += type.scale();
    return value_of(number);
  }
  if (type == ElementType::f16) {
    return value_of(
        arith::unpack<arith::F16>(static_cast<std::uint16_t>(element.bits), arith::Denormals::keep));
  }
  if (type == ElementType::f32) return std::bit_cast<float>(element.bits);
  return is_signed(type) ? static_cast<double>(static_cast<std::int32_t>(element.bits)) : element.bits;
}

void pack(Element element, ElementType type, std::vector<std::uint8_t>& to) {
  for (std::size_t i = 0; i < size_of(type); ++i)
    to.push_back(static_cast<std::uint8_t>(element.bits >> (8 * i)));
}

std::vector<Element> unpack(std::span<const std::uint8_t> bytes, ElementType type) {
  const TypeRow& row = row_of(type);
  std::vector<Element> result;
  result.reserve(bytes.size() / row.bytes);
  for (std::size_t at = 0; at + row.bytes <= bytes.size(); at += row.bytes) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < row.bytes; ++i) bits |= std::uint32_t{bytes[at + i]} << (8 * i);
    const std::uint32_t sign = 1U << (8 * row.bytes - 1);
    if (row.low < 0) bits = (bits ^ sign) - sign;
    result.push_back({bits});
  }
  return result;
}

std::string to_string(Element element, ElementType type) {
  if (type == ElementType::f32) return fmt::format("{}", std::bit_cast<float>(element.bits));
  const double value = value_of(element, type);
  constexpr double written_out = 1e6;
  if (!is_float(type) || (value == std::trunc(value) && std::fabs(value) < written_out)) {
    return fmt::format("{:.0f}", value);
  }
  if (!std::isfinite(value)) return fmt::format("{}", value);
  // Five digits tell any two f16 apart, and two f8 of the same format.
  for (int digits = 1; digits < 5; ++digits) {
    const std::string text = fmt::format("{:.{}g}", value, digits);
    try {
      if (parse_element(text, type) == element) return text;
    } catch (const InputError&) {
      // Rounded up beyond the largest number.
    }
  }
  return fmt::format("{:.5g}", value);
}

std::int64_t ordinal_of(Element element, ElementType type) {
  const std::uint32_t sign = 1U << (8 * size_of(type) - 1);
  const auto magnitude = static_cast<std::int64_t>(element.bits & (sign - 1U));
  return (element.bits & sign) != 0 ? -magnitude : magnitude;
}

}  // namespace ipusim::numbers
