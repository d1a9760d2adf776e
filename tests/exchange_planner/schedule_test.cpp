// SPDX-License-Identifier: Apache-2.0
// Schedules: how close they come to what traffic needs at least, that they repeat, and what is refused.
#include "ipusim/exchange_planner/schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <numeric>
#include <random>

#include "ipusim/config/system_config.hpp"
#include "ipusim/exchange_planner/plan_text.hpp"
#include "ipusim/exchange_planner/planner.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::exchange_planner;
using testing::HasSubstr;

config::ChipConfig system_of(const char* name) {
  return config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs" / name);
}

std::vector<TileIndex> all_of(std::size_t count) {
  std::vector<TileIndex> tiles;
  for (std::uint32_t i = 0; i < count; ++i) tiles.emplace_back(i);
  return tiles;
}

config::ChipConfig random_system(std::size_t tiles, unsigned seed) {
  config::ChipConfig system = system_of("mk2.yaml");
  std::mt19937 random(seed);
  std::shuffle(system.places.begin(), system.places.end(), random);
  system.places.resize(tiles);
  return system;
}

// The last path of a chip's words, mux and all, is below 180 cycles; changes of bus side cost the rest.
TEST(Schedule, GatherIsCloseToWordsTimesTiles) {
  for (const std::size_t tiles : {16UL, 64UL, 200UL, 700UL}) {
    for (const std::uint32_t words : {1U, 4U, 40U, 100U}) {
      const auto system = random_system(tiles, 3);
      const Plan p = plan(system, {{"g", {}, AllGather{all_of(tiles), words, "a", "b"}}});
      EXPECT_LE(p.phases[0].events, words * tiles + 260) << tiles << " tiles, " << words << " words";
      EXPECT_GE(p.phases[0].events, p.phases[0].lower_bound);
    }
  }
}

TEST(Schedule, AllToAllIsCloseToItsBound) {
  for (const std::size_t tiles : {16UL, 64UL, 200UL}) {
    for (const std::uint32_t words : {1U, 4U, 40U}) {
      const auto system = random_system(tiles, 4);
      const Plan p = plan(system, {{"x", {}, AllToAll{all_of(tiles), words, "a", "b"}}});
      EXPECT_LE(p.phases[0].events, p.phases[0].lower_bound + 110)
          << tiles << " tiles, " << words << " words";
      EXPECT_GE(p.phases[0].events, p.phases[0].lower_bound);
    }
  }
}

TEST(Schedule, BoundOfOneMessageIsItsPath) {
  auto system = system_of("mk2.yaml");
  system.places = {TileId{32}, TileId{260}};  // mux time 49, mux delay 67 [SDK]
  const Plan p = plan(system, {{"m", {}, Messages{{{TileIndex{0}, {TileIndex{1}}, 52, "a", 0, "b", 0}}}}});
  EXPECT_EQ(p.phases[0].events, 49U + 52 + 67 - 1);
  EXPECT_EQ(p.phases[0].lower_bound, p.phases[0].events);
}

// A message to many reaches them at different events; all muxes must be free.
TEST(Schedule, MessagesThatShareNobodyGoAtOnce) {
  const auto system = system_of("mk2-16.yaml");
  Messages pairs;
  std::uint64_t longest = 0;
  for (std::uint32_t i = 0; i < 16; i += 2) {
    const Message m{TileIndex{i}, {TileIndex{i + 1}}, 200, "a", 0, "b", 0};
    pairs.messages.push_back(m);
    longest = std::max(longest, plan(system, {{"one", {}, Messages{{m}}}}).phases[0].events);
  }
  EXPECT_EQ(plan(system, {{"all", {}, pairs}}).phases[0].events, longest);
}

TEST(Schedule, IsTheSameEveryTime) {
  const auto system = system_of("mk2-16.yaml");
  const std::vector<Phase> phases{{"x", {}, AllToAll{all_of(16), 3, "a", "b"}}};
  EXPECT_EQ(plan(system, phases), plan(system, phases));
}

TEST(Schedule, TilesWithoutPartOnlyTakePartInTheSync) {
  const auto system = system_of("mk2-16.yaml");
  const Plan p = plan(system, {{"m", {}, Messages{{{TileIndex{0}, {TileIndex{1}}, 5, "a", 0, "b", 0}}}}});
  // The plan as data. Five words for one tile; a third one takes no part: a nop, its sync, the return.
  ASSERT_EQ(p.phases.size(), 1U);
  const auto& functions = p.phases[0].functions;
  ASSERT_EQ(functions.size(), system.places.size());
  EXPECT_EQ(functions[0].source_symbol, "a");
  EXPECT_EQ(functions[0].destination_symbol, "");
  EXPECT_EQ(functions[0].receive_count(), 0U);
  EXPECT_EQ(functions[1].source_symbol, "");
  EXPECT_EQ(functions[1].destination_symbol, "b");
  EXPECT_EQ(functions[1].receive_count(), 5U);
  EXPECT_FALSE(functions[2].takes_part());
  EXPECT_TRUE(p.rows[2][functions[2].parts.at(0).row].empty());
  EXPECT_EQ(code_bytes(p, p.phases[0], TileIndex{2}), 12U);
  EXPECT_EQ(p.phases[0].tiles, 2U);
  EXPECT_THAT(assembly_of(p, TileIndex{2}),
              HasSubstr("exchange_m:\n    nop\n.Lrow_m:\n    sync 3\n    br $m10\n"));
}

