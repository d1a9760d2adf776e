// SPDX-License-Identifier: Apache-2.0
// Each program in a small size: the result is numpy's, and the table of its parts adds up to its cycles.
#include <gtest/gtest.h>

#include "generated_program.hpp"

namespace {

using ipusim::programs_test::expect_pass;
using ipusim::programs_test::GeneratedProgram;

// The parts lie between the two meetings with the host, whose cycles are not theirs.
void expect_parts_within_total(const nlohmann::json& figures) {
  std::int64_t sum = 0;
  for (const auto& part : figures.at("parts")) {
    EXPECT_GT(part.at("cycles").get<std::int64_t>(), 0) << part;
    sum += part.at("cycles").get<std::int64_t>();
    if (part.at("bound_cycles").is_null()) continue;
    EXPECT_LE(part.at("bound_cycles").get<std::int64_t>(), part.at("cycles").get<std::int64_t>()) << part;
  }
  EXPECT_GT(sum, 0);
  EXPECT_LT(sum, figures.at("cycles").at("total").get<std::int64_t>());
}

void expect_as_numpy(const GeneratedProgram& program) {
  expect_pass(program.run());
  expect_parts_within_total(program.figures());
}

// Blocks of the least length, and one with several rows of a plane per worker and a last worker with fewer.
TEST(SmallPrograms, Stencil) {
  expect_as_numpy({"stencil/generate.py", "mk2-16", "--block 8 4 4 --iterations 2"});
  expect_as_numpy({"stencil/generate.py", "mk2-16", "--block 16 5 3 --iterations 4"});
}

// More pairs than workers, and a worker without one.
TEST(SmallPrograms, AllReduce) {
  expect_as_numpy({"all_reduce/generate.py", "mk2-16", "--block 16"});
  expect_as_numpy({"all_reduce/generate.py", "mk2-16", "--block 2"});
}

// Rows of the least length, on fewer rows than three per worker.
TEST(SmallPrograms, Softmax) {
  expect_as_numpy({"softmax/generate.py", "mk2-16", "--columns 4"});
  expect_as_numpy({"softmax/generate.py", "mk2-16", "--columns 10"});
}

// A sample per worker, and workers with unequal numbers of them.
TEST(SmallPrograms, DigitsBatch) {
  expect_as_numpy({"digits/batch.py", "mk2-16", "--samples 6"});
  expect_as_numpy({"digits/batch.py", "mk2-16", "--samples 8"});
}

// Blocks in rounds, words by themselves in the order drawn, and the all-to-all.
TEST(SmallPrograms, Permutation) {
  expect_as_numpy({"permutation/generate.py", "mk2-16", "--words 256 --block 16"});
  expect_as_numpy({"permutation/generate.py", "mk2-16", "--words 9 --block 1"});
  expect_as_numpy({"permutation/generate.py", "mk2-16", "--kind all_to_all --words 48"});
}

}  // namespace
