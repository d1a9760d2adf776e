// SPDX-License-Identifier: Apache-2.0
// A chip on which exceptions are cleared: when a tile goes on, and what the others notice.
#include <gtest/gtest.h>

#include "fast_chip.hpp"
#include "tile_kinds.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using chip_test::FastChip;
using tile_test::Program;
using tile_test::words;

constexpr std::uint32_t code = 0x4C000, buffer = 0x90000, worker_code = 0x50000;
constexpr std::uint32_t csr_count = 0x60, csr_base = 0xA4, csr_words = 0xA6, null_source = 0x640;
constexpr tile::ContextMask supervisor = 1, worker0 = 2;
constexpr std::uint64_t internal_latency = 126;
// A word from place 0 to place 53: published M = -23, mux delay 59.
constexpr std::uint64_t path = 59 - 23;

class KindCase : public ::testing::TestWithParam<std::string> {
 protected:
  FastChip chip_of(const std::vector<std::pair<std::uint16_t, Program>>& tiles,
                   const config::HazardConfig& hazards = {}) const {
    return FastChip(tiles, hazards, GetParam(), chip_test::tile_factories());
  }
};
class Resume : public KindCase {};
class HazardsAsExceptions : public KindCase {};
const auto kind_name = [](const auto& kind) { return kind.param; };
INSTANTIATE_TEST_SUITE_P(Kinds, Resume, ::testing::ValuesIn(chip_test::tile_kinds()), kind_name);
INSTANTIATE_TEST_SUITE_P(Kinds, HazardsAsExceptions, ::testing::ValuesIn(chip_test::tile_kinds()), kind_name);

void put_nop(FastChip& run, std::uint32_t tile, std::uint32_t at) {
  const auto nop = words("setzi_mmmn_zi", {14, 0});
  run.chip->tile(TileIndex{tile}).write_memory(ByteAddr{at}, std::as_bytes(std::span{nop}));
}

// Stops in cycle `at` > 0; keeps the cycle after in $m5.
Program trap_at(std::int64_t at) {
  Program p(code);
  p.op("delay", {at - 1}).op("trap_mmmn_zi", {0}).op("get_mmmn_zi", {5, csr_count}).op("sync", {7});
  return p;
}
constexpr std::uint32_t trap_of_trap_at = code + 4;

TEST_P(Resume, AfterTheShortestTimeAtTheEarliest) {
  FastChip run = chip_of({{0, trap_at(10)}});
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  EXPECT_EQ(run.chip->exception(TileIndex{0})->cycle, Cycle{10});
  put_nop(run, 0, trap_of_trap_at);
  const std::uint64_t at = 10 + tile::min_resume_delay;
  EXPECT_EQ(run.chip->clear_exceptions(TileIndex{0}, supervisor), Cycle{at});
  EXPECT_FALSE(run.chip->exception(TileIndex{0}));
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
  EXPECT_EQ(run.m(0, 5), at + 1);
  const ChipReport report = run.chip->report();
  EXPECT_TRUE(report.exceptions.empty());
  EXPECT_EQ(report.end, Cycle{at + 2});
  EXPECT_EQ(report.cycles.compute, at + 2);  // the time it stood still, too
  EXPECT_EQ(report.tile_cycles[0].compute, at + 2);
}

TEST_P(Resume, NotBeforeAnyTileHasBeenSimulated) {
  FastChip run = chip_of({{0, trap_at(10)}, {53, trap_at(3000)}});
  run.chip->run();
  put_nop(run, 0, trap_of_trap_at);
  put_nop(run, 1, trap_of_trap_at);
  EXPECT_EQ(run.chip->clear_exceptions(TileIndex{0}, supervisor), Cycle{3001});
  // The other has still failed.
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  EXPECT_EQ(run.m(0, 5), 3002U);
  ASSERT_EQ(run.chip->report().exceptions.size(), 1U);
  EXPECT_EQ(run.chip->report().exceptions[0].tile, TileIndex{1});
  EXPECT_EQ(run.chip->clear_exceptions(TileIndex{1}, supervisor, Cycle{9000}), Cycle{9000});
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
  EXPECT_EQ(run.m(1, 5), 9001U);
}

TEST_P(Resume, OnlyForTheContextThatExcepted) {
  FastChip run = chip_of({{0, trap_at(10)}});
  run.chip->run();
  EXPECT_EQ(run.chip->clear_exceptions(TileIndex{0}, worker0), std::nullopt);
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  EXPECT_EQ(run.chip->exception(TileIndex{0})->cycle, Cycle{10});
}

