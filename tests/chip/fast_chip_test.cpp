// SPDX-License-Identifier: Apache-2.0
// Real supervisor code on a chip of fast tiles: what happens when a receiver's controls, or anybody's syncs,
// are off. The row is the published one, physical 32 -> 260: M = 49, west, mux delay 67; with the first word
// at event 64 the source is selected at event 113 and the pointer set 60 later.
#include <gtest/gtest.h>

#include "fast_chip.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using chip_test::FastChip;
using tile_test::Program;

constexpr std::uint32_t code = 0x4C000, buffer = 0x90000, other_buffer = 0xA0000, worker = 0x50000;
constexpr std::int64_t csr_base = 0xA4, csr_words = 0xA6;
constexpr std::int64_t null_source = 0x640;
constexpr std::uint32_t count = 4;

Program sender(std::int64_t directions = 2) {
  Program p(code);
  p.op("sync", {3}).op("delay", {62}).op("send", {count - 1, buffer / 4, directions}).op("delay", {200});
  p.op("sync", {7});
  return p;
}

struct Receiver {
  unsigned select_event = 113;   // the first event of a row is 1
  unsigned pointer_event = 173;  // words 0, 1, ... go to other_buffer
  bool live_worker = false;
};

Program receiver(const Receiver& r) {
  Program p(code);
  p.set(0, buffer).set(1, count).set(2, worker).nop().nop().nop().nop().nop();
  p.op("put_mmmn_zi", {0, csr_base}).op("put_mmmn_zi", {1, csr_words}).nop().nop().nop().nop().nop().nop();
  if (r.live_worker) p.op("run_mmmn_zi", {2, 15, 0});
  p.op("sync", {3});
  p.op("delayxpic", {r.select_event - 1, 0, 32}).op("delayxpic", {count - 1, 0, null_source});
  const unsigned so_far = r.select_event + count;
  p.op("delaypic", {r.pointer_event - so_far - 1, 0, (other_buffer - buffer) / 4});
  p.op("delay", {60}).op("sync", {7});
  return p;
}

class Row : public ::testing::Test {
 protected:
  std::unique_ptr<FastChip> run;
  config::HazardConfig hazard_config;
  ChipReport report;

  void go(const Program& s, const Program& d) {
    run = std::make_unique<FastChip>(std::vector<std::pair<std::uint16_t, Program>>{{32, s}, {260, d}},
                                     hazard_config);
    std::vector<std::uint32_t> words(count);
    for (std::uint32_t i = 0; i < count; ++i) words[i] = 0xC0DE0000 + i;
    run->chip->tile(TileIndex{0}).write_memory(ByteAddr{buffer}, std::as_bytes(std::span{words}));
    // An endless worker, should the receiver start it.
    const auto spin = tile_test::words("bri_mmmn_zi", {worker / 4});
    run->chip->tile(TileIndex{1}).write_memory(ByteAddr{worker}, std::as_bytes(std::span{spin}));
    run->chip->run(Cycle{5000});
    report = run->chip->report();
  }
  std::vector<std::uint32_t> memory(std::uint32_t address) const {
    std::vector<std::uint32_t> words(count);
    run->chip->tile(TileIndex{1}).read_memory(ByteAddr{address}, std::as_writable_bytes(std::span{words}));
    return words;
  }
  std::size_t hazards(tile::HazardKind kind) const {
    return static_cast<std::size_t>(std::count_if(report.hazards.begin(), report.hazards.end(),
                                                  [&](const auto& h) { return h.hazard.kind == kind; }));
  }
  static std::vector<std::uint32_t> sent(std::uint32_t from = 0, std::uint32_t n = count) {
    std::vector<std::uint32_t> words(count, 0);
    for (std::uint32_t i = 0; i < n; ++i) words[i] = 0xC0DE0000 + from + i;
    return words;
  }
};

TEST_F(Row, RightControlsBringEveryWordWhereItBelongs) {
  go(sender(), receiver({}));
  EXPECT_EQ(report.state, ChipState::waits_for_host);
  EXPECT_EQ(memory(other_buffer), sent());
  EXPECT_EQ(memory(buffer), std::vector<std::uint32_t>(count, 0));
  EXPECT_TRUE(report.hazards.empty());
  EXPECT_EQ(report.exchange.words_sent, count);
  EXPECT_EQ(report.exchange.words_received, count);
  EXPECT_EQ(report.exchange.words_unselected, 0U);
}

