// Text listings of objects and executables.
#pragma once

#include <filesystem>
#include <string>

#include "ipusim/isa/isa.hpp"
#include "ipusim/toolchain/error.hpp"

namespace ipusim::toolchain {

struct ListingOptions {
  bool headers = false;
  bool symbols = false;
  bool relocations = false;
  bool code = false;
  bool lines = false;  // source lines, where an executable has line information
  isa::Mode mode = isa::Mode::both;
};

// Throws ToolError if the file is no Colossus object or executable.
std::string list_file(const std::filesystem::path& file, const ListingOptions& options);

}  // namespace ipusim::toolchain
