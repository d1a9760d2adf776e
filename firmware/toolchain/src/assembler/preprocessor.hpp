// SPDX-License-Identifier: Apache-2.0
// The C preprocessor in front of the assembler, and the way back from its output to the user's lines.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ipusim/toolchain/assembler.hpp"

namespace ipusim::toolchain {

// Where each line of a preprocessed text came from.
class LineMap {
 public:
  // name: of the text before any line marker.
  LineMap(const std::string& text, const std::string& name);

  struct Place {
    std::string file;
    unsigned line = 0;
  };
  // line counts from 1.
  Place place(unsigned line) const;

 private:
  std::vector<std::string> files_;
  struct Line {
    std::size_t file;
    unsigned line;
  };
  std::vector<Line> lines_;
};

// Bytes of a source, or of what the preprocessor makes of it, at most.
inline constexpr std::uint64_t largest_source = std::uint64_t{64} << 20U;

struct Preprocessed {
  std::string text;  // with line markers
  std::vector<Diagnostic> warnings;
};

// Runs clang's preprocessor: GNU cpp writes blanks that change what assembly means (`\ a6` for `\REG`).
// Throws ToolError with its complaints as diagnostics, or with the cure if there is no clang.
Preprocessed preprocess(const std::filesystem::path& source, const AssemblerOptions& options);

// The column of the original line that holds the character at `column` of its preprocessed form (both from
// 1); 0 if macros changed what stands before it.
unsigned original_column(const std::string& original, const std::string& preprocessed, unsigned column);

}  // namespace ipusim::toolchain