TEST_F(Row, SelectingOneEventLateLosesTheFirstWord) {
  hazard_config.set("receive_incomplete", config::HazardPolicy::error);
  go(sender(), receiver({.select_event = 114}));
  EXPECT_EQ(report.state, ChipState::stopped);
  EXPECT_EQ(memory(other_buffer), sent(1, count - 1));
  EXPECT_EQ(hazards(tile::HazardKind::receive_incomplete), 1U);
  EXPECT_EQ(report.exchange.words_unselected, 1U);
}

TEST_F(Row, SelectingOneEventEarlyLosesTheLastWord) {
  hazard_config.set("receive_incomplete", config::HazardPolicy::error);
  go(sender(), receiver({.select_event = 112}));
  EXPECT_EQ(report.state, ChipState::stopped);
  EXPECT_EQ(memory(other_buffer), sent(0, count - 1));
  EXPECT_EQ(hazards(tile::HazardKind::receive_incomplete), 1U);
}

// A count that nobody waits for is no reason to stop, unless the system file says so.
TEST_F(Row, WordsThatNeverCameAreAWarning) {
  go(sender(), receiver({.select_event = 114}));
  EXPECT_EQ(report.state, ChipState::waits_for_host);
  ASSERT_EQ(report.hazards.size(), 1U);
  EXPECT_EQ(report.hazards[0].hazard.kind, tile::HazardKind::receive_incomplete);
  EXPECT_EQ(report.hazards[0].hazard.word, 1U);
  EXPECT_FALSE(report.hazards[0].is_error);
}

TEST_F(Row, PointerOneEventLatePutsTheFirstWordElsewhere) {
  go(sender(), receiver({.pointer_event = 174}));
  EXPECT_EQ(memory(buffer), sent(0, 1));
  EXPECT_EQ(memory(other_buffer), sent(1, count - 1));
}

TEST_F(Row, PointerOneEventEarlyDoesNoHarm) {  // nothing arrives in between
  go(sender(), receiver({.pointer_event = 172}));
  EXPECT_EQ(memory(other_buffer), sent());
  EXPECT_EQ(report.state, ChipState::waits_for_host);
}

TEST_F(Row, TheOtherDirectionBringsNothingAndIsReportedPerWord) {
  go(sender(1), receiver({}));
  EXPECT_EQ(report.state, ChipState::stopped);
  EXPECT_EQ(hazards(tile::HazardKind::wrong_direction), count);
  EXPECT_EQ(memory(other_buffer), std::vector<std::uint32_t>(count, 0));
  // The receiver's sync issues in cycle 26 (each of its two puts holds it for 6), its release is 126 later;
  // event 64; M and mux delay.
  ASSERT_FALSE(report.hazards.empty());
  EXPECT_EQ(report.hazards[0].hazard.cycle, Cycle{26 + 126 + 63 + 49 + 67});
  EXPECT_EQ(report.hazards[0].tile, TileIndex{1});
}

TEST_F(Row, MulticastIsFineForTheReceiverOfOneDirection) {
  go(sender(3), receiver({}));
  EXPECT_EQ(report.state, ChipState::waits_for_host);
  EXPECT_EQ(memory(other_buffer), sent());
}

TEST_F(Row, ALiveWorkerWhileWordsArriveIsAHazardPerWord) {
  go(sender(), receiver({.live_worker = true}));
  EXPECT_EQ(hazards(tile::HazardKind::live_workers), count);
  EXPECT_EQ(report.state, ChipState::stopped);
  EXPECT_EQ(memory(other_buffer), sent());
}

TEST_F(Row, EveryOrderAndSlicingGivesTheSame) {
  go(sender(), receiver({}));
  const ChipReport plain = report;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    FastChip other({{32, sender()}, {260, receiver({})}});
    other.chip->set_scheduler(chip::make_shuffled_scheduler(seed, 1 + seed * seed));
    other.chip->run();
    EXPECT_EQ(other.chip->report().end, plain.end);
    EXPECT_EQ(other.chip->report().cycles.exchange, plain.cycles.exchange);
    EXPECT_EQ(other.chip->report().exchange.words_received, count);
  }
}

