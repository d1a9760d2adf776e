#include "read_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "ipusim/toolchain/error.hpp"

namespace ipusim::toolchain {

std::vector<std::uint8_t> read_file(const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file))
    throw ToolError(fmt::format("{}: no such file", file.string()));
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream.good() && !stream.eof()) throw ToolError(fmt::format("{}: cannot be read", file.string()));
  if (!stream.is_open()) throw ToolError(fmt::format("{}: cannot be opened", file.string()));
  return bytes;
}

}  // namespace ipusim::toolchain
