// SPDX-License-Identifier: Apache-2.0
#include "bench.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace ipusim::toolchain_test {

using namespace toolchain;

AssemblerOptions plain(isa::Mode mode) {
  AssemblerOptions options;
  options.mode = mode;
  options.preprocess = false;
  options.debug = false;
  return options;
}

LinkedImage build(const std::string& text, const AssemblerOptions& options) {
  LinkOptions link_options;
  link_options.arch = options.arch;
  return link({assemble_text(".globl _start\n_start:\n" + text, "test.s", options)}, link_options);
}

std::vector<std::uint32_t> words(const std::string& text, const AssemblerOptions& options) {
  const LinkedImage linked = build(text, options);
  const auto& bytes = linked.image.segments.at(0).bytes;
  std::vector<std::uint32_t> result(bytes.size() / 4);
  std::memcpy(result.data(), bytes.data(), result.size() * 4);
  return result;
}

std::vector<std::string> complaints(const std::string& text, const AssemblerOptions& options) {
  std::vector<std::string> result;
  try {
    assemble_text(text, "test.s", options);
  } catch (const ToolError& error) {
    for (const Diagnostic& diagnostic : error.diagnostics())
      result.push_back(fmt::format("{}:{}: {}", diagnostic.line, diagnostic.column, diagnostic.message));
    if (result.empty()) result.emplace_back(error.what());
  }
  return result;
}

std::filesystem::path test_folder() {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  std::string name = fmt::format("ipusim_{}_{}", info->test_suite_name(), info->name());
  for (char& c : name)
    if (c == '/') c = '_';
  const auto folder = std::filesystem::path{::testing::TempDir()} / name;
  std::filesystem::create_directories(folder);
  return folder;
}

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

ToolRun run_tool(const std::string& command) {
  const std::string line =
      fmt::format("cd '{}' && '{}'/{} 2>&1", test_folder().string(), IPUSIM_BIN_DIR, command);
  FILE* pipe = ::popen(line.c_str(), "r");
  ToolRun run{-1, {}};
  if (pipe == nullptr) return run;
  std::array<char, 4096> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe))
    run.output.append(buffer.data(), count);
  const int status = ::pclose(pipe);
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return run;
}

}  // namespace ipusim::toolchain_test
