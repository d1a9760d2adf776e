// SPDX-License-Identifier: Apache-2.0
// The programs whose time is arithmetic and memory, in a small size: results, and one answer on all kinds of
// tiles.
#include <gtest/gtest.h>

#include "fmt/format.h"
#include "generated_program.hpp"

namespace {

using ipusim::programs_test::expect_pass;
using ipusim::programs_test::expect_same_answer;
using ipusim::programs_test::GeneratedProgram;

double share_of_bound(const nlohmann::json& figures, const std::string& name) {
  for (const auto& part : figures.at("parts")) {
    if (part.at("name") == name)
      return part.at("bound_cycles").get<double>() / part.at("cycles").get<double>();
  }
  ADD_FAILURE() << "no part '" << name << "' in " << figures;
  return 0;
}

// Division among tiles: rows, columns, layers, panels of a step. Operands with all their bits: c by a model
// of the engine's rounding.
TEST(ComputePrograms, GemmOfRealNumbersInAllDivisions) {
  for (const std::string division : {"2 4 2 4", "1 4 4 4", "16 1 1 16", "4 4 1 2"}) {
    SCOPED_TRACE(division);
    const GeneratedProgram program{"gemm/generate.py", "mk2-16",
                                   fmt::format("--size 192 128 256 --data real --division {}", division)};
    expect_pass(program.run());
    const auto figures = program.figures();
    for (const auto& part : figures.at("parts")) {
      if (part.at("bound_cycles").is_null()) continue;
      EXPECT_LE(part.at("bound_cycles").get<double>(), part.at("cycles").get<double>()) << part;
    }
  }
}

TEST(ComputePrograms, GemmOfSizesThatDoNotDivide) {
  expect_pass(GeneratedProgram{"gemm/generate.py", "mk2-16", "--size 97 131 259 --division 2 4 2 3"}.run());
}

TEST(ComputePrograms, GemmOfTheCheapestDivision) {
  const GeneratedProgram program{"gemm/generate.py", "mk2-16", "--size 256 256 256"};
  expect_pass(program.run());
  EXPECT_GE(share_of_bound(program.figures(), "multiply"), 0.8);
}

TEST(ComputePrograms, GemmIsOneAnswerWithRtlTiles) {
  const GeneratedProgram program{"gemm/generate.py", "mk2-16",
                                 "--size 64 128 128 --data real --division 2 4 2 4"};
  const auto fast = program.run("fast");
  expect_pass(fast);
  expect_same_answer(fast, program.run("rtl", "--tile 0-3=rtl --tile 7,15=lockstep"));
}

TEST(ComputePrograms, Sparse) {
  const GeneratedProgram program{"sparse/generate.py", "mk2-16",
                                 "--grid 2 8 --worker-rows 4 --inputs 256 --outputs 32"};
  expect_pass(program.run("fast", "--tile 3=lockstep"));
}

TEST(ComputePrograms, Stream) {
  const GeneratedProgram program{"stream/generate.py", "mk2-16", "--items 2000"};
  expect_pass(program.run("out", "--tile 5=lockstep"));
  const auto figures = program.figures();
  for (const std::string kernel : {"copy", "scale", "add", "triad"})
    EXPECT_GE(share_of_bound(figures, kernel), 0.98) << kernel;
}

TEST(ComputePrograms, Pi) {
  const GeneratedProgram program{"pi/generate.py", "mk2-16", "--pairs 500"};
  expect_pass(program.run("out", "--tile 0,9=lockstep"));
  EXPECT_GE(share_of_bound(program.figures(), "points"), 0.99);
}

}  // namespace
