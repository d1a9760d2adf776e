// SPDX-License-Identifier: Apache-2.0
// Types of numbers in tile memory, and their bytes. All are stored little-endian and densely.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ipusim::numbers {

// A type, and of the f8 types their scale: an element stands for its code's value times 2^scale, as in the
// instructions that take f8 (docs/arithmetic.md).
class ElementType {
 public:
  enum Kind : std::uint8_t { f32, f16, f143, f152, i32, u32, i16, u16, i8, u8 };
  static constexpr int least_scale = -32;  // six bits, signed
  static constexpr int most_scale = 31;

  // Not explicit: all kinds but f8 are a whole type.
  constexpr ElementType(Kind kind, int scale = 0) : kind_(kind), scale_(scale) {}
  constexpr Kind kind() const { return kind_; }
  constexpr int scale() const { return scale_; }
  friend bool operator==(const ElementType&, const ElementType&) = default;

 private:
  Kind kind_;
  int scale_;
};

// "f32", ...; the f8 types by their format, "f143" and "f152".
std::optional<ElementType> parse_element_type(std::string_view name);
std::string_view to_string(ElementType type);
std::size_t size_of(ElementType type);  // bytes
bool is_float(ElementType type);        // f8 too
bool is_quarter(ElementType type);      // f8
bool is_signed(ElementType type);

// One element, held as its bit pattern (sign-extended for signed integers), so that equal means exactly
// equal.
struct Element {
  std::uint32_t bits = 0;
  friend bool operator==(const Element&, const Element&) = default;
};

// The number a text stands for: decimal, integers also 0x..., the float types also with point and exponent,
// inf (not f8) and nan. Rounded once, to nearest even. Throws InputError, without naming a place, if the text
// is no number of the type or out of its range.
Element parse_element(std::string_view text, ElementType type);

// Whether a text is a number of any type, in range or not.
bool is_number(std::string_view text);

// The element of a float type nearest to a value. Throws InputError if it is out of range.
Element round_to_element(double value, ElementType type);
// The value an element stands for; exact.
double value_of(Element element, ElementType type);

// Appends the element's bytes.
void pack(Element element, ElementType type, std::vector<std::uint8_t>& to);
// The elements in `bytes`, whose length must be a multiple of the type's size.
std::vector<Element> unpack(std::span<const std::uint8_t> bytes, ElementType type);

// Shortest text that parse_element() takes back to the same number.
std::string to_string(Element element, ElementType type);

// Which of the type's values, in ascending order, a number that is no NaN is; both zeros are 0, so that two
// numbers lie as many units in the last place apart as their ordinals differ. Float types only.
std::int64_t ordinal_of(Element element, ElementType type);

}  // namespace ipusim::numbers
