// SPDX-License-Identifier: Apache-2.0
// The numbers in firmware/runtime/ipu_runtime.h are those of the machine's data files.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <regex>
#include <stdexcept>
#include <string>

#include "ipusim/isa/isa.hpp"

namespace {

unsigned long constant(const std::string& name) {
  std::ifstream header{IPUSIM_SOURCE_DIR "/firmware/runtime/ipu_runtime.h"};
  const std::regex pattern("#define " + name + " +(0x[0-9a-fA-F]+|[0-9]+).*");
  for (std::string line; std::getline(header, line);) {
    std::smatch match;
    if (std::regex_match(line, match, pattern)) return std::stoul(match[1], nullptr, 0);
  }
  throw std::runtime_error(name + " is not in ipu_runtime.h");
}

TEST(RuntimeConstants, NullSource) {
  const YAML::Node part = YAML::LoadFile(IPUSIM_SOURCE_DIR "/configs/parts/ipu2.yaml");
  EXPECT_EQ(constant("IPU_NULL_SOURCE"), part["exchange"]["null_source"].as<unsigned long>());
}

TEST(RuntimeConstants, Workers) { EXPECT_EQ(constant("IPU_WORKERS"), ipusim::isa::timing::slots); }

}  // namespace
