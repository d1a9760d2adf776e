#include "ipusim/cli/data/element_type.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "ipusim/cli/input_error.hpp"

namespace ipusim::cli {
namespace {

struct TypeRow {
  ElementType type;
  std::string_view name;
  std::size_t bytes;
  std::int64_t low;  // range of the integer types
  std::int64_t high;
};
constexpr std::array<TypeRow, 7> rows{{
    {ElementType::f32, "f32", 4, 0, 0},
    {ElementType::i32, "i32", 4, INT32_MIN, INT32_MAX},
    {ElementType::u32, "u32", 4, 0, UINT32_MAX},
    {ElementType::i16, "i16", 2, INT16_MIN, INT16_MAX},
    {ElementType::u16, "u16", 2, 0, UINT16_MAX},
    {ElementType::i8, "i8", 1, INT8_MIN, INT8_MAX},
    {ElementType::u8, "u8", 1, 0, UINT8_MAX},
}};

const TypeRow& row_of(ElementType type) { return rows[static_cast<std::size_t>(type)]; }

Element parse_f32(std::string_view text) {
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  float value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size() || digits.empty() || failure == std::errc::invalid_argument) {
    throw InputError(fmt::format("'{}' is no number of type f32", text));
  }
  if (failure == std::errc::result_out_of_range) {
    // Too large, or so small that it rounds to a denormal or zero.
    value = std::strtof(std::string{digits}.c_str(), nullptr);
    if (std::isinf(value)) throw InputError(fmt::format("'{}' is beyond the range of f32", text));
  }
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
    throw InputError(fmt::format("'{}' is no whole number, as {} needs", text, row.name));
  }
  const std::uint64_t limit = static_cast<std::uint64_t>(negative ? -row.low : row.high);
  if (failure != std::errc{} || magnitude > limit) {
    throw InputError(fmt::format("{} is out of range for {} ({} to {})", text, row.name, row.low, row.high));
  }
  return {static_cast<std::uint32_t>(negative ? 0U - magnitude : magnitude)};
}

}  // namespace

std::optional<ElementType> parse_element_type(std::string_view name) {
  for (const TypeRow& row : rows) {
    if (row.name == name) return row.type;
  }
  return std::nullopt;
}

std::string_view to_string(ElementType type) { return row_of(type).name; }
std::size_t size_of(ElementType type) { return row_of(type).bytes; }

Element parse_element(std::string_view text, ElementType type) {
  return type == ElementType::f32 ? parse_f32(text) : parse_integer(text, row_of(type));
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
  if (row_of(type).low < 0) return fmt::format("{}", static_cast<std::int32_t>(element.bits));
  return fmt::format("{}", element.bits);
}

}  // namespace ipusim::cli
