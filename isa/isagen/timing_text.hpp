// SPDX-License-Identifier: Apache-2.0
// Numbers of timing.yaml in texts, written as {key}.
#pragma once

#include <string>
#include <vector>

#include "model.hpp"

namespace ipusim::isagen {

// The keys that a text names and that there are not.
std::vector<std::string> unknown_timing_keys(const std::string& text, const std::vector<TimingSpec>& timing);

// The text with every {key} replaced by its number; unknown keys stay.
std::string with_timing(const std::string& text, const std::vector<TimingSpec>& timing);

}  // namespace ipusim::isagen
