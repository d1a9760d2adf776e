// SPDX-License-Identifier: Apache-2.0
// The rule of 64-bit items, cycle by cycle: sent over two buses, taken by pairs of tiles, or half by half.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <vector>

#include "ipusim/base/state.hpp"
#include "ipusim/chip/exchange/exchange_fabric.hpp"
#include "mk2_fabric.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;

// Published: 0 -> 53: M = -23, to the pair of 53 and 55 -22 at most; 53 -> 63: -14, to 61 -13. mux_delay
// = 59.
class Pairs : public ::testing::Test {
 protected:
  const std::vector<TileId> places{TileId{0}, TileId{2}, TileId{53}, TileId{55}, TileId{63}};
  static constexpr TileIndex t0{0}, t2{1}, t53{2}, t55{3}, t63{4};
  static constexpr tile::Directions east{1}, west{2};
  static constexpr tile::MuxSource null{0x640};
  static constexpr auto from_east = tile::ReceiveFormat::items_from_east;
  static constexpr auto from_west = tile::ReceiveFormat::items_from_west;
  static constexpr std::uint64_t item(unsigned i) {
    return 0xB000'0000'A000'0000U + i * std::uint64_t{0x1'0000'0001U};
  }

  chip_test::Hazards hazards;
  std::unique_ptr<ExchangeFabric> fabric = chip_test::mk2_fabric(places, hazards);

  tile::ExchangePort& port(TileIndex index) { return fabric->port(index); }
  // Items leave tile 0 from cycle 200 on.
  void send_items(unsigned count, tile::Directions directions = east) {
    for (unsigned i = 0; i < count; ++i) port(t0).send_item(Cycle{200 + i}, item(i), directions);
  }
  void all_known(std::uint64_t until = 100000) {
    for (std::uint32_t i = 0; i < places.size(); ++i) fabric->set_known_sends(TileIndex{i}, Cycle{until});
  }
  std::map<std::uint64_t, std::uint64_t> items(TileIndex at, unsigned begin, unsigned end) {
    std::map<std::uint64_t, std::uint64_t> taken;
    for (unsigned t = begin; t < end; ++t) {
      if (const auto i = port(at).incoming_item(Cycle{t})) taken[t] = *i;
    }
    return taken;
  }
  // 200 - 22 is when both have seen their half of item 0; 59 later it is written.
  static constexpr unsigned written = 200 - 22 + 59;
};

// The early one of the pair selects, one cycle before the later half of the first item, and releases.
TEST_F(Pairs, BothWriteEveryItemWhenTheLaterHalfIsThere) {
  send_items(3);
  port(t53).select_pair(Cycle{200 - 23}, tile::MuxSource{0});
  port(t53).select_pair(Cycle{200 - 23 + 3}, null);
  for (const TileIndex t : {t53, t55}) port(t).set_format(Cycle{written}, from_east);
  all_known();
  const std::map<std::uint64_t, std::uint64_t> all{
      {written, item(0)}, {written + 1, item(1)}, {written + 2, item(2)}};
  EXPECT_EQ(items(t53, written, 400), all);
  EXPECT_EQ(items(t55, written, 400), all);
  fabric->merge();
  EXPECT_TRUE(hazards.empty());
  EXPECT_EQ(fabric->statistics().words_sent, 6U);
  EXPECT_EQ(fabric->statistics().words_received, 12U);
  EXPECT_EQ(fabric->statistics().words_unselected, 0U);
}

// A write of the late one counts from the cycle on in which it sees its own half; its value names the bus it
// listens to itself.
TEST_F(Pairs, TheLateOneMaySelect) {
  send_items(3);
  port(t55).select_pair(Cycle{200 - 22}, tile::MuxSource{2});
  port(t55).select_pair(Cycle{200 - 22 + 2}, null);
  for (const TileIndex t : {t53, t55}) port(t).set_format(Cycle{written}, from_east);
  all_known();
  const std::map<std::uint64_t, std::uint64_t> two{{written, item(0)}, {written + 1, item(1)}};
  EXPECT_EQ(items(t53, written, 400), two);
  EXPECT_EQ(items(t55, written, 400), two);
}

