// SPDX-License-Identifier: Apache-2.0
// Cycles and SystemC time convert without drift, to and fro.
#include "ipusim/chip/module/chip_clock.hpp"

#include "bench.hpp"

namespace {

using namespace ipusim;
using chip::ChipClock;
using sc_core::SC_PS;
using sc_core::sc_time;

class Clock : public chip_test::SimulationTest {};

TEST_F(Clock, Mk2Cycles) {
  const ChipClock clock(1'325'000'000);  // 754.716... ps a cycle
  EXPECT_EQ(clock.time_of(Cycle{0}), sc_core::SC_ZERO_TIME);
  EXPECT_EQ(clock.time_of(Cycle{1}), sc_time(754, SC_PS));
  EXPECT_EQ(clock.time_of(Cycle{2}), sc_time(1509, SC_PS));
  EXPECT_EQ(clock.time_of(Cycle{1'325'000'000}), sc_time(1, sc_core::SC_SEC));
}

TEST_F(Clock, SomethingBetweenTwoCyclesTakesEffectInTheNext) {
  const ChipClock clock(1'325'000'000);
  EXPECT_EQ(clock.first_at_or_after(sc_time(754, SC_PS)), Cycle{1});
  EXPECT_EQ(clock.first_at_or_after(sc_time(755, SC_PS)), Cycle{2});
  EXPECT_EQ(clock.under_way_at(sc_time(754, SC_PS)), Cycle{1});
  EXPECT_EQ(clock.under_way_at(sc_time(1508, SC_PS)), Cycle{1});
  EXPECT_EQ(clock.under_way_at(sc_time(753, SC_PS)), Cycle{0});
}

TEST_F(Clock, EveryCycleComesBackAsItself) {
  for (const std::uint64_t hz : {1'325'000'000ULL, 1'850'000'000ULL, 1'600'000'000ULL, 999'999'937ULL}) {
    const ChipClock clock(hz);
    for (std::uint64_t c = 1; c < (std::uint64_t{1} << 42U); c = c * 3 + 1) {
      EXPECT_EQ(clock.first_at_or_after(clock.time_of(Cycle{c})), Cycle{c}) << hz;
      EXPECT_EQ(clock.under_way_at(clock.time_of(Cycle{c})), Cycle{c}) << hz;
      EXPECT_EQ(clock.first_at_or_after(clock.time_of(Cycle{c}) + sc_time(1, SC_PS)), Cycle{c + 1}) << hz;
    }
  }
}

TEST_F(Clock, TooFastForTheResolution) { EXPECT_THROW(ChipClock(2'000'000'000'000), std::invalid_argument); }

}  // namespace
