// SPDX-License-Identifier: Apache-2.0
// The zones of sync: the published operands, and whom each one joins.
#include <gtest/gtest.h>

#include <algorithm>

#include "ipusim/isa/sync_zones.hpp"

namespace ipusim::isa {
namespace {

// Constants of the Mk1 headers, of which 1, 3 and 7 are in use on a C600.
TEST(SyncZones, Operands) {
  EXPECT_EQ(sync_zone::receive, 0U);
  EXPECT_EQ(sync_zone::ans, 1U);
  EXPECT_EQ(sync_zone::local, 2U);
  EXPECT_EQ(sync_zone::internal, 3U);
  EXPECT_EQ(sync_zone::gs1, 4U);
  EXPECT_EQ(sync_zone::gs1_host, 5U);
  EXPECT_EQ(sync_zone::gs2, 6U);
  EXPECT_EQ(sync_zone::gs2_host, 7U);
}

TEST(SyncZones, OneInternalAndFourExternal) {
  const auto count = [](SyncScope scope) {
    return std::count_if(sync_zones.begin(), sync_zones.end(),
                         [&](const SyncZone& zone) { return zone.scope == scope; });
  };
  EXPECT_EQ(sync_zones.size(), 8U);
  EXPECT_EQ(count(SyncScope::chip), 1);
  EXPECT_EQ(count(SyncScope::system), 4);
}

// "GSxH include the host"; the master forms are the external zones' operands + 8.
TEST(SyncZones, HostsAndMasterForms) {
  for (const SyncZone& zone : sync_zones) {
    EXPECT_EQ(zone.host, zone.operand == 5 || zone.operand == 7) << zone.name;
    const bool external = zone.operand >= 4;
    EXPECT_EQ(zone.master.has_value(), external) << zone.name;
    if (zone.master) {
      EXPECT_EQ(*zone.master, zone.operand + 8) << zone.name;
    }
  }
}

TEST(SyncZones, OperandsOfSyncNameThem) {
  for (unsigned operand = 0; operand < 8; ++operand) {
    ASSERT_NE(find_sync_zone(operand), nullptr) << operand;
    EXPECT_EQ(find_sync_zone(operand)->operand, operand);
  }
  for (unsigned operand = 8; operand < 12; ++operand) EXPECT_EQ(find_sync_zone(operand), nullptr) << operand;
  for (unsigned operand = 12; operand < 16; ++operand) {
    ASSERT_NE(find_sync_zone(operand), nullptr) << operand;
    EXPECT_EQ(find_sync_zone(operand)->operand, operand - 8);
  }
  EXPECT_EQ(find_sync_zone(16), nullptr);
}

// docs/timing.md, 1: `sync 0` and `sync 2` are the tile's own. ANS is the tile's too, but the chip tells its
// end.
TEST(SyncZones, WhoReleasesATile) {
  for (unsigned operand = 0; operand < 16; ++operand) {
    EXPECT_EQ(released_by_tile(operand), operand == 0 || operand == 2) << operand;
    EXPECT_EQ(of_one_tile(operand), operand < 3) << operand;
  }
}

}  // namespace
}  // namespace ipusim::isa