TEST_F(Pairs, OneCycleLateMissesAnItem) {
  send_items(3);
  port(t53).select_pair(Cycle{200 - 22}, tile::MuxSource{0});
  port(t53).select_pair(Cycle{200 - 22 + 1}, null);
  for (const TileIndex t : {t53, t55}) port(t).set_format(Cycle{written}, from_east);
  all_known();
  EXPECT_EQ(items(t53, written, 400), (std::map<std::uint64_t, std::uint64_t>{{written + 1, item(1)}}));
  EXPECT_EQ(items(t55, written, 400), (std::map<std::uint64_t, std::uint64_t>{{written + 1, item(1)}}));
}

// One selects, the other releases: each by the time it sees its own half.
TEST_F(Pairs, EitherMayRelease) {
  send_items(3);
  port(t53).select_pair(Cycle{200 - 23}, tile::MuxSource{0});
  port(t55).select_pair(Cycle{200 - 22 + 2}, null);
  for (const TileIndex t : {t53, t55}) port(t).set_format(Cycle{written}, from_east);
  all_known();
  EXPECT_EQ(items(t53, written, 400).size(), 2U);
  EXPECT_EQ(items(t55, written, 400).size(), 2U);
}

// The low half, which is on the sender's own bus; what a borrowed bus carries is seen by pairs only.
TEST_F(Pairs, ATileOfWordsSeesTheHalfOnTheSendersBus) {
  send_items(2);
  port(t53).select_source(Cycle{200 - 23}, tile::MuxSource{0});
  port(t55).select_source(Cycle{200 - 22}, tile::MuxSource{2});
  all_known();
  EXPECT_EQ(port(t53).next_activity(Cycle{0}), Cycle{written - 1});
  EXPECT_EQ(port(t53).incoming(Cycle{written - 1}), static_cast<std::uint32_t>(item(0)));
  EXPECT_EQ(port(t53).incoming(Cycle{written}), static_cast<std::uint32_t>(item(1)));
  EXPECT_EQ(port(t53).incoming(Cycle{written + 1}), std::nullopt);
  EXPECT_EQ(port(t53).next_activity(Cycle{written + 2}), Cycle{100000 - 23 + 59});
  EXPECT_EQ(port(t55).next_activity(Cycle{0}), Cycle{100000 - 22 + 59});
}

TEST_F(Pairs, ItemsAreKnownAsFarAsSenderAndPartnerAre) {
  port(t53).set_format(Cycle{50}, from_east);
  port(t53).select_pair(Cycle{100}, tile::MuxSource{0});
  fabric->set_known_sends(t55, Cycle{90});
  EXPECT_EQ(port(t53).known_until(), Cycle{90 + 59});  // before anything is selected: the partner might
  fabric->set_known_sends(t55, Cycle{5000});
  fabric->set_known_sends(t0, Cycle{150});
  EXPECT_EQ(port(t53).known_until(), Cycle{150 - 22 + 59});
  fabric->set_known_sends(t0, Cycle{6000});
  EXPECT_EQ(port(t53).known_until(), Cycle{5000 + 59});
  EXPECT_THROW(port(t53).incoming_item(Cycle{5000 + 59}), std::logic_error);
  // From here on it takes words again, and none is selected.
  port(t53).set_format(Cycle{400}, tile::ReceiveFormat::words);
  EXPECT_EQ(port(t53).known_until(), Cycle::never());
}

TEST_F(Pairs, TheFormatNamesTheDirection) {
  send_items(1);
  port(t53).select_pair(Cycle{200 - 23}, tile::MuxSource{0});
  port(t53).set_format(Cycle{0}, from_west);
  port(t55).set_format(Cycle{0}, from_east);
  all_known();
  EXPECT_TRUE(items(t53, written, 300).empty());
  EXPECT_EQ(items(t55, written, 300).size(), 1U);
  ASSERT_EQ(hazards.size(), 1U);
  EXPECT_EQ(hazards[0].first, t53);
  EXPECT_EQ(hazards[0].second.kind, tile::HazardKind::wrong_format);
  EXPECT_EQ(hazards[0].second.cycle, Cycle{written});
  EXPECT_EQ(hazards[0].second.word, static_cast<std::uint32_t>(item(0)));
}

TEST_F(Pairs, ItemsMustBeDrivenInTheDirectionOfTheReceivers) {
  send_items(1, west);
  port(t53).select_pair(Cycle{200 - 23}, tile::MuxSource{0});
  port(t53).set_format(Cycle{0}, from_east);
  all_known();
  EXPECT_TRUE(items(t53, written, 300).empty());
  ASSERT_EQ(hazards.size(), 1U);
  EXPECT_EQ(hazards[0].second.kind, tile::HazardKind::wrong_direction);
}

