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

struct LinkOptions {
  isa::Arch arch = isa::Arch::ipu2;
  std::string name = "image";  // for messages
  std::string entry = "_start";
  std::map<std::string, std::uint32_t>
      defines;  // absolute symbols, e.g. __tile_index; objects may not define them too
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
// then the rest), `.region1*` sections in region 1. Defines __memory_base, __region1_base, __memory_end and
// for every output section NAME that is a C identifier __start_NAME and __stop_NAME. Throws ToolError with
// one line per error: undefined or duplicate symbol (both places named), region overflow, relocation out of
// range, bad object.
// Members of archives follow the objects, in the order in which they were needed.
LinkedImage link(const std::vector<Object>& objects, const LinkOptions& options,
                 const std::vector<Archive>& archives = {});

// Reads a relocatable object. Throws ToolError: not ELF, truncated, wrong machine, ...
Object read_object(const std::filesystem::path& file);
// Whether the file begins as an archive does. Throws ToolError if it cannot be read.
bool is_archive(const std::filesystem::path& file);
// Reads an archive whose members are all relocatable objects. Throws ToolError naming archive and member.
Archive read_archive(const std::filesystem::path& file);

}  // namespace ipusim::toolchain
