// SPDX-License-Identifier: Apache-2.0
// Command lines as GNU's tools take them.
#pragma once

#include <string>
#include <vector>

namespace ipusim::toolchain {

// Replaces every argument @FILE by the arguments in FILE, which are separated by blanks and quoted as GNU's
// tools have it and may name further files. An argument whose file is not there stays as it is. Throws
// ToolError if files name each other, or one is no regular file.
std::vector<std::string> expand_response_files(const std::vector<std::string>& arguments);

}  // namespace ipusim::toolchain
