// SPDX-License-Identifier: Apache-2.0
// Small helpers for text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ipusim::isagen {

std::string_view trim(std::string_view text);
// Pieces between separators, trimmed; an empty text has no pieces.
std::vector<std::string> split(std::string_view text, char separator);
// As split, but a separator between '<' and '>' does not count.
std::vector<std::string> split_outside_brackets(std::string_view text, char separator);

// Text as a C++ string literal, quotes included.
std::string cpp_literal(std::string_view text);
// Text as a cell of a Markdown table.
std::string table_cell(std::string_view text);

}  // namespace ipusim::isagen
