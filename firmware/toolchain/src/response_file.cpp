// SPDX-License-Identifier: Apache-2.0
#include "ipusim/toolchain/response_file.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "ipusim/toolchain/error.hpp"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/StringSaver.h"
#include "read_file.hpp"

namespace ipusim::toolchain {
namespace {

constexpr unsigned deepest = 20;
constexpr std::uint64_t largest = std::uint64_t{16} << 20U;

void expand(const std::string& argument, unsigned depth, std::vector<std::string>& result) {
  std::error_code error;
  if (!argument.starts_with('@') || !std::filesystem::exists(argument.substr(1), error))
    return result.push_back(argument);
  if (depth == deepest)
    throw ToolError(fmt::format("{}: response files name each other", argument.substr(1)));
  const auto bytes = read_file(argument.substr(1), largest);
  llvm::BumpPtrAllocator memory;
  llvm::StringSaver saver(memory);
  llvm::SmallVector<const char*> words;
  llvm::cl::TokenizeGNUCommandLine({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, saver, words);
  for (const char* word : words) expand(word, depth + 1, result);
}

}  // namespace

std::vector<std::string> expand_response_files(const std::vector<std::string>& arguments) {
  std::vector<std::string> result;
  for (const std::string& argument : arguments) expand(argument, 0, result);
  return result;
}

}  // namespace ipusim::toolchain
