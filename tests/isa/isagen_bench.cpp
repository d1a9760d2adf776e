// SPDX-License-Identifier: Apache-2.0
#include "isagen_bench.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace ipusim::isa::test {

IsagenBench::IsagenBench() {
  std::string name = (std::filesystem::temp_directory_path() / "isagen_test_XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  directory_ = name;
}

IsagenBench::~IsagenBench() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void IsagenBench::write(const IsagenInput& input) const {
  std::ofstream(directory_ / "in.isa") << input.instructions;
  std::ofstream(directory_ / "csr.yaml") << input.csrs;
  std::ofstream(directory_ / "arch.yaml") << input.architectures;
  std::ofstream(directory_ / "timing.yaml") << input.timing;
  std::ofstream(directory_ / "zones.yaml") << input.zones;
  std::ofstream(directory_ / "exceptions.yaml") << input.exceptions;
  std::ofstream(directory_ / "hazards.yaml") << input.hazards;
  std::ofstream(directory_ / "general.yaml") << input.general;
  std::ofstream(directory_ / "semantics.yaml") << input.semantics;
}

IsagenResult IsagenBench::run(const std::string& options) const {
  const std::string command = fmt::format(
      "cd '{}' && '{}' --instructions in.isa --csr csr.yaml --arch arch.yaml --timing timing.yaml "
      "--zones zones.yaml --exceptions exceptions.yaml --hazards hazards.yaml --general general.yaml "
      "--semantics semantics.yaml {} 2>&1",
      directory_.string(), IPUSIM_BIN_DIR "/isagen", options);
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("isagen cannot be run");
  IsagenResult result;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) != 0;)
    result.output.append(buffer.data(), n);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  return result;
}

IsagenResult IsagenBench::run(const IsagenInput& input) const {
  write(input);
  return run();
}

std::string IsagenBench::read(const std::string& file) const {
  std::ifstream stream(directory_ / file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace ipusim::isa::test
