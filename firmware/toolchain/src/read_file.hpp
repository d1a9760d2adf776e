// A whole file as bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace ipusim::toolchain {

// Throws ToolError if it is no regular file or cannot be read.
std::vector<std::uint8_t> read_file(const std::filesystem::path& file);

}  // namespace ipusim::toolchain
