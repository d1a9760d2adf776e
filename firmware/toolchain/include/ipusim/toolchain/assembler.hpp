// SPDX-License-Identifier: Apache-2.0
// The assembler: Colossus assembly -> ELF relocatable object, on LLVM's MC layer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "ipusim/isa/isa.hpp"
#include "ipusim/toolchain/error.hpp"

namespace ipusim::toolchain {

struct AssemblerOptions {
  isa::Arch arch = isa::Arch::ipu2;
  isa::Mode mode = isa::Mode::worker;  // the mode sources start in, until .worker or .supervisor
  bool preprocess =
      true;           // through clang's preprocessor, with __IPU__ = 1 and __IPU_ARCH_VERSION__ = 1, 2 or 21
  bool debug = true;  // DWARF line information
  // Searched by #include, .include and .incbin, in this order; docs/assembler.md tells what else they search.
  std::vector<std::filesystem::path> include_dirs;
  std::vector<std::pair<std::string, std::string>> defines;   // of the preprocessor
  std::vector<std::pair<std::string, std::int64_t>> symbols;  // of the assembler, as if by .set at the start
  std::vector<std::string> cpp_options;  // passed on to the preprocessor, after those made from the above
  // Files of .include and .incbin are not looked for in the working folder.
  bool ignore_working_folder = false;
};

struct Object {
  std::string name;  // for messages and the map: usually the source file's path
  std::vector<std::uint8_t> elf;
  std::vector<Diagnostic> warnings;
};

// Throws ToolError with a Diagnostic per error; its file and line are those of the unpreprocessed source.
Object assemble(const std::filesystem::path& source, const AssemblerOptions& options);
// The same from text; `name` stands for the file in messages and line information.
Object assemble_text(const std::string& text, const std::string& name, const AssemblerOptions& options);

}  // namespace ipusim::toolchain
