// SPDX-License-Identifier: Apache-2.0
// Host sync marks in simulated time (latency of an external sync: 600 cycles, [SDK]).
#include "bench.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using chip_test::address;
using chip_test::Bench;
using chip_test::Host;
using control::ChipStatus;
using tile_test::Program;

constexpr auto ok = tlm::TLM_OK_RESPONSE;
constexpr std::int64_t csr_count_low = 0x60;
constexpr std::uint64_t latency = 600;

class HostSync : public chip_test::SimulationTest {};

// Waits in the host zone `syncs` times and keeps the cycle after each in $m1, $m2, ...; the first sync issues
// at cycle `wait` + 1.
Program waiter(std::int64_t zone, unsigned syncs, std::int64_t wait) {
  Program p(chip_test::code_base);
  p.op("delay", {wait});
  for (unsigned i = 1; i <= syncs; ++i) p.op("sync", {zone}).op("get_mmmn_zi", {i, csr_count_low});
  p.op("sync", {zone});
  return p;
}
std::uint32_t m(ChipModule& chip, unsigned n) {
  return chip.chip().tile(TileIndex{0}).read_register(Context::supervisor(), tile::RegisterWrite::File::m, n);
}

TEST_F(HostSync, AMarkWrittenBeforeGrantsFromTheLastArrival) {
  Bench bench({0}, [&](Host& h, ChipModule& chip) {
    h.load(TileId{0}, waiter(7, 1, 99));
    EXPECT_EQ(h.write(control::gs2_mark, 1), ok);
    EXPECT_EQ(h.write(control::go, 1), ok);
    EXPECT_EQ(h.read(control::gs2_mark).value, 1U);  // not taken yet, though the model has run ahead
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    EXPECT_EQ(h.read(control::gs2_mark).value, 0U);
    EXPECT_EQ(m(chip, 1), 100 + latency);
    ASSERT_EQ(h.interrupts.size(), 2U);
    EXPECT_EQ(h.interrupts[0].vector, 4U);
    EXPECT_EQ(h.interrupts[0].at, chip.clock().time_of(Cycle{100}));
    EXPECT_EQ(h.interrupts[1].vector, 5U);
    EXPECT_EQ(h.interrupts[1].at, chip.clock().time_of(Cycle{100 + latency + 1}));
  });
  bench.run();
}

TEST_F(HostSync, AMarkWrittenLaterGrantsFromTheNextCycle) {
  Bench bench({0}, [&](Host& h, ChipModule& chip) {
    h.load(TileId{0}, waiter(5, 1, 99));
    h.write(control::go, 1);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    const Cycle grant{5000};
    h.rest(chip.clock().time_of(grant) - sc_core::sc_time(1, sc_core::SC_PS) - sc_core::sc_time_stamp());
    EXPECT_EQ(h.write(control::gs2_mark, 1), ok);  // the other zone's mark
    h.rest(sc_core::SC_ZERO_TIME);
    EXPECT_EQ(h.read(control::chip_status).value, static_cast<std::uint32_t>(ChipStatus::waits_for_host));
    EXPECT_EQ(h.write(control::gs1_mark, 1), ok);
    h.rest(sc_core::sc_time(1, sc_core::SC_PS));
    EXPECT_EQ(chip.status(), ChipStatus::running);
    EXPECT_EQ(h.read(control::gs1_mark).value, 0U);  // happened in cycle 5000
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    EXPECT_EQ(m(chip, 1), grant.value() + latency);
    ASSERT_EQ(h.interrupts.size(), 3U);
    EXPECT_EQ(h.interrupts[0].vector, 3U);
    EXPECT_EQ(h.interrupts[1].vector, 2U);
    EXPECT_EQ(h.interrupts[1].at, chip.clock().time_of(grant));
    EXPECT_EQ(h.interrupts[2].vector, 3U);
  });
  bench.run();
}

TEST_F(HostSync, AMarkOfSeveralCountsDownAsSyncsHappen) {
  Bench bench({0}, [&](Host& h, ChipModule& chip) {
    h.load(TileId{0}, waiter(15, 3, 99));
    EXPECT_EQ(h.write(control::gs2_mark, 3), ok);
    h.write(control::go, 1);
    h.rest(chip.clock().time_of(Cycle{100}));
    EXPECT_EQ(h.read(control::gs2_mark).value, 2U);
    EXPECT_EQ(h.write(control::gs2_mark, 1), tlm::TLM_GENERIC_ERROR_RESPONSE);  // not used up
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    EXPECT_EQ(h.read(control::gs2_mark).value, 0U);
    EXPECT_EQ(m(chip, 3), 100 + 3 * latency + 2);  // one cycle for each get
    EXPECT_EQ(h.write(control::gs2_mark, 0x10000), tlm::TLM_GENERIC_ERROR_RESPONSE);
  });
  bench.run();
}

