// SPDX-License-Identifier: Apache-2.0
// Rows of 64-bit items against what is published of them [SDK], [HW]: the sender's control bits, the pair's
// mux, the format and the pointer event by event.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "ipusim/config/system_config.hpp"
#include "ipusim/exchange_planner/planner.hpp"
#include "row_reader.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::exchange_planner;
using planner_test::RowMeaning;
using planner_test::RowReader;
using testing::AllOf;
using testing::HasSubstr;

config::ChipConfig system_at(const std::vector<std::uint16_t>& places) {
  auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  system.places.clear();
  for (const std::uint16_t place : places) system.places.emplace_back(place);
  return system;
}

Phase wide_phase(const Pattern& pattern, Width width = Width::bits64) {
  Phase phase{"w", {}, pattern};
  phase.width = width;
  return phase;
}
Messages one_message(std::vector<TileIndex> to, std::uint32_t words) {
  return {{{TileIndex{0}, std::move(to), words, "a", 8, "b", 24, {}}}};
}
RowMeaning row_of(const Plan& plan, std::uint32_t tile) {
  const auto& part = plan.phases.at(0).functions.at(tile).parts.at(0);
  return RowReader(0x640).read(row_instructions(plan.rows.at(tile).at(part.row)));
}
using Events = std::map<std::int64_t, std::uint32_t>;

// Places 0 -> 53 and 55: mux times -23 [SDK] and, as the larger of the two is -22, -22. Row 0, bus east.
TEST(WideRow, OnePairInRowZero) {
  constexpr std::uint32_t items = 70;
  const Plan planned =
      plan(system_at({0, 2, 53, 55}), {wide_phase(one_message({TileIndex{2}, TileIndex{3}}, 2 * items))});
  EXPECT_EQ(planned.phases[0].wide_messages, 1U);
  const RowMeaning sender = row_of(planned, 0);
  ASSERT_EQ(sender.items.size(), items);
  const std::int64_t first = sender.items.begin()->first;
  std::uint32_t item = 0;
  for (const auto& [event, what] : sender.items) {
    EXPECT_EQ(event, first + item);
    EXPECT_EQ(what, (std::pair{1 + item, 5U}));  // from 8 bytes on; east, 64 bits
    ++item;
  }
  const std::int64_t x2 = first - 22 - 1;
  const std::int64_t f = x2 + 51;
  const RowMeaning early = row_of(planned, 2);
  EXPECT_EQ(early.pair_sources, (Events{{x2, 0}, {x2 + items, 0x640}}));
  EXPECT_EQ(early.formats, (Events{{f, 1}, {f + items, 0}}));
  EXPECT_EQ(early.pointers, (Events{{f + 2, 6}}));
  EXPECT_TRUE(early.sources.empty());
  EXPECT_EQ(early.events, f + items + 7);
  const RowMeaning late = row_of(planned, 3);
  EXPECT_TRUE(late.pair_sources.empty());
  EXPECT_EQ(late.formats, early.formats);
  EXPECT_EQ(late.pointers, early.pointers);
  EXPECT_EQ(late.events, early.events);
  EXPECT_EQ(planned.phases[0].functions[2].parts[0].receive_count, 2 * items);  // 32-bit words
  EXPECT_FALSE(planned.phases[0].functions[1].takes_part());
  EXPECT_EQ(planned.phases[0].functions[0].source_alignment, 8U);
  EXPECT_EQ(planned.phases[0].functions[3].destination_alignment, 8U);
}

// 32 -> 260: mux time 49 and the larger of the pair's 49: the other of the pair, 262, is the earlier, and
// selects the sender's partner. Rows 0 and 4, bus west.
TEST(WideRow, TheEarlierOfAPairSelectsForBoth) {
  constexpr std::uint32_t items = 100;
  const Plan planned =
      plan(system_at({32, 34, 260, 262}), {wide_phase(one_message({TileIndex{2}, TileIndex{3}}, 2 * items))});
  const RowMeaning sender = row_of(planned, 0);
  const std::int64_t first = sender.items.begin()->first;
  EXPECT_EQ(sender.items.begin()->second.second, 6U);  // west, 64 bits
  const std::int64_t x2 = first + 49 - 1;
  const std::int64_t f = x2 + 51 + 2 * 4;
  const RowMeaning early = row_of(planned, 3);
  EXPECT_EQ(early.pair_sources, (Events{{x2, 32 ^ 2}, {x2 + items, 0x640}}));
  EXPECT_EQ(early.formats, (Events{{f, 2}, {f + items, 0}}));
  EXPECT_TRUE(row_of(planned, 2).pair_sources.empty());
}

