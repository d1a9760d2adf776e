// SPDX-License-Identifier: Apache-2.0
// The word rule, cycle by cycle: sent at w, selected at w + M, written at w + M + mux_delay; one off gets
// nothing.
#include "ipusim/chip/exchange/exchange_fabric.hpp"
#include "mk2_fabric.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <vector>

namespace {

using namespace ipusim;
using namespace ipusim::chip;

class Fabric : public ::testing::Test {
 protected:
  // Published values: 0 -> 53: M = -23, east; 53 -> 63: M = -14, west; 32 -> 260: M = 49, west. mux_delay =
  // 59 + 2 row.
  const std::vector<TileId> places{TileId{0}, TileId{53}, TileId{63}, TileId{32}, TileId{260}};
  static constexpr TileIndex t0{0}, t53{1}, t63{2}, t32{3}, t260{4};
  static constexpr tile::Directions east{1}, west{2}, both{3};

  chip_test::Hazards hazards;
  std::unique_ptr<ExchangeFabric> fabric = chip_test::mk2_fabric(places, hazards);

  void send_run(TileIndex from, unsigned first, unsigned words, tile::Directions directions) {
    for (unsigned i = 0; i < words; ++i) {
      fabric->port(from).send(Cycle{first + i}, 0xA000 + i, directions);
    }
    fabric->set_known_sends(from, Cycle{100000});
  }
  std::map<std::uint64_t, std::uint32_t> received(TileIndex at, unsigned until) {
    std::map<std::uint64_t, std::uint32_t> words;
    for (unsigned t = 0; t < until; ++t) {
      if (const auto w = fabric->port(at).incoming(Cycle{t})) words[t] = *w;
    }
    return words;
  }
};

TEST_F(Fabric, WordArrivesAfterMuxTimeAndMuxDelay) {
  send_run(t0, 200, 3, east);
  fabric->port(t53).select_source(Cycle{200 - 23}, tile::MuxSource{0});
  fabric->port(t53).select_source(Cycle{200 - 23 + 3}, tile::MuxSource{0x640});
  const std::uint64_t first = 200 - 23 + 59;
  EXPECT_EQ(received(t53, 500), (std::map<std::uint64_t, std::uint32_t>{
                                    {first, 0xA000}, {first + 1, 0xA001}, {first + 2, 0xA002}}));
  EXPECT_TRUE(hazards.empty());
}

TEST_F(Fabric, PositiveMuxTimeAndRowDelay) {
  send_run(t32, 64, 1, west);
  fabric->port(t260).select_source(Cycle{113}, tile::MuxSource{32});  // 113 = 64 + 49, the published row
  fabric->port(t260).select_source(Cycle{114}, tile::MuxSource{0x640});
  EXPECT_EQ(received(t260, 500), (std::map<std::uint64_t, std::uint32_t>{{113 + 59 + 2 * 4, 0xA000}}));
}

TEST_F(Fabric, SelectedOneCycleLateMissesTheFirstWord) {
  send_run(t0, 200, 3, east);
  fabric->port(t53).select_source(Cycle{178}, tile::MuxSource{0});
  fabric->port(t53).select_source(Cycle{180}, tile::MuxSource{0x640});
  EXPECT_EQ(received(t53, 500), (std::map<std::uint64_t, std::uint32_t>{{237, 0xA001}, {238, 0xA002}}));
}

TEST_F(Fabric, SelectedOneCycleEarlySeesAnIdleSlotFirst) {
  send_run(t0, 200, 3, east);
  fabric->port(t53).select_source(Cycle{176}, tile::MuxSource{0});
  fabric->port(t53).select_source(Cycle{179}, tile::MuxSource{0x640});
  EXPECT_EQ(received(t53, 500), (std::map<std::uint64_t, std::uint32_t>{{236, 0xA000}, {237, 0xA001}}));
}

TEST_F(Fabric, WrongDirectionIsAHazardAndNoWord) {
  send_run(t0, 200, 1, west);
  fabric->port(t53).select_source(Cycle{170}, tile::MuxSource{0});
  EXPECT_TRUE(received(t53, 500).empty());
  ASSERT_EQ(hazards.size(), 1U);
  EXPECT_EQ(hazards[0].first, t53);
  EXPECT_EQ(hazards[0].second.kind, tile::HazardKind::wrong_direction);
  EXPECT_EQ(hazards[0].second.cycle, Cycle{236});
  EXPECT_EQ(hazards[0].second.word, 0xA000U);
}

TEST_F(Fabric, MulticastReachesBothSides) {
  // 53 -> 63 runs west (M = -14); 53 -> 0 must run the other way for both to need both directions.
  send_run(t53, 300, 1, both);
  fabric->port(t63).select_source(Cycle{250}, tile::MuxSource{53});
  fabric->port(t0).select_source(Cycle{200}, tile::MuxSource{53});
  EXPECT_EQ(received(t63, 600).size(), 1U);
  EXPECT_EQ(received(t0, 600).size(), 1U);
  EXPECT_EQ(fabric->statistics().words_sent, 1U);
  EXPECT_EQ(fabric->statistics().words_received, 2U);
}

TEST_F(Fabric, NobodySelectsIsLegalAndCounted) {
  send_run(t0, 200, 5, both);
  EXPECT_EQ(fabric->statistics().words_unselected, 5U);
  fabric->port(t53).select_source(Cycle{202 - 23}, tile::MuxSource{0});
  received(t53, 500);
  fabric->merge();
  EXPECT_EQ(fabric->statistics().words_unselected, 2U);  // the last three were taken
  EXPECT_EQ(fabric->statistics(t0).words_unselected, 2U);
  EXPECT_EQ(fabric->statistics(t53).words_received, 3U);
  EXPECT_TRUE(hazards.empty());
}

TEST_F(Fabric, KnownUntilFollowsTheSender) {
  auto& port = fabric->port(t53);
  EXPECT_EQ(port.known_until(), Cycle::never());  // nothing selected
  port.select_source(Cycle{100}, tile::MuxSource{0});
  fabric->set_known_sends(t0, Cycle{150});
  // Words seen before 150 - 23 are known; they are written 59 cycles later.
  EXPECT_EQ(port.known_until(), Cycle{150 - 23 + 59});
  port.select_source(Cycle{120}, tile::MuxSource{0x640});
  EXPECT_EQ(port.known_until(), Cycle::never());
}

TEST_F(Fabric, NextActivityFindsTheFirstWordOrTheUnknown) {
  auto& port = fabric->port(t53);
  EXPECT_EQ(port.next_activity(Cycle{0}), Cycle::never());
  port.select_source(Cycle{100}, tile::MuxSource{0});
  fabric->set_known_sends(t0, Cycle{200});
  EXPECT_EQ(port.next_activity(Cycle{0}), Cycle{200 - 23 + 59});  // unknown from here
  fabric->port(t0).send(Cycle{190}, 7, east);
  EXPECT_EQ(port.next_activity(Cycle{0}), Cycle{190 - 23 + 59});
  fabric->set_known_sends(t0, Cycle::never());
  EXPECT_EQ(port.next_activity(Cycle{190 - 23 + 60}), Cycle::never());
}

TEST_F(Fabric, PruningForgetsOnlyThePast) {
  send_run(t0, 10, 1, east);
  fabric->port(t0).send(Cycle{50000}, 0xB, east);
  fabric->port(t53).select_source(Cycle{5}, tile::MuxSource{0});
  // The longest way of these five places is 32 -> 0 and its like: known to be under 200 cycles.
  EXPECT_LT(fabric->longest_path(), 200U);
  fabric->prune(Cycle{50000 + fabric->longest_path()});
  EXPECT_EQ(fabric->port(t53).incoming(Cycle{50000 - 23 + 59}), 0xBU);
  EXPECT_EQ(fabric->port(t53).incoming(Cycle{10 - 23 + 59}), std::nullopt);
}

TEST_F(Fabric, AskingForTheUnknownIsAnErrorOfTheModel) {
  fabric->port(t53).select_source(Cycle{100}, tile::MuxSource{0});
  fabric->set_known_sends(t0, Cycle{150});
  EXPECT_NO_THROW(fabric->port(t53).incoming(Cycle{150 - 23 + 59 - 1}));
  EXPECT_THROW(fabric->port(t53).incoming(Cycle{150 - 23 + 59}), std::logic_error);
}

TEST_F(Fabric, ATileInASyncIsSilentForThoseWhoseArrivalItWaitsFor) {
  auto& port = fabric->port(t53);
  port.select_source(Cycle{100}, tile::MuxSource{0});
  fabric->set_known_sends(t0, Cycle{150});
  fabric->set_in_sync(t0, true);
  EXPECT_EQ(port.next_activity(Cycle{300}), Cycle::never());
  port.pre_acknowledge(Cycle{400}, 1);
  // Now it may be released without this tile: 8 cycles is the least any sync takes.
  EXPECT_EQ(port.next_activity(Cycle{401}), Cycle{400 + 8 - 23 + 59});
  fabric->set_earliest_release(Cycle{1000});
  EXPECT_EQ(port.next_activity(Cycle{401}), Cycle{1000 - 23 + 59});
  fabric->use_acknowledgement(t53);
  EXPECT_EQ(port.next_activity(Cycle{401}), Cycle::never());
}

TEST_F(Fabric, UnknownAndAbsentSourcesAreSilent) {
  auto& port = fabric->port(t53);
  for (const std::uint16_t source : std::initializer_list<std::uint16_t>{0x604, 0x640, 100, 1471, 8191}) {
    port.select_source(Cycle{source}, tile::MuxSource{source});
    EXPECT_EQ(port.next_activity(Cycle{10000}), Cycle::never()) << source;
  }
}

TEST(FabricLatencies, AWordMustNotArriveBeforeItLeft) {
  auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  system.exchange.mux_delay_base_cycles = 30;
  EXPECT_THROW(
      ExchangeFabric(
          system.places, ipusim::config::make_latency_function(system.exchange), system.exchange.null_source,
          [](TileIndex, const tile::Hazard&) {}, [](TileIndex, Cycle, std::uint32_t) {}),
      std::invalid_argument);
}

// 25 and 171: the published span of P - w (18..164) plus the pointer delay of 7.
TEST(FabricLatencies, LongestPathOfTheWholeChip) {
  const auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  const ExchangeFabric fabric(
      system.places, ipusim::config::make_latency_function(system.exchange), system.exchange.null_source,
      [](TileIndex, const tile::Hazard&) {}, [](TileIndex, Cycle, std::uint32_t) {});
  EXPECT_EQ(fabric.longest_path(), 171U);
}

}  // namespace
