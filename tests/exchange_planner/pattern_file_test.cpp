// SPDX-License-Identifier: Apache-2.0
// Patterns, shared rows and bases in program files: what is read, and what is refused where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "ipusim/exchange_planner/phase_chips.hpp"
#include "ipusim/exchange_planner/phase_file.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::exchange_planner;
using testing::AllOf;
using testing::HasSubstr;

constexpr std::size_t tiles = 16;

std::vector<Phase> parse(const std::string& text, const std::string& name = "p.yaml") {
  return parse_phases(config::ConfigNode::parse(text, name), tiles);
}
template <class P>
P read(const std::string& keys) {
  const auto phases = parse("- {name: x, source: a, destination: b, " + keys + "}");
  const P* pattern = phases.at(0).pattern.as<P>();
  if (pattern == nullptr) throw std::runtime_error("another pattern");
  return *pattern;
}
std::string refusal(const std::string& keys) {
  try {
    parse("- {name: x, " + keys + "}");
  } catch (const config::ConfigError& error) {
    return error.what();
  }
  return "read";
}

std::vector<TileIndex> list(std::initializer_list<std::uint32_t> numbers) {
  std::vector<TileIndex> result;
  for (const std::uint32_t n : numbers) result.emplace_back(n);
  return result;
}

TEST(PatternFile, GroupsAreListsOrLinesOfAGrid) {
  const auto listed = read<AllGather>("pattern: all_gather, groups: [0-2, [5, 4]], words: 3");
  EXPECT_EQ(listed.groups.members, (std::vector{list({0, 1, 2}), list({4, 5})}));
  const auto rows =
      read<Broadcast>("pattern: broadcast, tiles: 0-5, groups: {grid: [2, 3], along: 1}, root: 2, words: 3");
  EXPECT_EQ(rows.groups.members, (std::vector{list({0, 1, 2}), list({3, 4, 5})}));
  EXPECT_EQ(rows.root, 2U);
  const auto columns =
      read<AllToAll>("pattern: all_to_all, tiles: 0-5, groups: {grid: [2, 3], along: [0]}, words: 3");
  EXPECT_EQ(columns.groups.members, (std::vector{list({0, 3}), list({1, 4}), list({2, 5})}));
  EXPECT_EQ(read<Gather>("pattern: gather, tiles: all, words: 3").root, 0U);
  EXPECT_EQ(read<Scatter>("pattern: scatter, tiles: all, root: 15, words: 3").root, 15U);
}

TEST(PatternFile, Grids) {
  const auto transpose = read<Transpose>("pattern: transpose, tiles: all, grid: [2, 8], words: 9");
  EXPECT_EQ(transpose.rows, 2U);
  EXPECT_EQ(transpose.columns, 8U);
  const auto halo = read<Halo>(
      "pattern: halo, tiles: all, grid: [4, 4], periodic: [true, false], faces: [{to: [-1, 0], words: 7}, "
      "{to: [0, 1], words: 1, source_offset: 4, destination_offset: 8, count: 3, source_step: 16, "
      "destination_step: 4}]");
  EXPECT_EQ(halo.extents, (std::vector<std::uint32_t>{4, 4}));
  EXPECT_EQ(halo.periodic, (std::vector{true, false}));
  ASSERT_EQ(halo.faces.size(), 2U);
  EXPECT_EQ(halo.faces[0], (Face{{-1, 0}, 7, 0, 0, 1, 0, 0}));
  EXPECT_EQ(halo.faces[1], (Face{{0, 1}, 1, 4, 8, 3, 16, 4}));
}

