// SPDX-License-Identifier: Apache-2.0
// Disassembly of sections, with names for what is known about them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "elf_view.hpp"
#include "ipusim/toolchain/disassembler.hpp"
#include "ipusim/toolchain/listing.hpp"
#include "object_lines.hpp"

namespace ipusim::toolchain {

class CodeListing {
 public:
  CodeListing(const ElfView& file, const ListingOptions& options);
  std::string section(std::size_t number);

 private:
  struct Range {
    std::uint64_t begin, end;  // addresses
  };
  Range range_of(std::size_t number) const;
  void list(std::size_t number, Range range);
  void print_label(std::size_t number, std::uint32_t address);
  void print_place(std::size_t number, std::uint32_t address);
  std::string note_on(std::size_t number, const Disassembly& one, std::uint32_t address) const;
  void print_relocations(std::size_t number, std::uint32_t address, unsigned bytes);
  const std::vector<std::string>& source_text(const std::string& file);

  const ElfView& file_;
  const ListingOptions& options_;
  Disassembler disassembler_;
  std::optional<FileLines> lines_;
  std::optional<SourceLocation> last_;
  std::map<std::string, std::vector<std::string>> sources_;
  std::string out_;
};

}  // namespace ipusim::toolchain
