// SPDX-License-Identifier: Apache-2.0
// What the three tools share: exit codes, command lines, error output, files.
#pragma once

#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <new>
#include <span>
#include <string>
#include <vector>

#include "ipusim/isa/isa.hpp"
#include "ipusim/toolchain/error.hpp"
#include "ipusim/toolchain/response_file.hpp"

namespace ipusim::tools {

inline constexpr int bad_input = 2;

inline isa::Arch arch_of(const std::string& name) { return isa::parse_arch(name).value(); }

inline void write_file(const std::filesystem::path& file, std::span<const std::uint8_t> bytes) {
  if (std::filesystem::is_directory(file))
    throw toolchain::ToolError(fmt::format("{}: is a folder; name a file to write", file.string()));
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (!stream) throw toolchain::ToolError(fmt::format("{}: cannot be written", file.string()));
}

// Options of GNU's tools that have no place here, with the reason, by their name with one dash.
using Refusals = std::map<std::string, std::string>;
struct GnuOptions {
  std::map<std::string, std::string> spellings;  // arguments that stand for others
  Refusals refused;
};

// The command line with response files in place and GNU's long options of one dash (-Map, -defsym) given
// their second one. Throws ToolError at an option that is refused.
inline std::vector<std::string> gnu_arguments(int argc, char** argv, const CLI::App& app,
                                              const GnuOptions& known) {
  std::vector<std::string> arguments = toolchain::expand_response_files({argv + 1, argv + argc});
  std::vector<std::string> long_names;
  for (const CLI::Option* option : app.get_options())
    long_names.insert(long_names.end(), option->get_lnames().begin(), option->get_lnames().end());
  for (std::string& argument : arguments) {
    const std::string name = argument.substr(0, argument.find('='));
    if (const auto spelling = known.spellings.find(argument); spelling != known.spellings.end())
      argument = spelling->second;
    const auto reason = known.refused.find(name.starts_with("--") ? name.substr(1) : name);
    if (reason != known.refused.end())
      throw toolchain::ToolError(fmt::format("{}: {}", name, reason->second));
    if (name.size() > 2 && name[0] == '-' && name[1] != '-' &&
        std::find(long_names.begin(), long_names.end(), name.substr(1)) != long_names.end())
      argument.insert(0, "-");
  }
  return arguments;
}

// No source or object needs as much: one that goes astray must not take the machine with it. Sanitizers
// reserve more address space than any limit.
inline void limit_memory() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  constexpr rlim_t most = rlim_t{4} << 30U;
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur <= most) return;
  limit.rlim_cur = most;
  ::setrlimit(RLIMIT_AS, &limit);
#endif
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
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "{}: error: out of memory\n", program);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: error: {}\n", program, error.what());
  }
  return bad_input;
}

// Parses the command line and does the work. Wrong arguments are exit code 2 like every other bad input.
template <typename Work>
int run(CLI::App& app, int argc, char** argv, const GnuOptions& known, Work work) {
  limit_memory();
  const std::string name = app.get_name();
  return guarded(name.c_str(), [&] {
    std::vector<std::string> arguments = gnu_arguments(argc, argv, app, known);
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError& error) {
      return app.exit(error) == 0 ? 0 : bad_input;
    }
    return work();
  });
}

}  // namespace ipusim::tools
