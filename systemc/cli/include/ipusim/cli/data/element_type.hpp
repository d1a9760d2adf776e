// Types of numbers in tile memory, and their bytes. All are stored little-endian and densely.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ipusim::cli {

enum class ElementType : std::uint8_t { f32, i32, u32, i16, u16, i8, u8 };

std::optional<ElementType> parse_element_type(std::string_view name);
std::string_view to_string(ElementType type);
std::size_t size_of(ElementType type);  // bytes

// One element, held as its bit pattern (sign-extended for signed types), so that equal means exactly equal.
struct Element {
  std::uint32_t bits = 0;
  friend bool operator==(const Element&, const Element&) = default;
};

// The number a text stands for: decimal, integers also 0x..., f32 also with point and exponent, inf and nan.
// f32 is rounded to nearest even. Throws InputError, without naming a place, if the text is no number of the
// type or out of its range.
Element parse_element(std::string_view text, ElementType type);

// Appends the element's bytes.
void pack(Element element, ElementType type, std::vector<std::uint8_t>& to);
// The elements in `bytes`, whose length must be a multiple of the type's size.
std::vector<Element> unpack(std::span<const std::uint8_t> bytes, ElementType type);

// Shortest text that parse_element() takes back to the same number.
std::string to_string(Element element, ElementType type);

}  // namespace ipusim::cli
