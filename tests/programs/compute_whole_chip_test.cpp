// SPDX-License-Identifier: Apache-2.0
// The same on all 1,472 tiles of configs/mk2.yaml, in sizes of some seconds. The 4096-cubed product is for
// scripts/chip_gemm.
#include <gtest/gtest.h>

#include "generated_program.hpp"

namespace {

using ipusim::programs_test::expect_pass;
using ipusim::programs_test::GeneratedProgram;

TEST(ComputeOnWholeChip, Gemm) {
  expect_pass(GeneratedProgram{"gemm/generate.py", "mk2", "--size 1104 2048 1024"}.run());
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
