// SPDX-License-Identifier: Apache-2.0
// Checks between rows: what no single line can show.
#pragma once

#include "diagnostics.hpp"
#include "model.hpp"

namespace ipusim::isagen {

// Reports duplicate names, overlapping encodings, clashing CSR numbers and values outside their range. A
// message about two rows names both places.
void validate(const Model& model, Diagnostics& diagnostics);

}  // namespace ipusim::isagen
