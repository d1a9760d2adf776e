// SPDX-License-Identifier: Apache-2.0
// docs/instructions.md: what every instruction does, on one page.
#pragma once

#include <string>

#include "model.hpp"

namespace ipusim::isagen {

// The whole page as Markdown; depends on the model alone.
std::string emit_instructions_page(const Model& model);

}  // namespace ipusim::isagen
