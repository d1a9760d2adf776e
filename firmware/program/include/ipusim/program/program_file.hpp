// SPDX-License-Identifier: Apache-2.0
// Reads program files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "ipusim/config/system_config.hpp"
#include "ipusim/program/program.hpp"

namespace ipusim::program {

// Throws config::ConfigError naming file, line and key for everything that can be found wrong without
// building: unknown keys, values of the wrong kind, tiles without an image, unknown outputs, missing files.
Program load_program(const std::filesystem::path& file, const config::SystemConfig& system);
// The same from text; `name` stands for the file.
Program parse_program(std::string_view text, const std::string& name, const config::SystemConfig& system);

// Whether a text can be the name of a define.
bool is_identifier(const std::string& text);

}  // namespace ipusim::program
