// SPDX-License-Identifier: Apache-2.0
// The `exchange:` list of program files.
#include "ipusim/exchange_planner/phase_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ipusim/exchange_planner/buffer_use.hpp"
#include "ipusim/exchange_planner/phase_chips.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::exchange_planner;
using testing::HasSubstr;

constexpr std::size_t tiles = 16;

std::vector<Phase> parse(const std::string& text) {
  return parse_phases(config::ConfigNode::parse(text, "p.yaml"), tiles);
}
std::string refusal(const std::string& text) {
  try {
    parse(text);
  } catch (const config::ConfigError& error) {
    return error.what();
  }
  return "read";
}

TEST(PhaseFile, AllPatterns) {
  const auto phases = parse(R"(
- {name: gather_inputs, pattern: all_gather, tiles: all, words: 1280, source: inputs, destination: all_inputs}
- {name: swap_hidden, pattern: all_to_all, tiles: [9, 0-3], words: 40, source: hidden_out, destination: hidden_in}
- name: corner
  pattern: messages
  messages:
    - {from: 0, to: [1, 2], words: 4, source: a, source_offset: 8, destination: b, destination_offset: 16}
    - {from: 3, to: 4-6, words: 1, source: a, destination: b.c}
)");
  ASSERT_EQ(phases.size(), 3U);
  EXPECT_EQ(phases[0].name, "gather_inputs");
  EXPECT_EQ(phases[1].where.place(), "p.yaml:3:3");
  const auto& gather = *phases[0].pattern.as<AllGather>();
  EXPECT_EQ(gather.groups.members.at(0).size(), tiles);
  EXPECT_EQ(gather.words, 1280U);
  EXPECT_EQ(gather.source, "inputs");
  EXPECT_EQ(gather.destination, "all_inputs");
  const auto& swap = *phases[1].pattern.as<AllToAll>();
  EXPECT_EQ(swap.groups.members.at(0),
            (std::vector{TileIndex{0}, TileIndex{1}, TileIndex{2}, TileIndex{3}, TileIndex{9}}));
  const auto& list = phases[2].pattern.as<Messages>()->messages;
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].source_offset, 8U);
  EXPECT_EQ(list[0].destination_offset, 16U);
  EXPECT_EQ(list[1].source_offset, 0U);
  EXPECT_EQ(list[1].from, TileIndex{3});
  EXPECT_EQ(list[1].to, (std::vector{TileIndex{4}, TileIndex{5}, TileIndex{6}}));
}

std::string gather(const std::string& tiles_text, const std::string& rest = "") {
  return "- {name: g, pattern: all_gather, tiles: " + tiles_text + ", words: 1, source: a, destination: b" +
         rest + "}";
}
std::string letter(const std::string& keys) {
  return "- {name: l, pattern: messages, messages: [{from: 0, to: 1, words: 1, source: a, destination: b, " +
         keys + "}]}";
}

TEST(PhaseFile, PlaceOfAnErrorIsNamed) {
  EXPECT_THAT(refusal("\n" + gather("0-16")),
              AllOf(HasSubstr("p.yaml:2:"), HasSubstr("no tile 16: the system has tiles 0 to 15")));
}

// What a phase needs of `symbol` on a tile, and the key that says so.
std::pair<std::uint64_t, std::string> need(const Phase& phase, std::uint32_t tile, Side side) {
  std::pair<std::uint64_t, std::string> found{0, "nothing"};
  for (const BufferUse& use : buffer_uses(phase)) {
    if (use.tile == TileIndex{tile} && use.side == side) found = {use.bytes, use.where.place_and_key()};
  }
  return found;
}

TEST(PhaseFile, WhatPhasesNeedOfTheirSymbols) {
  const auto phases = parse(R"(
- {name: g, pattern: all_gather, tiles: 4-7, words: 10, source: a, destination: b}
- {name: s, pattern: all_to_all, tiles: 4-7, words: 10, source: a, destination: b}
- name: m
  pattern: messages
  messages:
    - {from: 0, to: [1, 2], words: 4, source: a, source_offset: 8, destination: b, destination_offset: 100}
    - {from: 0, to: [1], words: 1, source: a, source_offset: 16, destination: b, destination_offset: 200}
)");
  using testing::Pair;
  EXPECT_THAT(need(phases[0], 4, Side::source), Pair(40, "p.yaml:2:65: key '[0].source'"));
  EXPECT_THAT(need(phases[0], 6, Side::destination), Pair(160, "p.yaml:2:81: key '[0].destination'"));
  EXPECT_THAT(need(phases[0], 7, Side::destination).first, 120);  // its own block, the last, is not sent
  EXPECT_THAT(need(phases[0], 8, Side::destination), Pair(0, "nothing"));
  EXPECT_THAT(need(phases[1], 4, Side::source).first, 160);
  EXPECT_THAT(need(phases[1], 7, Side::source).first, 120);
  EXPECT_THAT(need(phases[1], 7, Side::destination).first, 120);
  EXPECT_THAT(need(phases[2], 0, Side::source), Pair(24, "p.yaml:7:47: key '[2].messages[0].source'"));
  EXPECT_THAT(need(phases[2], 1, Side::destination),
              Pair(204, "p.yaml:8:79: key '[2].messages[1].destination'"));
  EXPECT_THAT(need(phases[2], 2, Side::destination).first, 116);
}