// Tile 63 is alone: its partner's place 61 is empty. 53 -> 61: M = -13 is the later.
TEST_F(Pairs, ATileWithoutAPartnerTakesItemsAllTheSame) {
  port(t53).send_item(Cycle{300}, item(7), west);
  port(t63).select_pair(Cycle{300 - 14}, tile::MuxSource{static_cast<std::uint16_t>(53 ^ 2)});
  port(t63).set_format(Cycle{0}, from_west);
  all_known();
  EXPECT_EQ(items(t63, 0, 500), (std::map<std::uint64_t, std::uint64_t>{{300 - 13 + 59, item(7)}}));
}

TEST_F(Pairs, ASenderMustNotUseABusItsPartnerHasBorrowed) {
  send_items(3);
  port(t2).send(Cycle{199}, 1, east);
  port(t2).send(Cycle{201}, 2, east);
  fabric->merge();
  EXPECT_TRUE(hazards.empty());  // not known yet
  all_known(202);
  fabric->merge();
  fabric->merge();
  ASSERT_EQ(hazards.size(), 1U);
  EXPECT_EQ(hazards[0].first, t0);
  EXPECT_EQ(hazards[0].second.kind, tile::HazardKind::bus_conflict);
  EXPECT_EQ(hazards[0].second.cycle, Cycle{201});
}

TEST_F(Pairs, ThatBothBorrowIsFoundOnce) {
  send_items(1);
  port(t2).send_item(Cycle{200}, item(5), east);
  all_known();
  fabric->merge();
  ASSERT_EQ(hazards.size(), 1U);
  EXPECT_EQ(hazards[0].second.kind, tile::HazardKind::bus_conflict);
}

TEST_F(Pairs, TwoSelectionsInOneCycleMustBeTheSame) {
  send_items(1);
  port(t53).select_pair(Cycle{100}, tile::MuxSource{0});
  port(t55).select_pair(Cycle{100}, tile::MuxSource{2});  // the same sender
  port(t53).select_pair(Cycle{120}, null);
  port(t55).select_pair(Cycle{120}, null);
  port(t53).select_pair(Cycle{140}, tile::MuxSource{0});
  port(t55).select_pair(Cycle{140}, tile::MuxSource{63 ^ 2});
  for (const TileIndex t : {t53, t55}) port(t).set_format(Cycle{0}, from_east);
  all_known();
  fabric->merge();
  ASSERT_EQ(hazards.size(), 1U);
  EXPECT_EQ(hazards[0].first, t53);
  EXPECT_EQ(hazards[0].second.kind, tile::HazardKind::pair_conflict);
  EXPECT_EQ(hazards[0].second.cycle, Cycle{140});
  // 53, the lower one, prevails.
  EXPECT_EQ(items(t55, written, 300).size(), 1U);
}

TEST_F(Pairs, PruningKeepsWhatIsSelected) {
  port(t53).select_pair(Cycle{100}, tile::MuxSource{0});
  for (const TileIndex t : {t53, t55}) port(t).set_format(Cycle{100}, from_east);
  port(t0).send_item(Cycle{110}, item(0), east);
  port(t0).send_item(Cycle{50000}, item(1), east);
  all_known();
  fabric->prune(Cycle{49990});
  for (const TileIndex t : {t53, t55}) {
    EXPECT_EQ(items(t, 49990, 51000), (std::map<std::uint64_t, std::uint64_t>{{50000 - 22 + 59, item(1)}}));
  }
}

TEST_F(Pairs, StateOfPairsIsSaved) {
  send_items(3);
  port(t53).select_pair(Cycle{200 - 23}, tile::MuxSource{0});
  for (const TileIndex t : {t53, t55}) port(t).set_format(Cycle{written}, from_east);
  all_known();
  EXPECT_EQ(items(t53, written, written + 1).size(), 1U);
  fabric->merge();
  StateWriter writer;
  fabric->save(writer);
  fabric = chip_test::mk2_fabric(places, hazards);
  StateReader reader(writer.bytes());
  fabric->load(reader);
  EXPECT_EQ(items(t53, written + 1, 400).size(), 2U);
  EXPECT_EQ(items(t55, written, 400).size(), 3U);
  fabric->merge();
  EXPECT_EQ(fabric->statistics().words_received, 12U);
}

}  // namespace
