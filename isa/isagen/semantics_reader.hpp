// SPDX-License-Identifier: Apache-2.0
// Reads isa/semantics/*.yaml: what instructions do.
#pragma once

#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"

namespace ipusim::isagen {

// Notation and aliases, from general.yaml; one section from each of the other files, in
// their order. Reports what it cannot understand, with file and line. `csrs` names what examples may set.
SemanticsModel read_semantics(const std::string& general_file, const std::vector<std::string>& section_files,
                              const std::vector<CsrSpec>& csrs, Diagnostics& diagnostics);

}  // namespace ipusim::isagen
