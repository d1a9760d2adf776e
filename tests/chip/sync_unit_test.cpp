// SPDX-License-Identifier: Apache-2.0
// When syncs happen and who goes on (docs/exchange.md, "Syncs").
#include "ipusim/chip/sync/sync_unit.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ipusim/chip/edge/host_marks.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;

constexpr TileIndex a{0}, b{1}, c{2};

// The zones of the parts, latencies 8, 126 and 600.
config::SyncConfig zones() {
  using config::SyncScope;
  return {{{1, "ans", SyncScope::tile, false, 8},
           {3, "internal", SyncScope::chip, false, 126},
           {4, "gs1", SyncScope::system, false, 600},
           {5, "gs1_host", SyncScope::system, true, 600},
           {7, "gs2_host", SyncScope::system, true, 600}}};
}

// A sync unit with what decides when its syncs happen: the chip for its own zones, else the host.
class Unit : public SyncUnit {
 public:
  explicit Unit(std::size_t tiles = 3) : SyncUnit(zones(), tiles) {}
  HostMarks marks{zones()};

  struct Happened : Event {
    explicit Happened(const Event& event)
        : Event(event),
          zone(event.sync.zone->number),
          release(event.when.release),
          last_tile(event.sync.last_tile) {}
    unsigned zone;
    Cycle release;
    TileIndex last_tile;
  };
  // The next that can happen with what is known.
  std::optional<Happened> next_event() {
    if (const auto alone = next_alone()) return Happened{*alone};
    const auto sync = complete();
    if (!sync) return std::nullopt;
    Release when{sync->last_arrival, sync->last_arrival + sync->zone->latency_cycles};
    if (sync->zone->scope == config::SyncScope::system) {
      marks.arrived(sync->zone->number, sync->last_arrival);
      const auto released = marks.released(sync->zone->number);
      if (!released) return std::nullopt;
      when = *released;
    }
    return Happened{happen(*sync, when)};
  }
};

Unit unit(std::size_t tiles = 3) { return Unit{tiles}; }

TEST(SyncUnit, InternalSyncReleasesAllAfterTheLast) {
  auto sync = unit();
  EXPECT_FALSE(sync.arrive(a, 3, Cycle{10}));
  EXPECT_FALSE(sync.arrive(c, 3, Cycle{50}));
  EXPECT_FALSE(sync.next_event());
  EXPECT_FALSE(sync.arrive(b, 3, Cycle{40}));
  const auto event = sync.next_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->zone, 3U);
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
  EXPECT_FALSE(sync.complete());
}

TEST(SyncUnit, HostZoneNeedsAGrantAndUsesItUp) {
  auto sync = unit(2);
  sync.arrive(a, 7, Cycle{10});
  sync.arrive(b, 15, Cycle{20});  // master form of the same zone
  EXPECT_FALSE(sync.next_event());
  EXPECT_EQ(sync.marks.waits_for_mark(), 7U);
  sync.marks.grant(7, 2, Cycle{1000});
  const auto event = sync.next_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->release, Cycle{1600});
  EXPECT_EQ(sync.marks.left(7), 1U);
  sync.arrive(a, 7, Cycle{2000});
  sync.arrive(b, 7, Cycle{2100});
  EXPECT_EQ(sync.next_event()->release, Cycle{2700});  // granted long before: the last arrival counts
  EXPECT_EQ(sync.marks.left(7), 0U);
}

TEST(SyncUnit, TheOtherMarkDoesNotGrant) {
  auto sync = unit(1);
  sync.arrive(a, 5, Cycle{10});
  sync.marks.grant(7, 1, Cycle{0});
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
  sync.marks.grant(7, 1, Cycle{0});
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
  EXPECT_EQ(event->zone, 1U);
  EXPECT_EQ(event->release, Cycle{508});
}

// Alone in its system, a chip is all that such a zone joins.
TEST(SyncUnit, AZoneOfTheSystemNeedsNoHost) {
  auto sync = unit(2);
  sync.arrive(a, 4, Cycle{10});
  sync.arrive(b, 12, Cycle{20});
  const auto event = sync.next_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->zone, 4U);
  EXPECT_EQ(event->release, Cycle{620});
  EXPECT_TRUE(sync.marks.syncs().empty());
}

