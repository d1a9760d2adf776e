// When syncs happen and who goes on (docs/exchange.md, "Syncs").
#include "ipusim/chip/sync/sync_unit.hpp"

#include <gtest/gtest.h>

namespace {

using namespace ipusim;
using namespace ipusim::chip;

constexpr TileIndex a{0}, b{1}, c{2};

SyncUnit unit(std::size_t tiles = 3) { return SyncUnit{config::SyncConfig{126, 600, 8}, tiles}; }

TEST(SyncUnit, InternalSyncReleasesAllAfterTheLast) {
  auto sync = unit();
  EXPECT_FALSE(sync.arrive(a, 3, Cycle{10}));
  EXPECT_FALSE(sync.arrive(c, 3, Cycle{50}));
  EXPECT_FALSE(sync.next_event());
  EXPECT_FALSE(sync.arrive(b, 3, Cycle{40}));
  const auto event = sync.next_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->zone, sync_zone::internal);
  EXPECT_EQ(event->last_tile, c);
  EXPECT_EQ(event->release, Cycle{50 + 126});
  EXPECT_EQ(event->released, (std::vector{a, b, c}));
  EXPECT_FALSE(sync.next_event());
}

TEST(SyncUnit, DifferentZonesNeverMeet) {
  auto sync = unit(2);
  sync.arrive(a, 3, Cycle{10});
  sync.arrive(b, 7, Cycle{10});
  EXPECT_FALSE(sync.next_event());
  EXPECT_FALSE(sync.waits_for_host());
}

TEST(SyncUnit, HostZoneNeedsAGrantAndUsesItUp) {
  auto sync = unit(2);
  sync.arrive(a, 7, Cycle{10});
  sync.arrive(b, 15, Cycle{20});  // master form of the same zone
  EXPECT_FALSE(sync.next_event());
  EXPECT_TRUE(sync.waits_for_host());
  sync.set_host_mark(sync_zone::gs2_host, 2, Cycle{1000});
  const auto event = sync.next_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->release, Cycle{1600});
  EXPECT_EQ(sync.host_mark(sync_zone::gs2_host), 1U);
  sync.arrive(a, 7, Cycle{2000});
  sync.arrive(b, 7, Cycle{2100});
  EXPECT_EQ(sync.next_event()->release, Cycle{2700});  // granted long before: the last arrival counts
  EXPECT_EQ(sync.host_mark(sync_zone::gs2_host), 0U);
}

TEST(SyncUnit, TheOtherMarkDoesNotGrant) {
  auto sync = unit(1);
  sync.arrive(a, 5, Cycle{10});
  sync.set_host_mark(sync_zone::gs2_host, 1, Cycle{0});
  EXPECT_FALSE(sync.next_event());
}

TEST(SyncUnit, SansZeroStaysOutOfOneSync) {
  auto sync = unit();
  sync.pre_acknowledge(b, Cycle{5}, 1);
  sync.arrive(b, 1, Cycle{6});
  sync.arrive(a, 3, Cycle{10});
  sync.arrive(c, 3, Cycle{12});
  const auto event = sync.next_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->release, Cycle{12 + 126});
  EXPECT_EQ(event->released, (std::vector{a, b, c}));
}

TEST(SyncUnit, SansOneWaitsForTwoSyncsOfAnyZone) {
  auto sync = unit(2);
  sync.set_host_mark(sync_zone::gs2_host, 1, Cycle{0});
  sync.pre_acknowledge(b, Cycle{5}, 2);
  sync.arrive(b, 1, Cycle{6});
  sync.arrive(a, 3, Cycle{10});
  EXPECT_EQ(sync.next_event()->released, (std::vector{a}));
  sync.arrive(a, 7, Cycle{300});
  const auto event = sync.next_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->released, (std::vector{a, b}));
  EXPECT_EQ(event->release, Cycle{900});
}

TEST(SyncUnit, AcknowledgedTileMayStillRun) {
  auto sync = unit(2);
  sync.pre_acknowledge(b, Cycle{5}, 1);
  sync.arrive(a, 3, Cycle{10});
  EXPECT_EQ(sync.next_event()->released, (std::vector{a}));
  sync.arrive(b, 1, Cycle{500});  // all have happened already
  const auto event = sync.next_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->zone, sync_zone::ans);
  EXPECT_EQ(event->release, Cycle{508});
}

TEST(SyncUnit, MisuseIsExplained) {
  auto sync = unit(2);
  EXPECT_NE(sync.arrive(a, 4, Cycle{1})->find("joins several chips"), std::string::npos);
  EXPECT_NE(sync.arrive(a, 9, Cycle{1})->find("no such zone"), std::string::npos);
}

