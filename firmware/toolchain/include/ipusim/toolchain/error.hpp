// SPDX-License-Identifier: Apache-2.0
// What goes wrong with a user's source, object or image.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace ipusim::toolchain {

// One complaint at a place of a source file. line and column count from 1; 0 = unknown.
struct Diagnostic {
  enum class Severity : unsigned char { error, warning, note };
  Severity severity = Severity::error;
  std::string file;
  unsigned line = 0;
  unsigned column = 0;
  std::string message;
  std::string source_line;  // the line's text, may be empty
  // "file:line:column: error: message", and the source line with a caret if there is one.
  std::string format() const;
};

// what() holds everything a user needs: for the assembler all diagnostics, for the others file and cause.
class ToolError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  ToolError(const std::string& summary, std::vector<Diagnostic> diagnostics);
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace ipusim::toolchain
