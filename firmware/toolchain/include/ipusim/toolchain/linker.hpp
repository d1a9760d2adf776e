// SPDX-License-Identifier: Apache-2.0
// The linker: objects -> one executable image for one tile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ipusim/toolchain/assembler.hpp"
#include "ipusim/toolchain/image.hpp"

namespace ipusim::toolchain {

// A symbol that stands for another one, plus a number of bytes.
struct SymbolAlias {
  std::string symbol;
  std::int64_t addend = 0;
};

struct LinkOptions {
  isa::Arch arch = isa::Arch::ipu2;
  std::string name = "image";  // for messages
  std::string entry = "_start";
  std::map<std::string, std::uint32_t>
      defines;  // absolute symbols, e.g. __tile_index; objects may not define them too
  std::map<std::string, SymbolAlias> aliases;  // symbols by way of others; objects may not define them too
  std::vector<std::string> undefined;          // wanted from archives though no object refers to them
  std::vector<std::string> wrapped;            // references to f go to __wrap_f, and those to __real_f to f
  bool gc_sections = false;  // leave out loaded sections that nothing leads to from the entry and `undefined`
  enum class Strip : unsigned char { nothing, debug, all };
  Strip strip = Strip::nothing;  // what the file goes without: debug information, or the symbols as well
};

struct LinkedImage {
  Image image;
  std::string map;  // the map file's text
};

// A library made by `ar`: a member is linked only if it defines a symbol that is still undefined.
struct Archive {
  std::string name;
  std::vector<Object> members;  // named "archive(member)"
};

// Lays out sections in the order of the objects: region 0 from its start (.text*, .rodata*, .data*, .bss*,
// then the rest), `.region1*` sections in region 1, where no code may lie. Of COMDAT groups the first copy is
// linked. Defines __memory_base, __region1_base, __memory_end and for every output section NAME that is a C
// identifier __start_NAME and __stop_NAME. Throws ToolError with one line per error: undefined or duplicate
// symbol (both places named), region overflow, relocation out of range, reference to a section that is left
// out, bad object. Members of archives follow the objects, in the order in which they were needed.
LinkedImage link(const std::vector<Object>& objects, const LinkOptions& options,
                 const std::vector<Archive>& archives = {});

// Reads a relocatable object. Throws ToolError: not ELF, truncated, wrong machine, ...
Object read_object(const std::filesystem::path& file);
// Names of the global symbols that an object defines. Throws ToolError for a bad object.
std::vector<std::string> defined_symbols(const Object& object);
// Whether the file begins as an archive (thin ones included) does. Throws ToolError if it cannot be read.
bool is_archive(const std::filesystem::path& file);
// Reads an archive, thin or whole, in GNU's or BSD's format, with or without an index. Members are
// relocatable objects, or archives whose members take their places. Throws ToolError naming archive and
// member.
Archive read_archive(const std::filesystem::path& file);

}  // namespace ipusim::toolchain
