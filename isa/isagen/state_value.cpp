// SPDX-License-Identifier: Apache-2.0
#include "state_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <regex>

namespace ipusim::isagen {
namespace {

constexpr unsigned word_width = 32;
constexpr unsigned half_width = 16;
constexpr unsigned byte_width = 8;

// An integer of `width` bits, signed or unsigned.
std::optional<std::uint32_t> parse_integer(const std::string& text, unsigned width) {
  const bool negative = text.starts_with('-');
  std::string_view digits = text;
  if (negative) digits.remove_prefix(1);
  const bool hex = digits.starts_with("0x");
  if (hex) digits.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [stop, status] = std::from_chars(digits.begin(), digits.end(), value, hex ? 16 : 10);
  if (digits.empty() || stop != digits.end() || status != std::errc{}) return std::nullopt;
  const std::uint64_t limit = negative ? 1ULL << (width - 1) : (1ULL << width) - 1;
  if (value > limit) return std::nullopt;
  const auto bits = static_cast<std::uint32_t>(negative ? 0 - value : value);
  return width == word_width ? bits : bits & ((1U << width) - 1);
}

// The f16 of a value that the format holds exactly.
std::optional<std::uint32_t> half_of(float value) {
  constexpr int bias = 15;
  constexpr int fraction_bits = 10;
  constexpr std::uint32_t infinity = 0x7C00;
  const std::uint32_t sign = std::signbit(value) ? 0x8000U : 0U;
  const float magnitude = std::fabs(value);
  if (std::isnan(value)) return 0x7E00U;
  if (std::isinf(value)) return sign | infinity;
  if (magnitude == 0) return sign;
  const int exponent = std::max(std::ilogb(magnitude), 1 - bias);
  const float units = std::ldexp(magnitude, fraction_bits - exponent);
  if (units != std::floor(units) || exponent > bias) return std::nullopt;
  // The leading one of a normal number counts up the exponent field.
  return sign | ((static_cast<std::uint32_t>(exponent + bias - 1) << fraction_bits) +
                 static_cast<std::uint32_t>(units));
}

bool is_float(const std::string& text) {
  return text.find('.') != std::string::npos || text.ends_with("inf") || text == "nan";
}

std::optional<std::uint32_t> parse_float(const std::string& text, unsigned width) {
  char* end = nullptr;
  const double exact = std::strtod(text.c_str(), &end);
  const auto value = static_cast<float>(exact);
  if (*end != '\0' || width == byte_width) return std::nullopt;
  if (text == "nan") return width == half_width ? 0x7E00U : 0x7FC00000U;
  if (static_cast<double>(value) != exact) return std::nullopt;
  return width == half_width ? half_of(value) : std::bit_cast<std::uint32_t>(value);
}

}  // namespace

unsigned place_words(const std::string& place, const std::vector<CsrSpec>& csrs) {
  static const std::regex registers("[ma]([0-9]+)(:([0-9]+))?");
  static const std::regex single("AACC[0-9]+|0x[0-9a-f]+|pc|exit|sync|ahead|sent|worker[0-5]\\.pc");
  static const std::regex column("CWEI_[0-9]+_[0-3]");
  std::smatch match;
  if (std::regex_match(place, match, registers)) {
    if (!match[3].matched) return 1;
    const int words = std::stoi(match[3]) - std::stoi(match[1]) + 1;
    return words == 2 || words == 4 ? static_cast<unsigned>(words) : 0;
  }
  if (std::regex_match(place, single)) return 1;
  if (std::regex_match(place, column)) return 2;
  static const std::regex of_worker("worker[0-5]\\.");
  const std::string name = std::regex_replace(place, of_worker, "");
  return std::any_of(csrs.begin(), csrs.end(), [&](const CsrSpec& csr) { return csr.name == name; }) ? 1 : 0;
}

std::variant<std::vector<std::uint32_t>, std::string> parse_value(const std::vector<std::string>& elements,
                                                                  unsigned words) {
  const std::size_t per_word = elements.size() / words;
  if (elements.size() % words != 0 || (per_word != 1 && per_word != 2 && per_word != 4))
    return fmt::format("{} elements do not fill {} words", elements.size(), words);
  const auto width = static_cast<unsigned>(word_width / per_word);
  std::vector<std::uint32_t> result(words);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const auto bits =
        is_float(elements[i]) ? parse_float(elements[i], width) : parse_integer(elements[i], width);
    if (!bits) return fmt::format("'{}' is no value of {} bits", elements[i], width);
    result[i / per_word] |= *bits << (width * (i % per_word));
  }
  return result;
}

}  // namespace ipusim::isagen
