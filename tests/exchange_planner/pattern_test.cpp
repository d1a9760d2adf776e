// SPDX-License-Identifier: Apache-2.0
// Every pattern on small chips of fast tiles, and phases that share rows.
#include <gtest/gtest.h>

#include "pattern_cases.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::planner_test;

TEST(Patterns, SixteenTiles) {
  const auto system = system_of("mk2-16.yaml");
  for (const PatternCase& test : all_cases({2, 2, 4})) run_case(system, test);
}

TEST(Patterns, RandomPlaces) {
  std::mt19937 random(31);
  const auto system = system_at(random_places(random, 36));
  for (const PatternCase& test : all_cases({3, 4, 3})) run_case(system, test);
}

TEST(Patterns, DrawnPermutationIsOneCycle) {
  for (const std::uint32_t count : {2U, 5U, 1472U}) {
    const auto to = drawn_permutation(count, 9);
    std::uint32_t length = 1;
    for (std::uint32_t at = to[0]; at != 0; at = to[at]) ++length;
    EXPECT_EQ(length, count);
  }
  EXPECT_NE(drawn_permutation(100, 1), drawn_permutation(100, 2));
}

TEST(Patterns, GroupsOfAGrid) {
  const auto tiles = range_of(10, 12);
  const auto of = [&](std::vector<std::uint32_t> along) {
    std::vector<std::vector<std::uint32_t>> numbers;
    for (const auto& group : groups_of_grid(tiles, {2, 3, 2}, along).members) {
      numbers.emplace_back();
      for (const TileIndex tile : group) numbers.back().push_back(tile.value() - 10);
    }
    return numbers;
  };
  using Lists = std::vector<std::vector<std::uint32_t>>;
  EXPECT_EQ(of({2}), (Lists{{0, 1}, {2, 3}, {4, 5}, {6, 7}, {8, 9}, {10, 11}}));
  EXPECT_EQ(of({1}), (Lists{{0, 2, 4}, {1, 3, 5}, {6, 8, 10}, {7, 9, 11}}));
  EXPECT_EQ(of({0, 2}), (Lists{{0, 1, 6, 7}, {2, 3, 8, 9}, {4, 5, 10, 11}}));
  EXPECT_THROW(groups_of_grid(tiles, {2, 3}, {0}), std::invalid_argument);
  EXPECT_THROW(groups_of_grid(tiles, {2, 6}, {2}), std::invalid_argument);
}

TEST(Patterns, ProblemsAreTold) {
  const auto tiles = range_of(0, 6);
  const auto problem = [](const Pattern& pattern) { return pattern.problem(); };
  EXPECT_EQ(problem(AllGather{
                Groups({{TileIndex{1}, TileIndex{2}}, {TileIndex{2}, TileIndex{3}}}), 1, "a", "b", {}}),
            "tile 2 is named twice among the groups; it can be in one only");
  EXPECT_EQ(problem(Broadcast{{tiles, 6, 1, "a", "b", {}}}),
            "root 6 is not in a group of 6 tiles, whose first is 0");
  EXPECT_EQ(problem(Transpose{tiles, 2, 2, 1, "a", "b", {}}),
            "the grid has 4 places, but there are 6 tiles; name as many as it has");
  EXPECT_EQ(problem(Halo{tiles, {2, 3}, {true, true}, {{{0, 0}, 1, 0, 0, 1, 0, 0}}, "a", "b", {}}),
            "a face's neighbour is the tile itself; give a step that is not 0");
  EXPECT_EQ(problem(Permutation{tiles, {0, 1, 2, 3, 4, 4}, 1, "a", "b", {}}),
            "the permutation names the 4-th tile twice; each is named once");
  EXPECT_EQ(problem(ManyToMany{tiles, tiles, {1, 2}, "a", "b", {}}),
            "there are 2 numbers of words for 6 senders and 6 receivers; give one for each pair");
}

// The same words by items of 64 bits, to pairs of tiles.
TEST(WideItems, PairsOfTiles) {
  const auto system = system_at({0, 2, 53, 55, 260, 262, 1025, 1027, 704, 706, 61, 63, 1468, 1470, 129, 131});
  const auto in_items = [](Phase& phase) { phase.width = Width::automatic; };
  for (const PatternCase& test : wide_cases(2, 8)) {
    run_case(system, test, &tile::make_fast_tile, in_items);
    Phase phase{"go", {}, test.pattern};
    const std::uint64_t words = plan(system, {phase}).phases[0].events;
    in_items(phase);
    const Plan planned = plan(system, {phase});
    EXPECT_LE(planned.phases[0].events, words);  // never longer than without
  }
}

// By a Mk1's latencies both of a pair see a sender's items at once: neither half waits for the other.
TEST(WideItems, PairsThatSeeAnItemInOneEvent) {
  auto system = system_at({0, 2, 53, 55, 260, 262, 1025, 1027, 704, 706, 61, 63, 1148, 1150, 129, 131});
  system.exchange = system_of("mk1.yaml").exchange;
  const auto in_items = [](Phase& phase) { phase.width = Width::automatic; };
  std::uint64_t wide = 0;
  for (const PatternCase& test : wide_cases(2, 8)) {
    Phase phase{"go", {}, test.pattern};
    in_items(phase);
    wide += plan(system, {phase}).phases[0].wide_messages;
    run_case(system, test, &tile::make_fast_tile, in_items);
  }
  EXPECT_GT(wide, 0U);
}

