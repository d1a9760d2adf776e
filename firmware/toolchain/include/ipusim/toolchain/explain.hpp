// SPDX-License-Identifier: Apache-2.0
// The manual of instructions on a terminal.
#pragma once

#include <string>
#include <string_view>

#include "ipusim/toolchain/error.hpp"

namespace ipusim::toolchain {

// What is said of a mnemonic, another spelling of one, a cause of exceptions, or "notation", in lines of at
// most `columns` columns where words allow. Throws ToolError if there is no such thing, naming those spelt
// most alike.
std::string explain(std::string_view name, unsigned columns);

// Every instruction with its summary, section by section.
std::string list_explanations(unsigned columns);

// Columns of the terminal that standard output is; 80 if it is none.
unsigned output_columns();

}  // namespace ipusim::toolchain