TEST(SyncUnit, MisuseIsExplained) {
  auto sync = unit(2);
  for (const unsigned operand : {6U, 8U, 9U, 11U, 14U}) {
    const auto misuse = sync.arrive(a, operand, Cycle{1});
    ASSERT_TRUE(misuse) << operand;
    EXPECT_EQ(*misuse,
              fmt::format("sync {}: there is no such zone; this part has 1 (ans), 3 (internal), 4 (gs1), 5 "
                          "(gs1_host), 7 (gs2_host)",
                          operand));
  }
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
  EXPECT_EQ(event->zone, 1U);
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
  sync.marks.grant(5, 2, Cycle{100});
  sync.arrive(a, 5, Cycle{500});
  EXPECT_EQ(sync.next_event()->when.happens, Cycle{500});
  EXPECT_EQ(sync.marks.left(5), 1U);
  EXPECT_EQ(sync.marks.left(5, Cycle{499}), 2U);
  EXPECT_EQ(sync.marks.left(5, Cycle{500}), 1U);
}

// 19 bits: 524,288 fit. What counts is what is outstanding in the cycle of the `sans`, whoever is told first.
TEST(SyncUnit, MoreAcknowledgementsThanAreCountedAreMisuse) {
  constexpr std::uint32_t all = 524'288;
  const auto full = [](Cycle arrival_of_a) {
    auto sync = unit(2);
    sync.pre_acknowledge(b, Cycle{5}, all);
    sync.pre_acknowledge(b, Cycle{1000}, 1);
    sync.arrive(a, 3, arrival_of_a);
    return sync.next_event().value();
  };
  EXPECT_TRUE(full(Cycle{100}).overfull.empty());  // over in cycle 226
  EXPECT_TRUE(full(Cycle{874}).overfull.empty());  // in cycle 1000
  const auto late = full(Cycle{875});
  ASSERT_EQ(late.overfull.size(), 1U);
  EXPECT_EQ(late.overfull[0].tile, b);
  EXPECT_EQ(late.overfull[0].at, Cycle{1000});

  auto told_late = unit(2);
  told_late.pre_acknowledge(b, Cycle{5}, all);
  told_late.arrive(a, 3, Cycle{875});
  EXPECT_TRUE(told_late.next_event().value().overfull.empty());
  told_late.pre_acknowledge(b, Cycle{1000}, 1);
  const auto found = told_late.take_overfull();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(told_late.explain_overfull(found[0]),
            "sans at cycle 1000: more than 524288 syncs acknowledged in advance are outstanding, as many as "
            "ANS_DCOUNT counts; wait for some with sync 1");
  EXPECT_TRUE(told_late.take_overfull().empty());

  auto fits = unit(2);
  fits.pre_acknowledge(b, Cycle{5}, all);
  EXPECT_TRUE(fits.take_overfull().empty());
}

// Room that one sync makes is taken by one `sans`, not by the next as well.
TEST(SyncUnit, EachSyncMakesRoomOnce) {
  auto sync = unit(2);
  sync.pre_acknowledge(b, Cycle{5}, 524'288);
  sync.pre_acknowledge(b, Cycle{1000}, 1);
  sync.pre_acknowledge(b, Cycle{1001}, 1);
  sync.arrive(a, 3, Cycle{100});
  EXPECT_TRUE(sync.next_event().value().overfull.empty());
  const auto found = sync.take_overfull();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].at, Cycle{1001});
}

TEST(SyncUnit, OutstandingAcknowledgementsAreNamedWithTheCure) {
  auto sync = unit(2);
  sync.pre_acknowledge(b, Cycle{5}, 2);
  sync.arrive(b, 3, Cycle{6});
  EXPECT_EQ(
      describe(sync.standing(b), Cycle{0}),
      "waits in sync 3 since cycle 6 (2 syncs acknowledged in advance); it must wait for them with sync 1 "
      "first");
}

TEST(SyncUnit, DescribesWhatATileWaitsFor) {
  auto sync = unit(1);
  EXPECT_EQ(sync.standing(a).kind, TileStanding::Kind::runs);
  sync.pre_acknowledge(a, Cycle{5}, 3);
  sync.arrive(a, 1, Cycle{6});
  EXPECT_EQ(describe(sync.standing(a), Cycle{0}),
            "waits in sync 1 since cycle 6 (3 syncs acknowledged in advance)");
}

}  // namespace
