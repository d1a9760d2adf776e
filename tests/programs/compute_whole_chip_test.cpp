// SPDX-License-Identifier: Apache-2.0
// The same on all 1,472 tiles of configs/mk2.yaml, in sizes of some seconds. The 4096-cubed product is for
// scripts/chip_gemm.
#include <gtest/gtest.h>

#include "generated_program.hpp"

namespace {

using ipusim::programs_test::expect_pass;
using ipusim::programs_test::GeneratedProgram;

// Panels of a in 64-bit items; a sender, its partner and another pair in lockstep with the RTL.
TEST(ComputeOnWholeChip, Gemm) {
  const GeneratedProgram program{"gemm/generate.py", "mk2", "--size 1104 1024 1024 --division 23 16 4 16"};
  expect_pass(program.run("out", "--tile 0-1,368-369=lockstep"));
}

TEST(ComputeOnWholeChip, Sparse) {
  expect_pass(
      GeneratedProgram{"sparse/generate.py", "mk2", "--worker-rows 4 --inputs 256 --outputs 32"}.run());
}

TEST(ComputeOnWholeChip, Stream) {
  expect_pass(GeneratedProgram{"stream/generate.py", "mk2", "--items 500"}.run());
}

TEST(ComputeOnWholeChip, Pi) { expect_pass(GeneratedProgram{"pi/generate.py", "mk2", "--pairs 200"}.run()); }

}  // namespace
