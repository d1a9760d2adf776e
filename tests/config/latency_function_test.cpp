// SPDX-License-Identifier: Apache-2.0
// The mux time function against the published check values (docs/provenance.md: exchange timing).
#include "ipusim/config/latency_function.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace {

using ipusim::TileId;
using namespace ipusim::config;

const ChipConfig& chip(const std::string& name) {
  static std::map<std::string, ChipConfig> chips;
  const auto found = chips.find(name);
  if (found != chips.end()) return found->second;
  const auto file = std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs" / (name + ".yaml");
  return chips.emplace(name, load_chip_config(file)).first->second;
}
const ChipConfig& mk2() { return chip("mk2"); }

// From a PIC event to the pointer in effect; the published tables give PIC minus send (P - w).
constexpr int pointer_delay = 7;

TEST(Mk2Latency, PublishedPairs) {
  const auto latency = make_latency_function(mk2().exchange);
  struct Row {
    unsigned short s, d;
    int direction, mux_time, pic_after_send;
  };
  const Row published[] = {
      {0, 1, 1, -25, 27},    {0, 2, 1, -28, 24},     {0, 53, 1, -23, 29},     {32, 260, 2, 49, 109},
      {53, 63, 2, -14, 38},  {1024, 0, 1, 3, 55},    {0, 60, 1, -25, 27},     {60, 0, 2, -9, 43},
      {32, 0, 2, 68, 120},   {0, 32, 1, -4, 48},     {9, 1213, 2, -43, 45},   {1471, 0, 1, 31, 83},
      {0, 1471, 1, -72, 24}, {704, 764, 1, -25, 49}, {700, 1003, 1, -29, 53}, {1003, 700, 2, 20, 92},
  };
  for (const Row& row : published) {
    const TileId s{row.s};
    const TileId d{row.d};
    EXPECT_EQ(latency->mux_time(s, d), row.mux_time) << row.s << " -> " << row.d;
    EXPECT_EQ(latency->direction(s, d), row.direction) << row.s << " -> " << row.d;
    EXPECT_EQ(latency->mux_time(s, d) + static_cast<int>(latency->mux_delay(d)) - pointer_delay,
              row.pic_after_send)
        << row.s << " -> " << row.d;
  }
  EXPECT_EQ(latency->mux_time(TileId{0}, TileId{64}), -31);
}

// The published column of 64-bit pairs: the later of both tiles of the receiving pair.
TEST(Mk2Latency, PublishedPairsOfReceivers) {
  const auto latency = make_latency_function(mk2().exchange);
  struct Row {
    unsigned short s, d;
    int later;
  };
  const Row published[] = {
      {0, 1, -25},    {0, 2, -28},     {0, 53, -22},     {32, 260, 49},   {53, 63, -13},  {1024, 0, 4},
      {0, 60, -25},   {60, 0, -9},     {32, 0, 68},      {0, 32, -4},     {9, 1213, -43}, {1471, 0, 32},
      {0, 1471, -72}, {704, 764, -25}, {700, 1003, -29}, {1003, 700, 21},
  };
  for (const Row& row : published) {
    const auto partner = static_cast<unsigned short>(row.d ^ 2U);
    EXPECT_EQ(std::max(latency->mux_time(TileId{row.s}, TileId{row.d}),
                       latency->mux_time(TileId{row.s}, TileId{partner})),
              row.later)
        << row.s << " -> " << row.d;
  }
}

// What pairs rest on (docs/exchange.md, "Pairs"): both buses of a sender run alike, both tiles of a receiving
// pair see their half one cycle apart, in one direction, and write at the same distance.
TEST(Mk2Latency, TilesOfAPairAreOneCycleApart) {
  const auto latency = make_latency_function(mk2().exchange);
  const auto partner = [](TileId p) { return TileId{static_cast<unsigned short>(p.value() ^ 2U)}; };
  for (const TileId s : mk2().places) {
    for (const TileId d : mk2().places) {
      const int m = latency->mux_time(s, d);
      ASSERT_EQ(std::abs(m - latency->mux_time(s, partner(d))), 1) << s.value() << " -> " << d.value();
      ASSERT_EQ(m, latency->mux_time(partner(s), d));
      ASSERT_EQ(latency->direction(s, d), latency->direction(s, partner(d)));
      ASSERT_EQ(latency->direction(s, d), latency->direction(partner(s), d));
      ASSERT_EQ(latency->mux_delay(d), latency->mux_delay(partner(d)));
    }
  }
}

