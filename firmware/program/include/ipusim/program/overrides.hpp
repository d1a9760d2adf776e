// SPDX-License-Identifier: Apache-2.0
// What the command line says instead of the program file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/program/program.hpp"

namespace ipusim::program {

struct Overrides {
  std::vector<std::string> defines;  // KEY=VALUE; KEY alone is KEY=1, as the preprocessor has it
  std::optional<std::uint64_t> timeout_cycles;
  std::optional<std::uint64_t> host_syncs;
};

// A define replaces that of the same name, or is added, in every image that is made from sources. Throws
// InputError naming the option: no name, no image made from sources, a number out of range.
void apply(const Overrides& overrides, Program& program);

}  // namespace ipusim::program
