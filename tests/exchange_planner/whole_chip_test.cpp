// SPDX-License-Identifier: Apache-2.0
// Every pattern on all 1,472 tiles, every word of every destination.
#include <gtest/gtest.h>

#include "pattern_cases.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::planner_test;

class WholeChip : public testing::TestWithParam<std::size_t> {};

std::vector<PatternCase> cases() { return all_cases({8, 8, 23}); }

TEST_P(WholeChip, EveryWordIsWhereItBelongs) { run_case(system_of("mk2.yaml"), cases().at(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Patterns, WholeChip, testing::Range(std::size_t{0}, cases().size()),
                         [](const auto& test) {
                           std::string name = cases().at(test.param).name;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

}  // namespace
