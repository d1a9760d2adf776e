// SPDX-License-Identifier: Apache-2.0
// Reads the line format of isa/*.isa, which is explained at the head of isa/vertex.isa.
#pragma once

#include <istream>
#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"

namespace ipusim::isagen {

// Instructions of one file in line order. A line that cannot be understood is reported and left out.
std::vector<InstructionSpec> read_instructions(std::istream& input, const std::string& file,
                                               Diagnostics& diagnostics);

}  // namespace ipusim::isagen
