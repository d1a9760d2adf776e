// SPDX-License-Identifier: Apache-2.0
// The tables of an object or executable, laid out as binutils' objdump does.
#pragma once

#include <string>

#include "elf_view.hpp"

namespace ipusim::toolchain {

std::string file_header_table(const ElfView& file);
std::string program_header_table(const ElfView& file);
// The others: of section `number`, or with a heading for all of them.
std::string section_header_table(const ElfView& file, const std::vector<std::size_t>& sections);
std::string symbol_table(const ElfView& file);
std::string relocation_table(const ElfView& file, const std::vector<std::size_t>& sections);
std::string contents_dump(const ElfView& file, std::size_t section);

}  // namespace ipusim::toolchain
