// SPDX-License-Identifier: Apache-2.0
// docs/timing.md, section 6: events, streams, pointer and mux, hazards; exact to the cycle.
#include <gtest/gtest.h>

#include IPUSIM_TEST_TILE_HEADER
#include "tile_bench.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::tile_test;
using Sent = ScriptedExchange::Sent;
using tile::HazardKind;

class Exchange : public ::testing::Test {
 protected:
  TileBench bench{&IPUSIM_TEST_TILE};
  static constexpr std::uint32_t csr_mux = 0xA0, csr_delta = 0xA2, csr_base = 0xA4, csr_count = 0xA6,
                                 csr_out = 0xA7;
  static std::uint32_t word(std::uint32_t address) { return address / 4; }
};

TEST_F(Exchange, ItemsLeaveOnePerCycleFromIssue) {
  bench.poke(data, {10, 20, 30});
  Program p(code_base);
  p.nop().op("send", {2, word(data), 1}).op("sync", {3});
  ASSERT_EQ(bench.run(p).cycle, Cycle{4});
  EXPECT_EQ(bench.exchange.sent, (std::vector<Sent>{{1, 10, 1}, {2, 20, 1}, {3, 30, 1}}));
}

TEST_F(Exchange, StreamGoesOnWithSendoffAndBase) {
  bench.poke(data, {1, 2, 3, 4, 5, 6});
  Program p(code_base);
  p.set(0, data).nop().nop().nop().nop().nop().op("put_mmmn_zi", {0, csr_out});
  p.op("send", {0, 1, 3}).op("sendoff", {1, 0, 3}).op("sendoff", {0, 1, 2}).op("sync", {3});
  bench.run(p);
  EXPECT_EQ(bench.exchange.sent, (std::vector<Sent>{{12, 2, 3}, {13, 3, 3}, {14, 4, 3}, {15, 6, 2}}));
}

TEST_F(Exchange, DelayTakesItsEvents) {
  Program p(code_base);
  p.op("delay", {9}).op("sync", {3});
  EXPECT_EQ(bench.run(p).cycle, Cycle{10});
  EXPECT_EQ(bench.tile->last_exchange_end(), Cycle{10});
}

TEST_F(Exchange, SilentStreamDrivesNothing) {
  Program p(code_base);
  p.op("send", {5, word(data), 0}).op("sync", {3});
  EXPECT_EQ(bench.run(p).cycle, Cycle{6});
  EXPECT_TRUE(bench.exchange.sent.empty());
}

TEST_F(Exchange, MuxControlsActAtTheirEvents) {
  Program p(code_base);
  p.op("delayxpic", {112, 0, 32}).op("delayxpic", {51, 0, null_source});
  p.op("sync", {3});
  bench.run(p);
  EXPECT_EQ(bench.exchange.selected,
            (std::vector<std::pair<std::uint64_t, std::uint32_t>>{{112, 32}, {164, null_source}}));
}

TEST_F(Exchange, SendpicpDoesBothControlsAtItsFirstEvent) {
  bench.poke(data, {7, 8});
  bench.exchange.deliver = {{7, 0xAA}};
  Program p(code_base);
  p.op("sendpicp", {1, word(data), 1, 0, 130, word(0x90000)}).op("delay", {20}).op("sync", {3});
  bench.run(p);
  EXPECT_EQ(bench.exchange.sent, (std::vector<Sent>{{0, 7, 1}, {1, 8, 1}}));
  EXPECT_EQ(bench.exchange.selected, (std::vector<std::pair<std::uint64_t, std::uint32_t>>{{0, 130}}));
  EXPECT_EQ(bench.peek(0x90000), 0xAAU);  // pointer in effect 7 cycles after event 0
}

TEST_F(Exchange, PointerIsInEffectSevenCyclesAfterItsEvent) {
  for (const unsigned at : {12U + 6U, 12U + 7U}) {
    TileBench b{&IPUSIM_TEST_TILE};
    b.exchange.deliver = {{at, 0x55}};
    Program p(code_base);
    p.set(0, 0x90000).nop().nop().nop().nop().nop().op("put_mmmn_zi", {0, csr_base});  // in effect from 13
    p.op("delaypic", {0, 0, 0x100}).op("delay", {20}).op("sync", {3});                 // at 12
    b.run(p);
    EXPECT_EQ(b.peek(0x90000), at == 18 ? 0x55U : 0U);
    EXPECT_EQ(b.peek(0x90000 + 0x400), at == 19 ? 0x55U : 0U);
  }
}

TEST_F(Exchange, WordsFillContiguouslyAndCountDown) {
  bench.exchange.deliver = {{20, 1}, {21, 2}, {25, 3}};
  Program p(code_base);
  p.set(0, 0x90000).set(1, 3).nop().nop().nop().nop().nop().op("put_mmmn_zi", {0, csr_base});
  p.op("put_mmmn_zi", {1, csr_count}).op("sync", {0}).op("get_mmmn_zi", {2, csr_count});
  p.op("get_mmmn_zi", {3, csr_delta}).op("sync", {3});
  bench.run(p);
  EXPECT_EQ(bench.peek(0x90000), 1U);
  EXPECT_EQ(bench.peek(0x90004), 2U);
  EXPECT_EQ(bench.peek(0x90008), 3U);
  EXPECT_EQ(bench.m(2), 0U);
  EXPECT_EQ(bench.m(3), 12U);
  // put at 13, so sync 0 at 19; the last word at 25 frees the supervisor at 31.
  EXPECT_EQ(bench.cycles_of(Context::supervisor()).at(10), 31U);
}