TEST(SyncUnit, SyncBeforeAcknowledgedOnesAreOverIsMisuse) {
  auto sync = unit(2);
  sync.pre_acknowledge(b, Cycle{5}, 1);
  EXPECT_FALSE(sync.arrive(b, 3, Cycle{6}));  // the other tile's arrival is not known yet
  sync.arrive(a, 3, Cycle{100});
  const auto event = sync.next_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->misused, (std::vector{b}));
  EXPECT_NE(sync.explain_misuse(b).find("sync 3 at cycle 6, before a sync it had acknowledged"),
            std::string::npos);
  sync.arrive(a, 3, Cycle{300});
  EXPECT_FALSE(sync.next_event());  // b never goes on
}

TEST(SyncUnit, MisuseDoesNotDependOnWhoIsReportedFirst) {
  auto sync = unit(2);
  sync.pre_acknowledge(b, Cycle{5}, 1);
  sync.arrive(a, 3, Cycle{100});
  EXPECT_EQ(sync.next_event()->release, Cycle{226});
  EXPECT_NE(sync.arrive(b, 3, Cycle{225})->find("before a sync it had acknowledged"), std::string::npos);
}

TEST(SyncUnit, SyncAfterAcknowledgedOnesIsFine) {
  auto sync = unit(2);
  sync.pre_acknowledge(b, Cycle{5}, 1);
  EXPECT_FALSE(sync.arrive(b, 3, Cycle{226}));
  sync.arrive(a, 3, Cycle{100});
  EXPECT_TRUE(sync.next_event()->misused.empty());
  sync.arrive(a, 3, Cycle{230});
  EXPECT_EQ(sync.next_event()->release, Cycle{230 + 126});
}

TEST(SyncUnit, EachAcknowledgementKeepsItsOwnCycle) {
  auto sync = unit(2);
  sync.pre_acknowledge(b, Cycle{50}, 1);
  sync.pre_acknowledge(b, Cycle{900}, 1);
  sync.arrive(a, 3, Cycle{10});
  EXPECT_EQ(sync.next_event()->release, Cycle{50 + 126});
  sync.arrive(a, 3, Cycle{200});
  EXPECT_EQ(sync.next_event()->release, Cycle{900 + 126});
}

TEST(SyncUnit, AnsJustBeforeTheReleaseStillTakesItsTime) {
  auto sync = unit(2);
  sync.pre_acknowledge(b, Cycle{5}, 1);
  sync.arrive(b, 1, Cycle{133});  // the sync below releases at 136; 8 cycles is the least
  sync.arrive(a, 3, Cycle{10});
  EXPECT_EQ(sync.next_event()->released, (std::vector{a}));
  const auto event = sync.next_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->zone, sync_zone::ans);
  EXPECT_EQ(event->release, Cycle{141});
}

TEST(SyncUnit, AFailedTileTakesPartInNothingLater) {
  auto sync = unit(2);
  sync.bar(b, Cycle{20});
  sync.arrive(a, 3, Cycle{10});
  sync.arrive(b, 3, Cycle{19});
  EXPECT_TRUE(sync.next_event());
  sync.arrive(a, 3, Cycle{200});
  sync.arrive(b, 3, Cycle{200});
  EXPECT_FALSE(sync.next_event());
}

TEST(SyncUnit, TheMarkReadsAsItStandsInACycle) {
  auto sync = unit(1);
  sync.set_host_mark(sync_zone::gs1_host, 2, Cycle{100});
  sync.arrive(a, 5, Cycle{500});
  EXPECT_EQ(sync.next_event()->begin, Cycle{500});
  EXPECT_EQ(sync.host_mark(sync_zone::gs1_host), 1U);
  EXPECT_EQ(sync.host_mark(sync_zone::gs1_host, Cycle{499}), 2U);
  EXPECT_EQ(sync.host_mark(sync_zone::gs1_host, Cycle{500}), 1U);
}

TEST(SyncUnit, OutstandingAcknowledgementsAreNamedWithTheCure) {
  auto sync = unit(2);
  sync.pre_acknowledge(b, Cycle{5}, 2);
  sync.arrive(b, 3, Cycle{6});
  EXPECT_EQ(
      sync.describe(b),
      "waits in sync 3 since cycle 6 (2 syncs acknowledged in advance); it must wait for them with sync 1 "
      "first");
}

TEST(SyncUnit, DescribesWhatATileWaitsFor) {
  auto sync = unit(1);
  EXPECT_EQ(sync.describe(a), "does not wait in a sync");
  sync.pre_acknowledge(a, Cycle{5}, 3);
  sync.arrive(a, 1, Cycle{6});
  EXPECT_EQ(sync.describe(a), "waits in sync 1 since cycle 6 (3 syncs acknowledged in advance)");
}

}  // namespace
