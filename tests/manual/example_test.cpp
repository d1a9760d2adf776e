// SPDX-License-Identifier: Apache-2.0
// Every example of the manual holds, on the fast tile and on both models in lockstep. What it expects was
// worked out from the description of the instruction set, not from a model.
#include <gtest/gtest.h>

#include <set>

#include "example_run.hpp"
#include "ipusim/lockstep/lockstep_tile.hpp"
#include "ipusim/tile/fast_tile.hpp"

namespace ipusim::manual {
namespace {

using tile::test::TileKind;

std::vector<TileKind> kinds() {
  return {{"fast", tile::make_fast_tile}, {"lockstep", [](const tile::TileParameters& parameters) {
                                             return lockstep::make_lockstep_tile(parameters);
                                           }}};
}

std::vector<std::string> sections() {
  std::vector<std::string> names;
  for (const isa::Explanation& entry : isa::all_explanations())
    if (names.empty() || names.back() != entry.section) names.emplace_back(entry.section);
  return names;
}

class ManualExamples : public ::testing::TestWithParam<std::tuple<TileKind, std::string>> {};

TEST_P(ManualExamples, Hold) {
  const auto& [kind, section] = GetParam();
  unsigned run = 0;
  for (const isa::Explanation& entry : isa::all_explanations()) {
    if (entry.section != section) continue;
    for (const isa::Example& example : entry.examples) {
      SCOPED_TRACE(std::string(example.code));
      ExampleRun(kind, example).check();
      ++run;
    }
  }
  EXPECT_GT(run, 0U);
}

std::string name_of(const ::testing::TestParamInfo<ManualExamples::ParamType>& info) {
  std::string name = std::get<0>(info.param).name + "_" + std::get<1>(info.param);
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Manual, ManualExamples,
                         ::testing::Combine(::testing::ValuesIn(kinds()), ::testing::ValuesIn(sections())),
                         name_of);

}  // namespace
}  // namespace ipusim::manual
