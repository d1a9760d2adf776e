// What the three tools share: exit codes, error output, files.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include "ipusim/isa/isa.hpp"
#include "ipusim/toolchain/error.hpp"

// As CLI11_PARSE, but wrong arguments are exit code 2 like every other bad input.
#define CLI11_PARSE_TOOL(app, argc, argv)                         \
  try {                                                           \
    (app).parse(argc, argv);                                      \
  } catch (const CLI::ParseError& error) {                        \
    return (app).exit(error) == 0 ? 0 : ipusim::tools::bad_input; \
  }

namespace ipusim::tools {

inline constexpr int bad_input = 2;

inline isa::Arch arch_of(const std::string& name) { return isa::parse_arch(name).value(); }

inline void write_file(const std::filesystem::path& file, std::span<const std::uint8_t> bytes) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (!stream) throw toolchain::ToolError(fmt::format("{}: cannot be written", file.string()));
}

template <typename Work>
int guarded(const char* program, Work work) {
  try {
    return work();
  } catch (const toolchain::ToolError& error) {
    if (error.diagnostics().empty())
      fmt::print(stderr, "{}: error: {}\n", program, error.what());
    else
      fmt::print(stderr, "{}\n", error.what());
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: error: {}\n", program, error.what());
  }
  return bad_input;
}

}  // namespace ipusim::tools
