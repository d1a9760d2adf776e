// SPDX-License-Identifier: Apache-2.0
#include "yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "ipusim/config/config_node.hpp"

namespace ipusim::config {
namespace {

// The length of the UTF-8 character at the beginning of `text`; 0 if there is none (Unicode 15, table 3-7).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(i < text.size() ? text[i] : 0); };
  const auto continues = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    // No longer form of a shorter character, and no half of a surrogate pair.
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

bool is_forbidden(std::uint8_t byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

}  // namespace

void check_yaml_text(std::string_view text, const std::string& name) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<std::uint8_t>(text[at]);
    const std::size_t length = character_length(text.substr(at));
    if (length != 0 && !is_forbidden(byte)) {
      at += length;
      continue;
    }
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    const auto column = at - (text.substr(0, at).rfind('\n') + 1) + 1;
    throw ConfigError(fmt::format("{}:{}:{}: not valid YAML: {} {:#04x}", name, line, column,
                                  length == 0 ? "no UTF-8 text: byte" : "control character", byte));
  }
}

}  // namespace ipusim::config
