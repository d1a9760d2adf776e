// SPDX-License-Identifier: Apache-2.0
// Reading files that a user names, whatever stands behind the name, and quoting what stands in them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace ipusim::config {

// All bytes of a regular file. Throws ConfigError naming the file if there is none, if it is a folder, a pipe
// or a device (which may never end), or if it holds more than `most` bytes; `cure` then says what to do.
std::string read_file(const std::filesystem::path& file, std::uint64_t most, std::string_view cure);

// The text in quotes for a message: shortened if it is long, and without control characters.
std::string in_quotes(std::string_view text);

}  // namespace ipusim::config
