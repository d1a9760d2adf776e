// SPDX-License-Identifier: Apache-2.0
// Helpers of the toolchain's tests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ipusim/toolchain/assembler.hpp"
#include "ipusim/toolchain/linker.hpp"

namespace ipusim::toolchain_test {

inline constexpr std::uint32_t region0 = 0x4C000;  // Mk2: assembler_and_abi facts, section 7
inline constexpr std::uint32_t region1 = 0x80000;

// Options without the preprocessor and without debug information.
toolchain::AssemblerOptions plain(isa::Mode mode = isa::Mode::worker);

// `text` assembled and linked alone, with the entry at its first byte.
toolchain::LinkedImage build(const std::string& text, const toolchain::AssemblerOptions& options = plain());
// The words of its first segment.
std::vector<std::uint32_t> words(const std::string& text,
                                 const toolchain::AssemblerOptions& options = plain());

// The complaints about `text`, each as "line:column: message"; empty if it assembles.
std::vector<std::string> complaints(const std::string& text,
                                    const toolchain::AssemblerOptions& options = plain());

// what() of the ToolError that `work` throws; fails the test if it throws none.
template <typename Work>
std::string tool_error(Work work);

// A fresh folder for the running test.
std::filesystem::path test_folder();
void write_text(const std::filesystem::path& file, const std::string& text);

struct ToolRun {
  int exit_code;
  std::string output;  // both streams
};
// Runs a program of the build tree's bin folder in the test's folder.
ToolRun run_tool(const std::string& command);

}  // namespace ipusim::toolchain_test

#include <gtest/gtest.h>

template <typename Work>
std::string ipusim::toolchain_test::tool_error(Work work) {
  try {
    work();
  } catch (const toolchain::ToolError& error) {
    return error.what();
  }
  ADD_FAILURE() << "no ToolError";
  return {};
}