std::string refusal(const Messages& messages) {
  try {
    plan(system_of("mk2-16.yaml"), {{"late", {"file.yaml", 3, 1, "exchange[0]"}, messages}});
  } catch (const PlanError& error) {
    return error.what();
  }
  return "planned";
}
Message message(std::uint32_t from, std::vector<TileIndex> to, std::uint32_t words) {
  return {TileIndex{from}, std::move(to), words, "a", 0, "b", 0};
}

TEST(Refused, NamesPlacePhaseAndTile) {
  EXPECT_THAT(refusal({{message(4, {TileIndex{4}}, 1)}}),
              AllOf(HasSubstr("file.yaml:3:1: phase 'late'"), HasSubstr("tile 4 sends to itself")));
}

TEST(Refused, WhatNoRowCanDo) {
  EXPECT_THAT(refusal({{message(0, {}, 1)}}), HasSubstr("goes to nobody"));
  EXPECT_THAT(refusal({{message(0, {TileIndex{1}}, 0)}}), HasSubstr("no words"));
  EXPECT_THAT(refusal({{message(0, {TileIndex{16}}, 1)}}),
              HasSubstr("no tile 16: the system has tiles 0 to 15"));
  EXPECT_THAT(refusal({{message(16, {TileIndex{1}}, 1)}}), HasSubstr("no tile 16"));
  EXPECT_THAT(refusal({{message(0, {TileIndex{1}, TileIndex{1}}, 1)}}), HasSubstr("names tile 1 twice"));
}

// INCOMING_DCOUNT has 17 bits: more words come in several parts.
TEST(Schedule, MoreWordsThanAReceiveCountHolds) {
  const auto system = system_of("mk2-16.yaml");
  const Plan one = plan(system, {{"one", {}, Messages{{message(0, {TileIndex{1}}, 131'072)}}}});
  EXPECT_EQ(one.phases[0].parts, 2U);
  EXPECT_EQ(one.phases[0].functions[1].receive_count(), 131'072U);
  Messages many;
  for (std::uint32_t from = 0; from < 9; ++from) {
    many.messages.push_back(message(from, {TileIndex{12}}, 20'000));
    many.messages.back().destination_offset = 80'000 * from;
  }
  const Plan several = plan(system, {{"several", {}, many}});
  EXPECT_EQ(several.phases[0].parts, 2U);
  const auto& parts = several.phases[0].functions[12].parts;
  EXPECT_EQ(parts[0].receive_count, 120'000U);
  EXPECT_EQ(parts[1].receive_count, 60'000U);
  EXPECT_THAT(assembly_of(several, TileIndex{12}), HasSubstr("setzi $m2, 60000\n"));
}

TEST(Refused, OffsetsTheFieldsDoNotHold) {
  Message m = message(0, {TileIndex{1}}, 2);
  m.source_offset = 6;
  EXPECT_THAT(refusal({{m}}), HasSubstr("source offset 6 is not a multiple of 4"));
  m.source_offset = 4 * 262'143;
  EXPECT_THAT(refusal({{m}}), HasSubstr("beyond the 1048576 bytes"));
  m.source_offset = 4 * 262'142;
  EXPECT_EQ(refusal({{m}}), "planned");
  m.destination_offset = 4 * 262'143;
  EXPECT_THAT(refusal({{m}}), HasSubstr("destination 'b' + 1048572"));
}

TEST(Refused, TwoSymbolsOrTwoMessagesInOnePlace) {
  Message first = message(0, {TileIndex{1}}, 4);
  Message second = first;
  second.source = "c";
  second.destination_offset = 16;
  EXPECT_THAT(refusal({{first, second}}), HasSubstr("tile 0 has two source symbols, 'a' and 'c'"));
  second = first;
  second.destination = "c";
  EXPECT_THAT(refusal({{first, second}}), HasSubstr("tile 1 has two destination symbols, 'b' and 'c'"));
  second = first;
  second.destination_offset = 12;
  EXPECT_THAT(refusal({{first, second}}), HasSubstr("tile 1 receives two messages at destination offset 12"));
  second.destination_offset = 16;
  EXPECT_EQ(refusal({{first, second}}), "planned");
}

}  // namespace