// The receiver waits in sync 0 for a word whose sender stands still, which had looked like forever.
TEST_P(Resume, WhatItSendsThenArrives) {
  Program sends(code);
  sends.op("sync", {3}).op("trap_mmmn_zi", {0}).op("send", {0, buffer / 4, 3}).op("delay", {300});
  sends.op("sync", {7});
  Program receives(code);
  receives.set(0, buffer).set(1, 1).nop().nop().nop().nop().nop();                              // 0 to 6
  receives.op("put_mmmn_zi", {0, csr_base}).op("put_mmmn_zi", {1, csr_words}).op("sync", {3});  // 7, 13, 19
  receives.op("delayxpic", {0, 0, 0}).op("sync", {0}).op("delayxpic", {0, 0, null_source});
  receives.op("get_mmmn_zi", {5, csr_count}).op("sync", {7});
  const std::uint64_t release = 19 + internal_latency;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    FastChip run = chip_of({{0, sends}, {53, receives}});
    if (seed != 0) run.chip->set_scheduler(chip::make_shuffled_scheduler(seed, 1 + seed * seed));
    const std::uint32_t sent = 0xABCD1234;
    run.chip->tile(TileIndex{0}).write_memory(ByteAddr{buffer}, std::as_bytes(std::span{&sent, 1}));
    EXPECT_EQ(run.chip->run(), ChipState::stopped);
    EXPECT_EQ(run.chip->exception(TileIndex{0})->cycle, Cycle{release});
    put_nop(run, 0, code + 4);
    EXPECT_EQ(run.chip->clear_exceptions(TileIndex{0}, supervisor, Cycle{5000}), Cycle{5000});
    EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
    std::uint32_t got = 0;
    run.chip->tile(TileIndex{1}).read_memory(ByteAddr{buffer}, std::as_writable_bytes(std::span{&got, 1}));
    EXPECT_EQ(got, sent);
    EXPECT_EQ(run.m(1, 5), 5001 + path + 6 + 1);  // sync 0 takes 6, the selection of nothing 1
    const ChipReport report = run.chip->report();
    EXPECT_EQ(report.end, Cycle{5002 + 301});
    EXPECT_EQ(report.cycles.total(), report.end.value());
    EXPECT_EQ(report.tile_cycles[0].sync, release);
    EXPECT_EQ(report.tile_cycles[0].compute, 5000 - release);
    EXPECT_EQ(report.tile_cycles[0].exchange, 303U);
    EXPECT_EQ(report.exchange.words_received, 1U);
  }
}

TEST_P(Resume, OthersWaitInTheirSync) {
  Program works(code);
  works.op("delay", {19}).op("sync", {3}).op("get_mmmn_zi", {5, csr_count}).op("sync", {7});
  Program stops(code);
  stops.op("delay", {9}).op("trap_mmmn_zi", {0}).op("sync", {3}).op("get_mmmn_zi", {5, csr_count});
  stops.op("sync", {7});
  FastChip run = chip_of({{0, works}, {53, stops}, {63, works}});
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  EXPECT_EQ(run.chip->report().supersteps, 0U);
  put_nop(run, 1, code + 4);
  EXPECT_EQ(run.chip->clear_exceptions(TileIndex{1}, supervisor, Cycle{700}), Cycle{700});
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
  for (std::uint32_t i = 0; i < 3; ++i) EXPECT_EQ(run.m(i, 5), 701 + internal_latency);
  EXPECT_EQ(run.chip->report().supersteps, 1U);
}

// Stopped by its worker while the sync of its supervisor is granted: that waits for nothing but the tile.
TEST_P(Resume, AReleaseWhileItStoodStill) {
  Program worker(worker_code);
  for (unsigned i = 0; i < 5; ++i) worker.nop();
  worker.op("trap_mmmn_zi", {0}).op("exitz_mmmn", {15});
  Program stops(code);
  stops.set(0, worker_code)
      .op("run_mmmn_zi", {0, 15, 0})
      .op("sync", {3});  // 0, 6, 13: not in the worker's slot
  stops.op("get_mmmn_zi", {5, csr_count}).op("sync", {2}).op("sync", {7});
  Program late(code);
  late.op("delay", {999}).op("sync", {3}).op("sync", {7});
  FastChip run = chip_of({{0, stops}, {53, late}});
  run.chip->tile(TileIndex{0}).write_memory(ByteAddr{worker_code}, std::as_bytes(std::span{worker.code()}));
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  // First turn of slot 0 at or after 6 + 6; the sixth bundle.
  EXPECT_EQ(run.chip->exception(TileIndex{0})->cycle, Cycle{12 + 5 * 6});
  put_nop(run, 0, worker_code + 5 * 4);
  EXPECT_EQ(run.chip->clear_exceptions(TileIndex{0}, worker0, Cycle{5000}), Cycle{5000});
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
  EXPECT_EQ(run.m(0, 5), 5000U);
  EXPECT_EQ(run.chip->report().tile_cycles[0].sync, 5000U - 13U);
}

