// SPDX-License-Identifier: Apache-2.0
// Text listings of objects, executables and archives of objects.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ipusim/isa/isa.hpp"
#include "ipusim/toolchain/error.hpp"

namespace ipusim::toolchain {

struct ListingOptions {
  bool file_header = false;
  bool section_headers = false;
  bool program_headers = false;
  bool symbols = false;
  bool relocations = false;                // within the disassembly if there is one
  bool code = false;                       // sections that hold code
  bool all_code = false;                   // every section, as if it were code
  bool contents = false;                   // as hexadecimal bytes
  bool lines = false;                      // places of the source within the disassembly
  bool source = false;                     // and their text, as far as the files are found
  bool raw_words = true;                   // the bytes beside each instruction
  std::vector<std::string> sections = {};  // these only; empty: all
  std::string function = {};               // disassemble from this symbol to the next; empty: everything
  std::uint32_t first_address = 0;         // disassemble [first_address, end_address)
  std::uint64_t end_address = std::uint64_t{1} << 32U;
  isa::Mode mode = isa::Mode::both;
};

// Throws ToolError if the file is no Colossus object, executable or archive, or has none of `sections` or no
// `function`.
std::string list_file(const std::filesystem::path& file, const ListingOptions& options);

}  // namespace ipusim::toolchain
