// SPDX-License-Identifier: Apache-2.0
// A program of firmware/programs as a user makes and runs it: its generator writes it for a system, ipusim
// runs it, figures.py tells its numbers.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace ipusim::programs_test {

struct Outcome {
  int exit_code = -1;     // of ipusim
  nlohmann::json result;  // result.json; null if there is none
  std::string log;        // what ipusim wrote
};

class GeneratedProgram {
 public:
  // Runs firmware/programs/SCRIPT for configs/SYSTEM.yaml with these options, in a folder of its own.
  GeneratedProgram(const std::string& script, const std::string& system, const std::string& options = {});
  ~GeneratedProgram();
  GeneratedProgram(const GeneratedProgram&) = delete;
  GeneratedProgram& operator=(const GeneratedProgram&) = delete;

  // `ipusim run` with further options; `tag` names its folder of results.
  [[nodiscard]] Outcome run(const std::string& tag = "out", const std::string& options = {}) const;
  // figures.py --json of such a run.
  [[nodiscard]] nlohmann::json figures(const std::string& tag = "out") const;

 private:
  std::filesystem::path folder_;
  std::string system_;
};

// Expects that the run passed, with everything ipusim said if it did not.
void expect_pass(const Outcome& outcome);

// Expects the same memory and cycles, of the chip and of every tile.
void expect_same_answer(const Outcome& one, const Outcome& other);

}  // namespace ipusim::programs_test