// Source and destination of every tile lie in one memory element: arrivals clash with sends unless the plan
// keeps them apart in time. Returns what the tiles' destinations hold, and how many clashes there were.
struct OneElement {
  static constexpr std::uint32_t source = 0x60000;
  static constexpr std::uint32_t destination = 0x61000;
  static constexpr std::uint32_t words = 0x800;

  OneElement(config::ChipConfig system, Phase phase, Elements elements) {
    phase.elements = elements;
    system.hazards.set("clash", config::HazardPolicy::warn);
    PlannedChip run(system, {phase}, {{"in", source}, {"out0", destination}}, &tile::make_fast_tile);
    for (std::uint32_t tile = 0; tile < run.chip.size(); ++tile) {
      std::vector<std::uint32_t> block(destination / 4 - source / 4);
      for (std::uint32_t i = 0; i < block.size(); ++i) block[i] = content(tile, i);
      run.write(tile, source, block);
    }
    run.chip.start(Cycle{0});
    run.chip.run(Cycle{1'000'000});
    for (std::uint32_t tile = 0; tile < run.chip.size(); ++tile)
      memory.push_back(run.read(tile, destination, words));
    clashes = run.chip.report().hazards.size();
  }
  std::vector<std::vector<std::uint32_t>> memory;
  std::size_t clashes = 0;
};

TEST(OneWay, SendsAndArrivalsInOneElementDoNotMeet) {
  const std::vector<std::pair<config::ChipConfig, Phase>> cases{
      {system_of("mk2-16.yaml"), {"swap", {}, AllToAll{all_of(16), 40, "in", "out0"}}},
      {system_at({0, 2, 53, 55, 260, 262, 1025, 1027}),
       {.name = "gather", .pattern = AllGather{all_of(8), 130, "in", "out0"}, .width = Width::automatic}}};
  for (const auto& [system, phase] : cases) {
    const OneElement careless(system, phase, Elements::warn);
    const OneElement apart(system, phase, Elements::avoid);
    EXPECT_GT(careless.clashes, 0U) << phase.name;
    EXPECT_EQ(apart.clashes, 0U) << phase.name;
    EXPECT_EQ(apart.memory, careless.memory) << phase.name;
  }
}

// Rows that are to be short make a phase of several parts, each with its sync.
TEST(Parts, ShortRows) {
  const auto system = system_of("mk2-16.yaml");
  for (const PatternCase& test : rooted_cases(4, 4)) {
    run_case(system, test, &tile::make_fast_tile, [](Phase& phase) { phase.max_code_bytes = 40; });
  }
  const Phase swap{.name = "s", .pattern = AllToAll{all_of(16), 3, "a", "b"}, .max_code_bytes = 60};
  const Plan planned = plan(system, {swap});
  EXPECT_GT(planned.phases[0].parts, 2U);
  for (std::uint32_t tile = 0; tile < 16; ++tile) {
    for (const auto& row : planned.rows[tile]) EXPECT_LE(4 * row.size(), 60U);
    EXPECT_EQ(planned.phases[0].functions[tile].receive_count(), 45U);
  }
}

// The same row for other buffers: by the symbols of another phase, or by what the caller has in registers.
TEST(SharedRows, OtherSymbolsAndCallersBases) {
  const auto system = system_of("mk2-16.yaml");
  const AllToAll swap{all_of(16), 7, "in", "out0"};
  const Phase first{"first", {}, swap};
  Phase second{"second", {}, Renamed{.pattern = swap, .symbols = {{"out0", "out1"}}}};
  second.same_as = "first";
  Phase third{"third", {}, Renamed{.pattern = swap}};
  third.bases = Bases::caller;
  third.same_as = "first";
  Phase fourth{"fourth", {}, AllToAll{all_of(16), 7, "in", "out3"}};  // equal rows are found
  PlannedChip run(system, {first, second, third, fourth},
                  {{"in", source_address},
                   {"out0", destination_address},
                   {"out1", destination_address + 0x8000},
                   {"out3", destination_address + 0x18000}},
                  &tile::make_fast_tile, {{"third", {source_address, destination_address + 0x10000}}});
  for (std::uint32_t tile = 0; tile < 16; ++tile) {
    EXPECT_EQ(run.planned.rows[tile].size(), 1U);
    for (std::size_t p = 1; p < 4; ++p) {
      EXPECT_TRUE(run.planned.phases[p].functions[tile].parts.at(0).shares_row);
      EXPECT_LE(code_bytes(run.planned, run.planned.phases[p], TileIndex{tile}), 44U);  // five puts, a branch
    }
    Words source(source_words);
    for (std::uint32_t i = 0; i < source_words; ++i) source[i] = content(tile, i);
    run.write(tile, source_address, source);
  }
  run.chip.start();
  ASSERT_EQ(run.chip.run(Cycle{10'000'000}), chip::ChipState::waits_for_host);
  EXPECT_TRUE(run.chip.report().hazards.empty());
  for (std::uint32_t tile = 0; tile < 16; ++tile) {
    for (std::uint32_t buffer = 0; buffer < 4; ++buffer) {
      const Words got = run.read(tile, destination_address + 0x8000 * buffer, 7 * 16);
      for (std::uint32_t word = 0; word < 7 * 16; ++word) {
        const std::uint32_t from = word / 7;
        ASSERT_EQ(got[word], from == tile ? 0 : content(from, 7 * tile + word % 7)) << tile << " " << buffer;
      }
    }
  }
}

}  // namespace
