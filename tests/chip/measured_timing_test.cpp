// SPDX-License-Identifier: Apache-2.0
// Published exchange and sync figures, measured by programs that run on a chip of fast tiles: the programs
// read the cycle counter, nothing is asked of the model.
#include <gtest/gtest.h>

#include "fast_chip.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using chip_test::FastChip;
using tile_test::Program;

constexpr std::uint32_t code = 0x4C000, buffer = 0x90000;
constexpr std::int64_t csr_count_low = 0x60, csr_base = 0xA4, csr_words = 0xA6;
constexpr std::int64_t null_source = 0x640;

// $m1 = cycle of the send.
Program sender(std::int64_t directions) {
  Program p(code);
  p.op("sync", {3}).op("delay", {299}).op("get_mmmn_zi", {1, csr_count_low});
  p.op("send", {0, buffer / 4, directions}).op("delay", {400}).op("add_mmmn_si", {1, 1, 1}).op("sync", {7});
  return p;
}
// Listens to `source` all the time; $m2 = cycle in which `sync 0` let go.
Program listener(std::int64_t source) {
  Program p(code);
  p.set(0, buffer).set(1, 1).nop().nop().nop().nop().nop();
  p.op("put_mmmn_zi", {0, csr_base}).op("put_mmmn_zi", {1, csr_words});
  p.op("sync", {3}).op("delayxpic", {0, 0, source}).op("sync", {0}).op("get_mmmn_zi", {2, csr_count_low});
  p.op("delayxpic", {0, 0, null_source}).op("delay", {100}).op("sync", {7});
  return p;
}

// Cycles from the send to the write-control event (the published tables' unit: PIC event minus send).
int measured(std::uint16_t from, std::uint16_t to) {
  FastChip run({{from, sender(3)}, {to, listener(from)}});
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
  const int written = static_cast<int>(run.m(1, 2)) - static_cast<int>(isa::timing::sync_receive);
  return written - static_cast<int>(isa::timing::pointer_delay) - static_cast<int>(run.m(0, 1));
}

TEST(MeasuredLatency, RowElevenColumnZeroToTheOthersAndBack) {
  const int out[] = {46, 47, 48, 49, 50, 51, 52, 70, 67, 64, 61, 58, 55, 52, 49};
  const int back[] = {54, 65, 76, 87, 98, 109, 120, 142, 131, 120, 109, 98, 87, 76, 65};
  const std::uint16_t column0 = 11 * 64;
  for (unsigned c = 1; c <= 15; ++c) {
    const auto other = static_cast<std::uint16_t>(column0 + 4 * c);
    EXPECT_EQ(measured(column0, other), out[c - 1]) << "to column " << c;
    EXPECT_EQ(measured(other, column0), back[c - 1]) << "from column " << c;
  }
}

TEST(MeasuredLatency, EachSourceRowAddsTwoAndTheReceiverRowNothing) {
  EXPECT_EQ(measured(5 * 64, 7 * 64 + 4) - measured(4 * 64, 7 * 64 + 4), 2);
  EXPECT_EQ(measured(5 * 64, 7 * 64 + 4), measured(5 * 64, 20 * 64 + 4));
}

TEST(MeasuredSync, InternalSyncTakesTheConfiguredLatencyFromTheLastArrival) {
  // Tile 1 arrives later; both read the counter right after release.
  const auto program = [](std::int64_t wait) {
    Program p(code);
    p.op("delay", {wait}).op("get_mmmn_zi", {1, csr_count_low}).op("sync", {3});
    p.op("get_mmmn_zi", {2, csr_count_low}).op("sync", {7});
    return p;
  };
  FastChip run({{0, program(10)}, {1471, program(500)}});
  ASSERT_EQ(run.chip->run(), ChipState::waits_for_host);
  EXPECT_EQ(run.m(0, 2), run.m(1, 2));               // one common cycle
  EXPECT_EQ(run.m(1, 2) - (run.m(1, 1) + 1), 126U);  // [SDK] last arrival to last release
}

// A published point-to-point row: logical 736 -> 100, 52 words; placed as the published code places it.
TEST(PublishedRow, FiftyTwoWordsArriveWhereTheyShould) {
  std::vector<std::uint32_t> words(52);
  for (std::uint32_t i = 0; i < words.size(); ++i) words[i] = 0xC0DE0000 + i;
  Program s(code);
  s.set(0, buffer).nop().nop().nop().nop().nop().op("put_mmmn_zi", {0, 0xA7});
  for (const std::uint32_t w : {0x41800003U, 0x40A0003EU, 0x7E600002U}) s.raw(w);
  s.op("delay", {200}).op("sync", {7});
  Program d(code);
  d.set(0, buffer).set(1, 52).nop().nop().nop().nop().op("put_mmmn_zi", {0, csr_base});
  d.op("put_mmmn_zi", {1, csr_words});
  for (const std::uint32_t w : {0x41800003U, 0x641C0000U | 32U, 0x61D00000U, 0x64000640U, 0x40A00038U})
    d.raw(w);
  d.op("delay", {5});  // the published row returns with a branch, under which the last word is written
  d.op("sync", {7});
  FastChip run({{32, s}, {260, d}});
  run.chip->tile(TileIndex{0}).write_memory(ByteAddr{buffer}, std::as_bytes(std::span{words}));
  ASSERT_EQ(run.chip->run(), ChipState::waits_for_host);
  std::vector<std::uint32_t> got(53);
  run.chip->tile(TileIndex{1}).read_memory(ByteAddr{buffer}, std::as_writable_bytes(std::span{got}));
  words.push_back(0);
  EXPECT_EQ(got, words);
  EXPECT_TRUE(run.chip->report().hazards.empty());
}

// The same receiver row one event off loses a word, and says so.
TEST(PublishedRow, OneEventLateLosesTheFirstWordAndIsReported) {
  Program s(code);
  s.op("sync", {3}).op("delay", {62}).op("send", {3, buffer / 4, 2}).op("delay", {200}).op("sync", {7});
  Program d(code);
  d.set(0, buffer).set(1, 4).nop().nop().nop().nop().op("put_mmmn_zi", {0, csr_base});
  d.op("put_mmmn_zi", {1, csr_words});
  d.op("sync", {3}).op("delayxpic", {113, 0, 32}).op("delayxpic", {3, 0, null_source}).op("delay", {100});
  d.op("sync", {7});
  FastChip run({{32, s}, {260, d}});
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
  const auto report = run.chip->report();
  ASSERT_EQ(report.hazards.size(), 1U);
  EXPECT_EQ(report.hazards[0].hazard.kind, tile::HazardKind::receive_incomplete);
  EXPECT_EQ(report.hazards[0].hazard.word, 1U);
}

}  // namespace
