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
  std::string format() const { return file + ":" + std::to_string(line); }
};

class SourceLocator {
 public:
  // Keeps a copy of what it needs of the image. An image without line information locates nothing.
  explicit SourceLocator(const Image& image);
  ~SourceLocator();
  std::optional<SourceLocation> locate(ByteAddr address) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ipusim::toolchain