TEST(WideRow, SeveralPairsAreSentBothWays) {
  const Plan planned =
      plan(system_at({0, 2, 53, 55, 260, 262}),
           {wide_phase(one_message({TileIndex{2}, TileIndex{3}, TileIndex{4}, TileIndex{5}}, 200))});
  EXPECT_EQ(row_of(planned, 0).items.begin()->second.second, 7U);
}

// Its partner hears a sender's message as words, at another time.
TEST(WideRow, BroadcastToThePartnerToo) {
  const std::vector<TileIndex> tiles{TileIndex{0}, TileIndex{1}, TileIndex{2}, TileIndex{3}};
  const Plan planned =
      plan(system_at({0, 2, 53, 55}), {wide_phase(Broadcast{{tiles, 0, 256, "a", "b", {}}})});
  EXPECT_EQ(planned.phases[0].messages, 1U);
  EXPECT_EQ(planned.phases[0].wide_messages, 1U);
  EXPECT_EQ(row_of(planned, 0).items.size(), 256U + 128);
  const RowMeaning partner = row_of(planned, 1);
  EXPECT_TRUE(partner.formats.empty());
  EXPECT_EQ(partner.sources.size(), 2U);
  for (std::uint32_t tile = 1; tile < 4; ++tile)
    EXPECT_EQ(planned.phases[0].functions[tile].receive_count(), 256U);
}

// No two controls on one event, of any tile, whatever there is of messages.
TEST(WideRow, AllGatherOfManyPairs) {
  std::vector<std::uint16_t> places;
  std::vector<TileIndex> tiles;
  for (unsigned pair = 0; pair < 12; ++pair) {
    for (const unsigned lane : {0U, 2U}) {
      tiles.emplace_back(static_cast<std::uint32_t>(places.size()));
      places.push_back(static_cast<std::uint16_t>(4 * (25 * pair) + pair % 2 + lane));
    }
  }
  const auto system = system_at(places);
  const AllGather gather{tiles, 160, "a", "b", {}};
  const Plan planned = plan(system, {wide_phase(gather, Width::automatic)});
  const Plan narrow = plan(system, {wide_phase(gather, Width::bits32)});
  EXPECT_EQ(planned.phases[0].wide_messages, 24U);
  EXPECT_LT(planned.phases[0].events, narrow.phases[0].events * 3 / 4);
  for (std::uint32_t tile = 0; tile < tiles.size(); ++tile) {
    const RowMeaning row = row_of(planned, tile);
    std::map<std::int64_t, int> controls;
    for (const auto& [event, value] : row.sources) ++controls[event];
    for (const auto& [event, value] : row.pair_sources) ++controls[event];
    for (const auto& [event, value] : row.formats) ++controls[event];
    for (const auto& [event, value] : row.pointers) ++controls[event];
    for (const auto& [event, count] : controls) EXPECT_EQ(count, 1) << "tile " << tile << ", event " << event;
    EXPECT_EQ(planned.phases[0].functions[tile].receive_count(), 23U * 160);
  }
}

std::string refusal(const std::vector<std::uint16_t>& places, const Messages& messages) {
  try {
    plan(system_at(places), {wide_phase(messages)});
  } catch (const PlanError& error) {
    return error.what();
  }
  return "planned";
}

TEST(WideRow, WhatCannotBe) {
  EXPECT_THAT(refusal({0, 4, 53, 55}, one_message({TileIndex{2}, TileIndex{3}}, 128)),
              AllOf(HasSubstr("partner"), HasSubstr("say `width: auto`")));
  EXPECT_THAT(refusal({0, 2, 53, 55}, one_message({TileIndex{2}}, 128)), HasSubstr("other tile of its pair"));
  EXPECT_THAT(refusal({0, 2, 53, 55}, one_message({TileIndex{1}}, 128)),
              HasSubstr("only the sender's partner"));
  EXPECT_THAT(refusal({0, 2, 53, 55}, one_message({TileIndex{2}, TileIndex{3}}, 129)), HasSubstr("odd"));
  // As many items as events from the selection to the format.
  EXPECT_THAT(refusal({0, 2, 53, 55}, one_message({TileIndex{2}, TileIndex{3}}, 102)),
              HasSubstr("fall on one event"));
  EXPECT_EQ(refusal({0, 2, 53, 55}, one_message({TileIndex{2}, TileIndex{3}}, 104)), "planned");
  // Short ones stay words where the phase leaves it to the planner.
  const Plan words = plan(system_at({0, 2, 53, 55}),
                          {wide_phase(one_message({TileIndex{2}, TileIndex{3}}, 126), Width::automatic)});
  EXPECT_EQ(words.phases[0].wide_messages, 0U);
}

}  // namespace
