// SPDX-License-Identifier: Apache-2.0
// A whole file as bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace ipusim::toolchain {

// Bytes. A tile's program has less than one MiB: room for debug information and libraries, none for a
// mistaken file.
inline constexpr std::uint64_t largest_file = std::uint64_t{1} << 30U;

// Throws ToolError if it is no regular file, larger than `largest` bytes, or cannot be read.
std::vector<std::uint8_t> read_file(const std::filesystem::path& file, std::uint64_t largest = largest_file);

}  // namespace ipusim::toolchain
