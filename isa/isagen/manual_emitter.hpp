// SPDX-License-Identifier: Apache-2.0
// docs/isa.md: the instruction set, CSR map, memory maps and timing for people to read.
#pragma once

#include <string>

#include "model.hpp"

namespace ipusim::isagen {

// The whole manual as Markdown; depends on the model alone.
std::string emit_manual(const Model& model);

}  // namespace ipusim::isagen
