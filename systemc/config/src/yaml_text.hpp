// SPDX-License-Identifier: Apache-2.0
// What a YAML text must be before it is parsed.
#pragma once

#include <string>
#include <string_view>

namespace ipusim::config {

// Throws ConfigError with line and column of the first byte that is not UTF-8, or a control character, which
// YAML forbids; the parser would take one of them for the end of the file.
void check_yaml_text(std::string_view text, const std::string& name);

}  // namespace ipusim::config