TEST(PatternFile, ListsAndFiles) {
  EXPECT_EQ(read<Permutation>("pattern: permutation, tiles: 0-2, to: [1, 2, 0], words: 4").to,
            (std::vector<std::uint32_t>{1, 2, 0}));
  EXPECT_EQ(read<Permutation>("pattern: permutation, tiles: all, seed: 4, words: 4").to,
            drawn_permutation(16, 4));
  const auto folder = std::filesystem::temp_directory_path() / "ipusim_pattern_file";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "m.csv") << "# from,to,words,source_offset,destination_offset\n"
                                     "0,1,4,8,16\n0,2,4,8,16\n3,2,1,0,0\n";
  std::ofstream(folder / "w.csv") << "1 2\n0 3\n";
  const std::string file = (folder / "p.yaml").string();
  const auto phases = parse(
      "- {name: m, pattern: messages, messages_file: m.csv, source: a, destination: b}\n"
      "- {name: w, pattern: many_to_many, senders: 0-1, receivers: 4-5, words_file: w.csv, source: a, "
      "destination: b}\n",
      file);
  EXPECT_EQ(phases[0].pattern.as<MessageTable>()->lines.size(), 3U);
  EXPECT_EQ(phases[0].pattern.as<MessageTable>()->lines[1],
            (MessageTable::Line{TileIndex{0}, TileIndex{2}, 4, 8, 16}));
  EXPECT_EQ(tiles_of(phases[0]), list({0, 1, 2, 3}));
  EXPECT_EQ(phases[1].pattern.as<ManyToMany>()->words, (std::vector<std::uint32_t>{1, 2, 0, 3}));
  std::ofstream(folder / "m.csv") << "0,16,4,8,16\n";
  const auto fails = [&](const std::string& keys) {
    try {
      parse("- {name: m, source: a, destination: b, " + keys + "}", file);
    } catch (const std::exception& error) {
      return std::string{error.what()};
    }
    return std::string{"read"};
  };
  EXPECT_THAT(fails("pattern: messages, messages_file: m.csv"),
              AllOf(HasSubstr("key '[0].messages_file'"), HasSubstr("no tile 16")));
  EXPECT_THAT(fails("pattern: messages, messages_file: n.csv"), HasSubstr("there is no"));
  EXPECT_THAT(fails("pattern: messages, messages_file: w.csv"), HasSubstr("expected 5 columns"));
  std::filesystem::remove_all(folder);
}

TEST(PatternFile, SharedRowsAndBases) {
  const auto phases = parse(
      "- {name: x, pattern: all_gather, tiles: all, words: 3, source: a, destination: b}\n"
      "- {name: y, same_as: x, destination: c}\n"
      "- {name: z, same_as: y, symbols: {c: d}}\n"
      "- {name: w, same_as: x, bases: caller}\n"
      "- {name: v, pattern: all_gather, tiles: all, words: 3, bases: caller, elements: avoid}\n");
  EXPECT_EQ(phases[1].same_as, "x");
  EXPECT_EQ(phases[1].pattern.as<Renamed>()->destination, "c");
  EXPECT_EQ(phases[2].pattern.as<Renamed>()->symbols.at("c"), "d");
  EXPECT_EQ(phases[3].bases, Bases::caller);
  EXPECT_EQ(phases[4].pattern.as<AllGather>()->source, "");
  EXPECT_EQ(phases[3].elements, Elements::warn);
  EXPECT_EQ(phases[4].elements, Elements::avoid);
}

TEST(PatternFile, ErrorsNameKeyAndCure) {
  const std::string rest = ", words: 1, source: a, destination: b";
  EXPECT_THAT(refusal("pattern: broadcast, tiles: 0-3, root: 4" + rest),
              AllOf(HasSubstr("p.yaml:1:"), HasSubstr("root 4 is not in a group of 4 tiles")));
  EXPECT_THAT(refusal("pattern: all_gather, groups: [0-3, 3-5]" + rest),
              AllOf(HasSubstr("key '[0].groups'"), HasSubstr("tile 3 is named twice among the groups")));
  EXPECT_THAT(refusal("pattern: all_gather, groups: [0-3], tiles: all" + rest),
              AllOf(HasSubstr("key '[0].tiles'"), HasSubstr("leave it out")));
  EXPECT_THAT(refusal("pattern: all_gather, tiles: all, groups: {grid: [3, 5], along: 0}" + rest),
              AllOf(HasSubstr("key '[0].groups'"), HasSubstr("15 places, but there are 16 tiles")));
  EXPECT_THAT(refusal("pattern: halo, tiles: all, grid: [4, 4], faces: [{to: [1], words: 2}], source: a, "
                      "destination: b"),
              HasSubstr("give one per axis"));
  EXPECT_THAT(refusal("pattern: permutation, tiles: all" + rest),
              HasSubstr("expected one of `to`, `to_file` and `seed`"));
  EXPECT_THAT(refusal("same_as: y, source: a"), HasSubstr("no phase above this one has the name 'y'"));
  EXPECT_THAT(refusal("same_as: y, source: a, elements: avoid"),
              AllOf(HasSubstr("key '[0].elements'"), HasSubstr("say `avoid` there")));
  EXPECT_THAT(refusal("pattern: all_gather, tiles: all, elements: none" + rest),
              HasSubstr("expected one of warn, error, avoid"));
  EXPECT_THAT(refusal("pattern: all_gather, tiles: all, words: 1"), HasSubstr("source"));
  EXPECT_THAT(refusal("pattern: gather, tiles: all, words: 1, bases: mine"), HasSubstr("bases"));
}

}  // namespace
