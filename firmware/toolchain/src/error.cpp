// SPDX-License-Identifier: Apache-2.0
#include "ipusim/toolchain/error.hpp"

#include <fmt/format.h>

namespace ipusim::toolchain {
namespace {

// A longer one is a table or generated, and would bury the message.
constexpr std::size_t longest_line_shown = 1000;

std::string joined(const std::string& summary, const std::vector<Diagnostic>& diagnostics) {
  if (diagnostics.empty()) return summary;
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += (text.empty() ? "" : "\n") + diagnostic.format();
  return text;
}

}  // namespace

ToolError::ToolError(const std::string& summary, std::vector<Diagnostic> diagnostics)
    : std::runtime_error(joined(summary, diagnostics)), diagnostics_(std::move(diagnostics)) {}

std::string Diagnostic::format() const {
  std::string text = file;
  if (line != 0) text += fmt::format(":{}", line);
  if (column != 0) text += fmt::format(":{}", column);
  constexpr const char* names[] = {"error", "warning", "note"};
  text += fmt::format(": {}: {}", names[static_cast<unsigned>(severity)], message);
  if (source_line.empty() || source_line.size() > longest_line_shown) return text;
  text += "\n" + source_line;
  if (column != 0) {
    // Tabs stay tabs, so that the caret stands under its character whatever their width.
    std::string indent = source_line.substr(0, column - 1);
    for (char& c : indent)
      if (c != '\t') c = ' ';
    text += "\n" + indent + "^";
  }
  return text;
}

}  // namespace ipusim::toolchain
