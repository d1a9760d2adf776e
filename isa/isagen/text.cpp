// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

namespace ipusim::isagen {
namespace {

std::vector<std::string> split_text(std::string_view text, char separator, bool brackets) {
  std::vector<std::string> pieces;
  if (trim(text).empty()) return pieces;
  std::size_t begin = 0;
  bool inside = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size()) {
      if (brackets && text[i] == '<') inside = true;
      if (brackets && text[i] == '>') inside = false;
      if (text[i] != separator || inside) continue;
    }
    pieces.emplace_back(trim(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  return pieces;
}

}  // namespace

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
  return split_text(text, separator, false);
}

std::vector<std::string> split_outside_brackets(std::string_view text, char separator) {
  return split_text(text, separator, true);
}

std::string cpp_literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string table_cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

}  // namespace ipusim::isagen
