// SPDX-License-Identifier: Apache-2.0
// The programs on all 1,472 tiles of configs/mk2.yaml, and the 64-tile one with every tile in lockstep.
#include <gtest/gtest.h>

#include "generated_program.hpp"

namespace {

using ipusim::programs_test::expect_pass;
using ipusim::programs_test::expect_same_answer;
using ipusim::programs_test::GeneratedProgram;
using ipusim::programs_test::Outcome;

TEST(WholeChip, Stencil) {
  expect_pass(GeneratedProgram{"stencil/generate.py", "mk2", "--block 16 8 8 --iterations 2"}.run());
}

TEST(WholeChip, AllReduce) {
  expect_pass(GeneratedProgram{"all_reduce/generate.py", "mk2", "--block 2"}.run());
}

TEST(WholeChip, Softmax) {
  expect_pass(GeneratedProgram{"softmax/generate.py", "mk2", "--columns 4"}.run());
}

TEST(WholeChip, DigitsBatch) {
  expect_pass(GeneratedProgram{"digits/batch.py", "mk2", "--samples 6"}.run());
}

TEST(WholeChip, Permutation) {
  const GeneratedProgram program{"permutation/generate.py", "mk2", "--words 1024 --block 128"};
  const Outcome one = program.run("one", "--jobs 1");
  expect_pass(one);
  expect_same_answer(one, program.run("two", "--jobs 2"));
}

TEST(WholeChip, StencilOnSixtyFourTilesInLockstep) {
  const GeneratedProgram program{"stencil/generate.py", "mk2-64", "--block 8 4 4 --iterations 2"};
  const Outcome fast = program.run("fast");
  expect_same_answer(fast, program.run("mix", "--tile 3,11,19,27,35,43,51,59=rtl"));
  expect_same_answer(fast, program.run("lockstep", "--tile all=lockstep"));
}

}  // namespace