TEST_F(Exchange, CountThatNeverCompletesIsReported) {
  Program p(code_base);
  p.set(1, 3).nop().nop().nop().nop().nop().op("put_mmmn_zi", {1, csr_count}).op("sync", {0});
  const auto stop = bench.run(p);
  EXPECT_EQ(stop.reason, tile::StopReason::receive_wait);
  EXPECT_EQ(stop.words_missing, 3U);
}

TEST_F(Exchange, LoadAfterTheWriteSeesIt) {
  bench.exchange.deliver = {{15, 0x77}};
  Program p(code_base);
  p.set(0, 0x90000).nop().nop().nop().nop().nop().op("put_mmmn_zi", {0, csr_base});
  for (int i = 12; i < 15; ++i) p.nop();
  p.op("ld32_mmmn_zi", {0, 15, 0, 1}).op("ld32_mmmn_zi", {0, 15, 0, 2}).op("sync", {3});  // at 15 and 16
  bench.run(p);
  EXPECT_EQ(bench.m(1), 0U);
  EXPECT_EQ(bench.m(2), 0x77U);
  ASSERT_EQ(bench.recorder.hazards.size(), 1U);  // the load of cycle 15 met the write in its element
  EXPECT_EQ(bench.recorder.hazards[0],
            (tile::Hazard{HazardKind::clash_with_access, Cycle{15}, ByteAddr{0x90000}, 0x77}));
}

TEST_F(Exchange, ClashWithFetchAndWithTheOwnSend) {
  bench.exchange.deliver = {{14, 1}, {15, 2}};
  Program p(code_base);
  p.set(0, code_base + 0x1000).nop().nop().nop().nop().nop().op("put_mmmn_zi", {0, csr_base});
  for (int i = 12; i < 14; ++i) p.nop();
  p.nop();  // 14: fetch of the same element
  p.op("send", {0, word(code_base + 0x2000), 1}).op("delay", {5}).op("sync", {3});  // 15: fetch and send read
  bench.run(p);
  ASSERT_EQ(bench.recorder.hazards.size(), 3U);
  EXPECT_EQ(bench.recorder.hazards[0].kind, HazardKind::clash_with_fetch);
  EXPECT_EQ(bench.recorder.hazards[1].kind, HazardKind::clash_with_access);
  EXPECT_EQ(bench.recorder.hazards[2].kind, HazardKind::clash_with_fetch);
}

TEST_F(Exchange, LiveWorkersAreAHazard) {
  bench.exchange.deliver = {{16, 1}};
  Program w(worker_code);
  w.nop().nop().op("exitz_mmmn", {15});
  bench.load(w);
  Program p(code_base);
  p.set(2, 0x90000).set(0, worker_code).set(1, 0).nop().nop().nop().op("put_mmmn_zi", {2, csr_base});
  p.op("run_mmmn_zi", {0, 1, 0}).op("sync", {2}).op("sync", {3});
  bench.run(p);
  ASSERT_EQ(bench.recorder.hazards.size(), 1U);
  EXPECT_EQ(bench.recorder.hazards[0].kind, HazardKind::live_workers);
}

TEST_F(Exchange, WriteOutsideMemoryIsDroppedAndReported) {
  bench.exchange.deliver = {{5, 1}};
  Program p(code_base);
  p.op("delay", {20}).op("sync", {3});
  bench.run(p);
  ASSERT_EQ(bench.recorder.hazards.size(), 1U);
  EXPECT_EQ(bench.recorder.hazards[0].kind, HazardKind::receive_address);
}

// The count is put before the sync that opens the phase; the one that closes it must find 0.
TEST_F(Exchange, SyncThatClosesAPhaseWithWordsMissingIsAHazard) {
  Program p(code_base);
  p.set(1, 9).nop().nop().nop().nop().nop().op("put_mmmn_zi", {1, csr_count}).op("sync", {3}).op("sync", {3});
  bench.run(p);
  EXPECT_TRUE(bench.recorder.hazards.empty());
  bench.tile->release_sync(Cycle{200});
  bench.tile->advance(Cycle{1000});
  ASSERT_EQ(bench.recorder.hazards.size(), 1U);
  EXPECT_EQ(bench.recorder.hazards[0].kind, HazardKind::receive_incomplete);
  EXPECT_EQ(bench.recorder.hazards[0].cycle, Cycle{200});
  EXPECT_EQ(bench.recorder.hazards[0].word, 9U);
}

TEST_F(Exchange, SansReportsAndGoesOn) {
  Program p(code_base);
  p.nop().op("sans", {1}).op("sync", {1});
  const auto stop = bench.run(p);
  EXPECT_EQ(stop.sync_zone, 1U);
  EXPECT_EQ(stop.cycle, Cycle{2});
  EXPECT_EQ(bench.exchange.acknowledged, (std::vector<std::pair<std::uint64_t, std::uint32_t>>{{1, 2}}));
}

TEST_F(Exchange, SendOutsideMemoryFaults) {
  Program p(code_base);
  p.op("send", {0, 0, 1});
  const auto stop = bench.run(p);
  EXPECT_EQ(stop.exception.type, tile::ExceptionType::exchange_configuration);
  EXPECT_EQ(stop.exception.cause, tile::ExceptionCause::exchange_address);
}

}  // namespace
