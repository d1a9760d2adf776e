// SPDX-License-Identifier: Apache-2.0
// Reads how many hand-written tests every instruction has: lines "id count", '#' begins a comment line.
#pragma once

#include <istream>
#include <string>

#include "diagnostics.hpp"
#include "model.hpp"

namespace ipusim::isagen {

// Sets directed_tests of the instructions named. Lines that name none, or hold no number, are reported.
void read_test_counts(std::istream& input, const std::string& file, Model& model, Diagnostics& diagnostics);

}  // namespace ipusim::isagen
