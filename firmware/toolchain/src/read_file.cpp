// SPDX-License-Identifier: Apache-2.0
#include "read_file.hpp"

#include <fmt/format.h>

#include <fstream>

#include "ipusim/toolchain/error.hpp"

namespace ipusim::toolchain {

std::vector<std::uint8_t> read_file(const std::filesystem::path& file, std::uint64_t largest) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error))
    throw ToolError(fmt::format("{}: is a directory", file.string()));
  if (!std::filesystem::exists(file, error)) throw ToolError(fmt::format("{}: no such file", file.string()));
  if (!std::filesystem::is_regular_file(file, error))
    throw ToolError(fmt::format("{}: is no regular file", file.string()));
  const std::uint64_t size = std::filesystem::file_size(file, error);
  if (error) throw ToolError(fmt::format("{}: {}", file.string(), error.message()));
  if (size > largest)
    throw ToolError(
        fmt::format("{}: has {} bytes, more than the {} this program reads", file.string(), size, largest));
  std::ifstream stream(file, std::ios::binary);
  if (!stream.is_open()) throw ToolError(fmt::format("{}: cannot be opened", file.string()));
  std::vector<std::uint8_t> bytes(size);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (static_cast<std::uint64_t>(stream.gcount()) != size)
    throw ToolError(fmt::format("{}: cannot be read", file.string()));
  return bytes;
}

}  // namespace ipusim::toolchain
