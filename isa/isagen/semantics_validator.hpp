// SPDX-License-Identifier: Apache-2.0
// Checks of isa/semantics against the instructions, CSRs and timing it speaks of.
#pragma once

#include "diagnostics.hpp"
#include "model.hpp"

namespace ipusim::isagen {

// Reports instructions without semantics or with two, unknown mnemonics, CSRs, fields, flags, causes and
// timing keys, operands that do not fit the forms or that the operation does not mention, accesses that do
// not fit the class, and instructions without an example.
void validate_semantics(const Model& model, Diagnostics& diagnostics);

}  // namespace ipusim::isagen