TEST(WordsThatNeverCome, SyncZeroEndsInADeadlockThatSaysSo) {
  // The mux stays on a tile that has gone to its sync: no end of waiting, but an end of the run.
  Program waits(code);
  waits.set(1, 3).nop().nop().nop().nop().nop().op("put_mmmn_zi", {1, csr_words});
  waits.op("sync", {3}).op("delayxpic", {0, 0, 32}).op("sync", {0}).op("sync", {7});
  FastChip run({{32, sender(0)}, {260, waits}});
  EXPECT_EQ(run.chip->run(), ChipState::deadlock);
  const auto report = run.chip->report();
  ASSERT_EQ(report.problems.size(), 2U);
  EXPECT_NE(report.problems[0].find("tile 0 (place 32): waits in sync 7"), std::string::npos);
  EXPECT_EQ(report.problems[1], "tile 1 (place 260): waits in sync 0 for 3 words that nobody sends to it");
}

// sans 1 and sync 1: out of an internal sync and the host sync after it.
TEST(Sans, ATileStaysOutOfTwoSyncs) {
  Program works(code);
  works.op("sync", {3}).op("delay", {500}).op("sync", {7}).op("get_mmmn_zi", {1, 0x60}).op("sync", {7});
  Program sleeps(code);
  sleeps.op("sans", {1}).op("sync", {1}).op("get_mmmn_zi", {1, 0x60}).op("sync", {7});
  FastChip run({{0, works}, {260, sleeps}});
  run.marks->grant(7, 1, Cycle{0});
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
  EXPECT_EQ(run.m(0, 1), run.m(1, 1));  // released together
  EXPECT_EQ(run.chip->report().supersteps, 1U);
}

// ANS_DCOUNT has 19 bits.
TEST(Sans, MoreThanAreCountedAreMisuse) {
  Program works(code);
  works.op("sync", {3}).op("sync", {7});
  Program hasty(code);
  hasty.op("sans", {524287}).op("sans", {0}).op("sync", {1});
  FastChip run({{0, works}, {260, hasty}});
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  ASSERT_EQ(run.chip->report().problems.size(), 1U);
  EXPECT_EQ(run.chip->report().problems[0].rfind("tile 1: sans at cycle 1: more than 524288 syncs", 0), 0U);
  Program enough(code);
  enough.op("sans", {524287}).op("sync", {1});
  FastChip other({{0, works}, {260, enough}});
  EXPECT_EQ(other.chip->run(), ChipState::waits_for_host);
}

TEST(Sans, AnotherSyncBeforeThoseAreOverIsMisuse) {
  Program works(code);
  works.op("delay", {300}).op("sync", {3}).op("sync", {7});
  Program hasty(code);
  hasty.op("sans", {0}).op("sync", {3}).op("sync", {7});
  FastChip run({{0, works}, {260, hasty}});
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  ASSERT_EQ(run.chip->report().problems.size(), 1U);
  EXPECT_EQ(run.chip->report().problems[0].rfind("tile 1: sync 3 at cycle 1, before a sync it had", 0), 0U);
}

TEST(Exceptions, OfSeveralTilesAreAllReportedByCycle) {
  const auto traps = [](std::int64_t wait) {
    Program p(code);
    p.op("delay", {wait}).op("trap_mmmn_zi", {0});
    return p;
  };
  FastChip run({{0, traps(200)}, {53, traps(100)}, {63, traps(200)}});
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  const auto report = run.chip->report();
  ASSERT_EQ(report.exceptions.size(), 3U);
  EXPECT_EQ(report.exceptions[0].tile, TileIndex{1});
  EXPECT_EQ(report.exceptions[0].report.cycle, Cycle{101});
  EXPECT_EQ(report.exceptions[1].tile, TileIndex{0});
  EXPECT_EQ(report.exceptions[2].tile, TileIndex{2});
  EXPECT_EQ(report.end, Cycle{201});
}

}  // namespace
