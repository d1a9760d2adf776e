// SPDX-License-Identifier: Apache-2.0
// The tables of docs/isa.md that follow the instructions: registers, numbers and names of the machine.
#pragma once

#include <string>

#include "model.hpp"

namespace ipusim::isagen {

std::string emit_manual_tables(const Model& model);

}  // namespace ipusim::isagen