TEST_F(HostSync, AMarkWrittenWhileTimeCatchesUpIsNotMissed) {
  Bench bench({0}, [&](Host& h, ChipModule& chip) {
    h.load(TileId{0}, waiter(7, 1, 9999));
    h.write(control::go, 1);
    h.rest(chip.clock().time_of(Cycle{50}));  // the model has run ahead to cycle 10000
    EXPECT_EQ(h.write(control::gs2_mark, 1), ok);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    EXPECT_EQ(m(chip, 1), 10000 + latency);
    EXPECT_EQ(h.interrupts[0].vector, 4U);  // it never waited for the host
    EXPECT_EQ(h.interrupts[0].at, chip.clock().time_of(Cycle{10000}));
  });
  bench.run();
}

// Several times as long as the chip is run ahead at once.
TEST_F(HostSync, ALongWayToTheSync) {
  constexpr std::uint64_t way = 3 * ChipModule::run_ahead_cycles + 100;
  Bench bench({0}, [&](Host& h, ChipModule& chip) {
    h.load(TileId{0}, waiter(7, 1, way - 1));
    h.write(control::go, 1);
    h.rest(chip.clock().time_of(Cycle{ChipModule::run_ahead_cycles + 50}));
    EXPECT_EQ(h.write(control::gs2_mark, 1), ok);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    EXPECT_EQ(m(chip, 1), way + latency);
    ASSERT_EQ(h.interrupts.size(), 2U);
    EXPECT_EQ(h.interrupts[0].vector, 4U);
    EXPECT_EQ(h.interrupts[0].at, chip.clock().time_of(Cycle{way}));
    EXPECT_EQ(h.interrupts[1].at, chip.clock().time_of(Cycle{way + latency + 1}));
  });
  bench.run();
}

// A tile that stays out of the entry sync and listens to one that is in it: its time must not run ahead of a
// grant that has not come.
TEST_F(HostSync, AnAcknowledgedListenerHearsWhatIsSentAfterALateGrant) {
  Program sender(chip_test::code_base);
  sender.op("sync", {7}).op("delay", {29}).op("send", {0, 0x90000 / 4, 3}).op("delay", {300}).op("sync", {7});
  Program listener(chip_test::code_base);
  listener.set(0, 0xA0000).set(1, 1).nop().nop().nop().nop().nop();
  listener.op("put_mmmn_zi", {0, 0xA4}).op("put_mmmn_zi", {1, 0xA6}).op("sans", {0});
  listener.op("delayxpic", {0, 0, 0}).op("sync", {0}).op("get_mmmn_zi", {2, csr_count_low});
  listener.op("delayxpic", {0, 0, 0x640}).op("sync", {1}).op("sync", {7});
  Bench bench({0, 53}, [&](Host& h, ChipModule& chip) {
    h.load(TileId{0}, sender);
    h.load(TileId{53}, listener);
    EXPECT_EQ(h.put_words(address(0, 0x90000), {0xABCD1234}), ok);
    h.write(control::go, 1);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    h.rest(chip.clock().time_of(Cycle{50000}) - sc_core::sc_time_stamp());
    h.write(control::gs2_mark, 1);
    h.rest(sc_core::sc_time(1, sc_core::SC_PS));
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    std::vector<std::uint8_t> got(4);
    EXPECT_EQ(h.move(tlm::TLM_READ_COMMAND, address(53, 0xA0000), got), ok);
    EXPECT_EQ(got, (std::vector<std::uint8_t>{0x34, 0x12, 0xCD, 0xAB}));
  });
  bench.run();
  // Sent 30 cycles after the release; published M(0, 53) = -23, mux delay 59; 6 cycles for sync 0.
  const auto released = bench.chip->chip()
                            .tile(TileIndex{1})
                            .read_register(Context::supervisor(), tile::RegisterWrite::File::m, 2);
  EXPECT_EQ(released, 50000 + latency + 30 - 23 + 59 + 6);
}

}  // namespace
