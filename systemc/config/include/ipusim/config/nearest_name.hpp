// SPDX-License-Identifier: Apache-2.0
// What a misspelt name may have been meant to be.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipusim::config {

// The known name that is at most two letters away (left out, added or another), the first of the nearest.
std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& known);

}  // namespace ipusim::config