TEST(Mk2Latency, PublishedStatisticsOverAllPairs) {
  const auto latency = make_latency_function(mk2().exchange);
  int least = 1000, most = -1000, least_write = 1000, most_write = -1000;
  double sum = 0;
  std::size_t pairs = 0;
  for (const TileId s : mk2().places) {
    for (const TileId d : mk2().places) {
      if (s == d) continue;
      const int m = latency->mux_time(s, d);
      const int write = m + static_cast<int>(latency->mux_delay(d)) - pointer_delay;
      least = std::min(least, m);
      most = std::max(most, m);
      least_write = std::min(least_write, write);
      most_write = std::max(most_write, write);
      sum += write;
      ++pairs;
    }
  }
  EXPECT_EQ(least, -78);
  EXPECT_EQ(most, 112);
  EXPECT_EQ(least_write, 18);
  EXPECT_EQ(most_write, 164);
  EXPECT_NEAR(sum / static_cast<double>(pairs), 64.14, 0.005);
}

TEST(Mk2Latency, RowElevenColumnTables) {
  const auto latency = make_latency_function(mk2().exchange);
  const std::vector<int> out = {46, 47, 48, 49, 50, 51, 52, 70, 67, 64, 61, 58, 55, 52, 49};
  const std::vector<int> back = {54, 65, 76, 87, 98, 109, 120, 142, 131, 120, 109, 98, 87, 76, 65};
  const TileId column0{11 * 64};
  for (unsigned c = 1; c <= 15; ++c) {
    const TileId other{static_cast<std::uint16_t>(11 * 64 + 4 * c)};
    const int delay = static_cast<int>(latency->mux_delay(other)) - pointer_delay;
    EXPECT_EQ(latency->mux_time(column0, other) + delay, out[c - 1]) << c;
    EXPECT_EQ(latency->mux_time(other, column0) + delay, back[c - 1]) << c;
  }
}

// By hand from the public constants of the Mk1: 8 to leave a tile, 8 for a selection, 6 a column, 17 and 19
// to the other side, a cycle a supertile.
TEST(Mk1Latency, ConstantsAddUp) {
  const auto& system = chip("mk1");
  const auto latency = make_latency_function(system.exchange);
  const auto place = [](unsigned row, unsigned column) {
    return TileId{static_cast<std::uint16_t>(64 * row + 4 * column)};
  };
  struct Row {
    TileId s, d;
    int mux_time, direction;
    unsigned mux_delay;
  };
  for (const Row& row :
       {Row{place(0, 0), place(0, 0), 0, 1, 19}, Row{place(0, 0), place(0, 1), 6, 1, 19},
        Row{place(0, 7), place(0, 0), 42, 2, 19}, Row{place(3, 2), place(10, 4), 12 + 3 - 10, 1, 39},
        Row{place(18, 0), place(18, 15), 17, 1, 55}, Row{place(0, 15), place(0, 0), 19, 1, 19},
        Row{place(5, 8), place(0, 0), 42 + 19 + 5, 2, 19}}) {
    EXPECT_EQ(latency->mux_time(row.s, row.d), row.mux_time) << row.s.value() << " -> " << row.d.value();
    EXPECT_EQ(latency->direction(row.s, row.d), row.direction) << row.s.value() << " -> " << row.d.value();
    EXPECT_EQ(latency->mux_delay(row.d), row.mux_delay) << row.d.value();
  }
}

// A word takes as many cycles as the way is long: never none, 8 + 9 + 2 in the tiles, both columns and the
// spine.
TEST(Mk1Latency, PathsOfTheChip) {
  const auto& system = chip("mk1");
  const auto latency = make_latency_function(system.exchange);
  int least = 1000, most = 0;
  for (const TileId s : system.places) {
    for (const TileId d : system.places) {
      const int path = latency->mux_time(s, d) + static_cast<int>(latency->mux_delay(d));
      least = std::min(least, path);
      most = std::max(most, path);
    }
  }
  EXPECT_EQ(least, 19);
  EXPECT_EQ(most, 19 + 18 + 18 + 7 * 6 + 19);
}

TEST(Mk2Latency, UnknownFunctionIsRefused) {
  auto exchange = mk2().exchange;
  exchange.latency_function = "none";
  EXPECT_THROW(make_latency_function(exchange), std::invalid_argument);
}

}  // namespace