// The receiver's next sync issues in the cycle in which a word comes to an address that is none (its base is
// 0): it stops with an exchange error, and has arrived at the sync only when it goes on.
TEST_P(Resume, ASyncInTheCycleOfAnExchangeError) {
  Program sends(code);
  sends.op("sync", {3}).op("delay", {29}).op("send", {0, buffer / 4, 3}).op("delay", {300});
  sends.op("sync", {3}).op("get_mmmn_zi", {5, csr_count}).op("sync", {7});
  const std::uint64_t arrival = internal_latency + 30 + path;
  Program receives(code);
  receives.op("sync", {3}).op("delayxpic", {0, 0, 0});
  receives.op("delay", {static_cast<std::int64_t>(arrival - (internal_latency + 1) - 1)});
  receives.op("sync", {3}).op("get_mmmn_zi", {5, csr_count}).op("sync", {7});
  config::HazardConfig hazards;
  hazards.set("receive_address", config::HazardPolicy::exception);
  FastChip run = chip_of({{0, sends}, {53, receives}}, hazards);
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  const tile::ExceptionReport exception = run.chip->exception(TileIndex{1}).value();
  EXPECT_EQ(exception.cause, tile::ExceptionCause::exchange_error);
  EXPECT_EQ(exception.cycle, Cycle{arrival});
  EXPECT_EQ(exception.pc, ByteAddr{code + 4 * 4});  // behind the sync
  EXPECT_EQ(run.chip->report().supersteps, 1U);
  EXPECT_EQ(run.chip->clear_exceptions(TileIndex{1}, supervisor, Cycle{1000}), Cycle{1000});
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
  EXPECT_EQ(run.chip->report().supersteps, 2U);
  for (std::uint32_t i = 0; i < 2; ++i) EXPECT_EQ(run.m(i, 5), 1000 + internal_latency);
}

TEST_P(Resume, WordsUnderWayToATileThatStoodStillAreLost) {
  Program sends(code);
  sends.op("sync", {3}).op("delay", {29}).op("send", {9, buffer / 4, 3}).op("delay", {300}).op("sync", {7});
  Program receives(code);
  receives.set(0, buffer).set(1, 1).nop().nop().nop().nop().nop();
  receives.op("put_mmmn_zi", {0, csr_base}).op("put_mmmn_zi", {1, csr_words}).op("sync", {3});  // 7, 13, 19
  receives.op("delayxpic", {0, 0, 0}).op("trap_mmmn_zi", {0});
  receives.op("put_mmmn_zi", {15, csr_words}).op("sync", {7});
  FastChip run = chip_of({{0, sends}, {53, receives}});
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  put_nop(run, 1, code + 4 * 11);
  EXPECT_TRUE(run.chip->clear_exceptions(TileIndex{1}, supervisor, Cycle{1000}));
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
  EXPECT_EQ(run.chip->report().exchange.words_received, 0U);
}

TEST_P(Resume, RefusalsSayWhy) {
  Program sends(code);
  sends.op("sync", {3}).op("delay", {29}).op("send", {0, buffer / 4, 3}).op("delay", {300}).op("sync", {7});
  Program receives(code);
  receives.op("sync", {3}).op("delayxpic", {0, 0, 0}).op("delay", {300}).op("sync", {7});
  config::HazardConfig hazards;
  hazards.set("receive_address", config::HazardPolicy::exception);
  FastChip run = chip_of({{0, sends}, {53, receives}}, hazards);
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  try {
    run.chip->clear_exceptions(TileIndex{1}, supervisor);
    ADD_FAILURE() << "it went on";
  } catch (const std::logic_error& error) {
    EXPECT_NE(std::string{error.what()}.find("inside an exchange instruction"), std::string::npos);
  }
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  EXPECT_EQ(run.chip->clear_exceptions(TileIndex{0}, supervisor), std::nullopt);  // it had none
}

// Hazards of that policy are told, and are no errors of the chip's own; others stay what they are.
TEST_P(HazardsAsExceptions, ADriverBesideAWorker) {
  Program worker(worker_code);
  worker.op("bri_mmmn_zi", {worker_code / 4});
  Program p(code);
  p.set(0, worker_code).op("run_mmmn_zi", {0, 15, 0}).op("send", {0, buffer / 4, 3}).op("sync", {7});
  for (const bool as_exception : {true, false}) {
    config::HazardConfig hazards;
    if (as_exception) hazards.set("live_workers", config::HazardPolicy::exception);
    FastChip run = chip_of({{0, p}}, hazards);
    run.chip->tile(TileIndex{0}).write_memory(ByteAddr{worker_code}, std::as_bytes(std::span{worker.code()}));
    EXPECT_EQ(run.chip->run(Cycle{5000}), ChipState::stopped);
    const ChipReport report = run.chip->report();
    ASSERT_EQ(report.hazards.size(), 1U);
    EXPECT_EQ(report.hazards[0].is_error, !as_exception);
    ASSERT_EQ(report.exceptions.size(), as_exception ? 1U : 0U);
    if (!as_exception) continue;
    EXPECT_EQ(report.exceptions[0].report.type, tile::ExceptionType::exchange_error);
    EXPECT_EQ(report.exceptions[0].report.cycle, report.hazards[0].hazard.cycle);
    EXPECT_EQ(report.exceptions[0].report.pc, ByteAddr{code + 4 * 3});
  }
}

}  // namespace
