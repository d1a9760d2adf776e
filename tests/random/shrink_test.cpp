// SPDX-License-Identifier: Apache-2.0
// Shrinking against a made-up difference: it keeps what the difference needs and nothing else.
#include "ipusim/random/shrink.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ipusim::random {
namespace {

using isa::Opcode;

bool has(const Scenario& scenario, Opcode opcode) {
  for (const TileSetup& tile : scenario.tiles) {
    for (const Sequence& code : tile.code) {
      for (const std::uint32_t word : code.layout()) {
        if (isa::decode(word, isa::Mode::worker) == opcode) return true;
      }
    }
  }
  return false;
}

TEST(Shrink, LeavesWhatTheDifferenceNeeds) {
  GeneratorOptions options;
  options.kind = Kind::exchange;
  std::uint64_t seed = 0;
  while (!has(make_scenario(seed, options), Opcode::shrs_mmmn) ||
         !has(make_scenario(seed, options), Opcode::sans)) {
    ++seed;
  }
  const Differs differs = [](const Scenario& s) { return has(s, Opcode::shrs_mmmn) && has(s, Opcode::sans); };
  const ShrinkResult result = shrink(make_scenario(seed, options), differs);
  EXPECT_TRUE(differs(result.scenario));
  std::size_t parts = 0;
  for (const TileSetup& tile : result.scenario.tiles) {
    EXPECT_TRUE(tile.incoming.empty());
    for (const Sequence& code : tile.code) parts += code.parts().size();
    for (const Data& data : tile.data) {
      EXPECT_TRUE(std::all_of(data.words.begin(), data.words.end(), [](std::uint32_t w) { return w == 0; }));
    }
  }
  EXPECT_EQ(parts, 2U);
  EXPECT_GT(result.runs, 10U);
}

TEST(Shrink, MakesOperandsSimple) {
  Scenario scenario;
  scenario.tiles.emplace_back();
  Sequence code(ByteAddr{0x4C000});
  code.add(Opcode::add_mmmn, {5, 6, 3});
  scenario.tiles[0].code.push_back(code);
  // Needs the second source only.
  const Differs differs = [](const Scenario& s) {
    const std::uint32_t word = s.tiles[0].code.empty() || s.tiles[0].code[0].parts().empty()
                                   ? 0
                                   : s.tiles[0].code[0].parts()[0].words[0];
    if (isa::decode(word, isa::Mode::worker) != Opcode::add_mmmn) return false;
    return isa::instruction(Opcode::add_mmmn).operands[2].value(word) == 3;
  };
  const ShrinkResult result = shrink(scenario, differs);
  const std::uint32_t word = result.scenario.tiles[0].code[0].parts()[0].words[0];
  const std::uint32_t simple[] = {0, 15, 3};
  EXPECT_EQ(word, isa::encode(isa::instruction(Opcode::add_mmmn), simple)[0]);
}

TEST(Shrink, StopsAfterSoManyRuns) {
  const ShrinkResult result = shrink(
      make_scenario(1), [](const Scenario&) { return true; }, 3);
  EXPECT_EQ(result.runs, 3U);
}

}  // namespace
}  // namespace ipusim::random
