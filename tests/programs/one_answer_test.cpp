// SPDX-License-Identifier: Apache-2.0
// Promise 2 with programs of many tiles: fast, RTL and lockstep tiles and any number of jobs give one answer.
#include <gtest/gtest.h>

#include <utility>

#include "generated_program.hpp"

namespace {

using ipusim::programs_test::expect_pass;
using ipusim::programs_test::expect_same_answer;
using ipusim::programs_test::GeneratedProgram;
using ipusim::programs_test::Outcome;

TEST(OneAnswer, StencilOnSixteenRtlTiles) {
  const GeneratedProgram program{"stencil/generate.py", "mk2-16", "--block 8 4 4 --iterations 4"};
  const Outcome rtl = program.run("rtl", "--tile all=rtl");
  expect_pass(rtl);
  expect_same_answer(program.run("fast"), rtl);
}

TEST(OneAnswer, StencilOnSixtyFourTilesOfWhichEightAreRtl) {
  const GeneratedProgram program{"stencil/generate.py", "mk2-64", "--block 8 4 4 --iterations 2"};
  const Outcome fast = program.run("fast");
  expect_pass(fast);
  expect_same_answer(fast, program.run("mix", "--tile 3,11,19,27,35,43,51,59=rtl"));
  expect_same_answer(fast, program.run("jobs", "--jobs 3"));
}

// Two tiles of RTL in every program; what the others send them and get from them is the same.
TEST(OneAnswer, ProgramsWithRtlTiles) {
  for (const auto& [script, options] : {std::pair{"all_reduce/generate.py", "--block 4"},
                                        {"softmax/generate.py", "--columns 4"},
                                        {"permutation/generate.py", "--words 64 --block 4"}}) {
    const GeneratedProgram program{script, "mk2-16", options};
    const Outcome fast = program.run("fast");
    expect_pass(fast);
    expect_same_answer(fast, program.run("mix", "--tile 3,8=rtl --jobs 2"));
  }
}

}  // namespace
