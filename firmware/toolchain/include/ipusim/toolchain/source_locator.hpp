// SPDX-License-Identifier: Apache-2.0
// Address -> source line, from an image's DWARF line information.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ipusim/toolchain/image.hpp"

namespace ipusim::toolchain {

struct SourceLocation {
  std::string file;
  unsigned line = 0;
  std::string path =
      {};  // of the file, with the directory in which it was compiled: where to look for its text
  std::string format() const { return file + ":" + std::to_string(line); }
};

class SourceLocator {
 public:
  // Keeps a copy of what it needs of the image. An image without line information locates nothing, nor does
  // line 0, by which compilers say that code comes from no line.
  explicit SourceLocator(const Image& image);
  ~SourceLocator();
  std::optional<SourceLocation> locate(ByteAddr address) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ipusim::toolchain