TEST(PhaseFile, BadTiles) {
  EXPECT_EQ(refusal(gather("0-15")), "read");
  EXPECT_THAT(refusal(gather("3")), HasSubstr("one tile alone"));
  EXPECT_THAT(refusal(gather("[]")), HasSubstr("at least one tile"));
  EXPECT_THAT(refusal(gather("5-3")), HasSubstr("'5-3' runs backwards"));
  EXPECT_THAT(refusal(gather("[0-3, 2]")), HasSubstr("tile 2 is named twice"));
  EXPECT_THAT(refusal(gather("some")), HasSubstr("got 'some'"));
  EXPECT_THAT(refusal(gather("1-")), HasSubstr("got '1-'"));
  EXPECT_THAT(refusal(gather("[all]")), HasSubstr("expected"));
}

TEST(PhaseFile, BadKeysAndValues) {
  EXPECT_THAT(refusal(gather("all", ", offset: 3")), HasSubstr("offset"));
  EXPECT_THAT(refusal(letter("weight: 3")), HasSubstr("weight"));
  EXPECT_THAT(refusal(letter("source_offset: 3")), HasSubstr("multiple of 4, got 3"));
  EXPECT_THAT(refusal("- {name: g, pattern: gatter}"),
              AllOf(HasSubstr("did you mean 'gather'?"), HasSubstr("all_to_all")));
  EXPECT_THAT(refusal("- {pattern: messages, messages: []}"), HasSubstr("name"));
  EXPECT_THAT(refusal("- {name: 'a b', pattern: messages, messages: []}"), HasSubstr("got 'a b'"));
  EXPECT_THAT(refusal("- {name: g, pattern: all_gather, tiles: all, words: 0, source: a, destination: b}"),
              HasSubstr("words"));
  EXPECT_THAT(
      refusal("- {name: g, pattern: all_gather, tiles: all, words: 1, source: 'a+b', destination: b}"),
      HasSubstr("'a+b' is no name for a symbol"));
  EXPECT_THAT(refusal("- {name: l, pattern: messages, messages: [{from: 1, to: all, words: 1, source: a, "
                      "destination: b}]}"),
              HasSubstr("tile 1 sends to itself"));
  EXPECT_THAT(refusal("{name: g}"), HasSubstr("expected a list"));
}

TEST(PhaseFile, NamesAreUsedOnce) {
  EXPECT_THAT(refusal(gather("all") + "\n" + gather("all")),
              AllOf(HasSubstr("p.yaml:2:"), HasSubstr("there is a phase 'g' already")));
}

// Two chips of three tiles.
const config::TileNames pair({{"a", 3}, {"b", 3}});

TEST(PhaseFile, APhaseLiesWithinAChip) {
  const auto parse_pair = [](const std::string& text) {
    return parse_phases(config::ConfigNode::parse(text, "p.yaml"), pair);
  };
  const auto refusal_pair = [&](const std::string& text) -> std::string {
    try {
      parse_pair(text);
    } catch (const config::ConfigError& error) {
      return error.what();
    }
    return "read";
  };
  const std::string messages =
      "- {name: g, pattern: messages, messages: [{from: 'b:2', to: ['b:0', 'b:1'], words: 1, source: s, "
      "destination: d}]}\n";
  // Names are the chip's.
  const auto phases = parse_pair(gather("'a:1-2'") + "\n" + messages);
  ASSERT_EQ(phases.size(), 2U);
  EXPECT_EQ(chip_of(phases[0], pair), ChipIndex{0});
  EXPECT_EQ(chip_of(phases[1], pair), ChipIndex{1});
  EXPECT_EQ(phases[0].pattern.as<AllGather>()->groups.members.at(0),
            (std::vector{TileIndex{1}, TileIndex{2}}));
  EXPECT_EQ(phases[1].pattern.as<Messages>()->messages[0].from, TileIndex{5});
  EXPECT_EQ(tiles_of(phases[1]), (std::vector{TileIndex{3}, TileIndex{4}, TileIndex{5}}));
  EXPECT_EQ(tiles_of(within_chip(phases[1], pair)), (std::vector{TileIndex{0}, TileIndex{1}, TileIndex{2}}));
  EXPECT_EQ(refusal_pair(messages + messages), "p.yaml:2:10: key '[1].name': there is a phase 'g' already");
  EXPECT_EQ(refusal_pair(gather("['a:0', 'b:1']")),
            "p.yaml:1:3: key '[0]': phase 'g' has tiles of a and of b: exchange across chips is not modelled "
            "yet; make it a phase for each chip");
  EXPECT_THAT(
      refusal_pair("- {name: g, pattern: messages, messages: [{from: 2, to: 'b:0', words: 1, source: s, "
                   "destination: d}]}"),
      HasSubstr("key '[0].messages[0].from': expected the name of a chip before '2'"));
  EXPECT_THAT(
      refusal_pair("- {name: g, pattern: messages, messages: [{from: 'b:1-2', to: 'b:0', words: 1, source: "
                   "s, destination: d}]}"),
      HasSubstr("key '[0].messages[0].from': expected one tile"));
  EXPECT_THROW(chip_of({.name = "g", .pattern = Messages{}}, pair), config::ConfigError);
}

}  // namespace
