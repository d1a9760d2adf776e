// SPDX-License-Identifier: Apache-2.0
// Pairs of tiles take 64-bit items at 8 bytes a cycle: rows as published (exchange.md 3.6), on every kind of
// tile, in any mix of them, in any order and on any number of threads.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <span>

#include "ipusim/base/state.hpp"
#include "ipusim/chip/chip.hpp"
#include "ipusim/chip/edge/host_marks.hpp"
#include "ipusim/isa/csr.hpp"
#include "program.hpp"
#include "same_report.hpp"
#include "tile_kinds.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using tile_test::Program;

constexpr std::uint32_t code = 0x4C000;
constexpr std::uint32_t source = 0x60000;
constexpr std::uint32_t destination = 0x90000;
constexpr std::uint32_t null_source = 0x640;

// An instruction that acts in one event, at so many cycles behind the release of the sync.
struct Control {
  std::uint64_t at;
  std::string_view id;
  std::vector<std::int64_t> operands;
};

Program& put(Program& p, unsigned index, std::uint32_t value) {
  return p.set(1, value).op("put_mmmn_zi", {1, index});
}

// The controls at their cycles, after a sync that opens the phase.
void add_row(Program& p, std::vector<Control> controls) {
  std::sort(controls.begin(), controls.end(), [](const Control& a, const Control& b) { return a.at < b.at; });
  p.op("sync", {3});
  std::uint64_t now = 0;
  for (const Control& c : controls) {
    if (c.at > now) p.op("delay", {static_cast<std::int64_t>(c.at - now) - 1});
    const auto o = c.operands;
    if (c.id == "send" || c.id == "delayxpic" || c.id == "delaypic" || c.id == "sendoff")
      p.op(c.id, {o[0], o[1], o[2]});
    now = c.at + 1 + static_cast<std::uint64_t>(o[0]);
  }
}

// One sender to one pair. Published values of M, P - w and max(M(s,d), M(s,d^2)).
struct Pair {
  std::uint16_t sender;
  std::uint16_t receiver;
  int mux_time;  // M(sender, receiver)
  int later;     // max(M(sender, receiver), M(sender, receiver ^ 2))
  unsigned direction;
};
// exchange.md 3.4
const std::vector<Pair> pairs{{0, 53, -23, -22, 1}, {32, 260, 49, 49, 2}, {53, 63, -14, -13, 2},
                              {1024, 0, 3, 4, 1},   {1471, 0, 31, 32, 1}, {1003, 700, 20, 21, 2}};

struct Receives : tile::TileObserver {
  std::vector<std::pair<Cycle, tile::MemoryWrite>> writes;
  bool wants_retire() const override { return false; }
  void on_retire(const tile::RetireRecord&) override {}
  void on_receive(Cycle at, const tile::MemoryWrite& write) override { writes.emplace_back(at, write); }
  void on_hazard(const tile::Hazard&) override {}
};
struct Releases : RunObserver {
  void on_event(const RunEvent& event) override {
    if (const auto* sync = std::get_if<SyncHappened>(&event)) cycles.push_back(sync->release);
  }
  std::vector<Cycle> cycles;
};

// Sender, its partner, and the two of the pair that receives, in this order.
class PairedPhase {
 public:
  static constexpr std::uint32_t words = 400;

  PairedPhase(const Pair& pair, unsigned count, const std::array<std::string, 4>& kinds,
              bool late_selects = false)
      : count_(count) {
    auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
    system.hazards.set("receive_incomplete", config::HazardPolicy::error);
    system.places = {TileId{pair.sender}, TileId{static_cast<std::uint16_t>(pair.sender ^ 2)},
                     TileId{pair.receiver}, TileId{static_cast<std::uint16_t>(pair.receiver ^ 2)}};
    chip = std::make_unique<Chip>(system, std::vector<std::string>(kinds.begin(), kinds.end()),
                                  chip_test::tile_factories());
    marks = std::make_unique<HostMarks>(system.sync);
    chip->attach(*marks);
    chip->add_observer(releases);
    const auto programs = programs_of(pair, late_selects);
    for (std::uint32_t i = 0; i < 4; ++i) {
      auto& tile = chip->tile(TileIndex{i});
      tile.write_memory(ByteAddr{code}, std::as_bytes(std::span{programs[i].code()}));
      chip->set_entry(TileIndex{i}, ByteAddr{code});
    }
    std::vector<std::uint32_t> content(words);
    for (std::uint32_t i = 0; i < words; ++i) content[i] = 0xC0DE0000 + i;
    chip->tile(TileIndex{0}).write_memory(ByteAddr{source}, std::as_bytes(std::span{content}));
    for (std::uint32_t i = 0; i < 2; ++i) chip->observe(TileIndex{2 + i}, &receives[i]);
  }

  void run() {
    chip->start();
    go_on();
  }
  void go_on() { ASSERT_EQ(chip->run(Cycle{100000}), ChipState::waits_for_host); }
  std::vector<std::uint32_t> received(std::uint32_t tile) const {
    std::vector<std::uint32_t> result(words);
    chip->tile(TileIndex{tile}).read_memory(ByteAddr{destination}, std::as_writable_bytes(std::span{result}));
    return result;
  }
  // Item i is written at release + first + i.
  std::uint64_t first_write() const { return first_write_; }

  std::unique_ptr<HostMarks> marks;
  std::unique_ptr<Chip> chip;
  std::array<Receives, 2> receives;
  Releases releases;

 private:
  std::array<Program, 4> programs_of(const Pair& pair, bool late_selects) {
    std::array<Program, 4> programs{Program{code}, Program{code}, Program{code}, Program{code}};
    constexpr std::uint64_t first = 100;  // when the first item leaves, behind the release
    const unsigned row = pair.receiver / 64;
    const auto n = std::int64_t{count_};
    // Sender: up to 64 items by send, the rest by sendoff.
    put(programs[0], isa::csr::outgoing_base, source);
    std::vector<Control> sends{{first, "send", {std::min<std::int64_t>(n, 64) - 1, 0, pair.direction | 4U}}};
    if (n > 64) sends.push_back({first + 64, "sendoff", {n - 65, 0, pair.direction | 4U}});
    add_row(programs[0], sends);
    programs[1].op("sync", {3});
    // The pair: X2 = first + the later mux time - 1, by the tile whose own mux time that is.
    const auto x2 = static_cast<std::uint64_t>(std::int64_t{first} + pair.later - 1);
    first_write_ = x2 + 1 + 59 + 2 * row;
    const std::uint64_t f = x2 + 51 + 2 * row;
    const bool receiver_is_early = pair.mux_time < pair.later;
    for (unsigned i = 0; i < 2; ++i) {
      const unsigned place = i == 0 ? pair.receiver : pair.receiver ^ 2U;
      Program& p = programs[2 + i];
      put(p, isa::csr::incoming_base, destination);
      put(p, isa::csr::incoming_dcount, 2 * count_);
      std::vector<Control> row_controls{{f, "delaypic", {0, 1, pair.direction}},
                                        {f + 2, "delaypic", {0, 0, 0}},
                                        {f + count_, "delaypic", {0, 1, 0}}};
      const bool early = (i == 0) == receiver_is_early;
      if (early != late_selects) {
        const std::uint64_t x = early ? x2 : x2 + 1;
        row_controls.push_back({x, "delayxpic", {0, 1, pair.sender ^ (place & 2U)}});
        row_controls.push_back({x + count_, "delayxpic", {0, 1, null_source}});
      }
      add_row(p, row_controls);
      p.op("sync", {0});
    }
    for (Program& p : programs) p.op("sync", {3}).op("sync", {7});
    return programs;
  }

  unsigned count_;
  std::uint64_t first_write_ = 0;
};

void expect_paired(PairedPhase& phase, unsigned count) {
  phase.run();
  EXPECT_TRUE(phase.chip->report().hazards.empty());
  ASSERT_GE(phase.releases.cycles.size(), 1U);
  const Cycle release = phase.releases.cycles[0];
  for (std::uint32_t i = 0; i < 2; ++i) {
    const auto words = phase.received(2 + i);
    for (std::uint32_t w = 0; w < words.size(); ++w)
      ASSERT_EQ(words[w], w < 2 * count ? 0xC0DE0000 + w : 0U) << "tile " << 2 + i << " word " << w;
    const auto& writes = phase.receives[i].writes;
    ASSERT_EQ(writes.size(), count);
    EXPECT_EQ(writes.front().first, release + phase.first_write());
    // 8 bytes in every cycle from the first to the last.
    const std::uint64_t cycles = writes.back().first - writes.front().first + 1;
    EXPECT_EQ(8.0 * count / static_cast<double>(cycles), 8.0);
  }
  const ExchangeStatistics words = phase.chip->report().exchange;
  EXPECT_EQ(words.words_sent, 2 * count);
  EXPECT_EQ(words.words_received, 4 * count);
  EXPECT_EQ(words.words_unselected, 0U);
}

class PairedExchange : public ::testing::TestWithParam<std::string> {};

TEST_P(PairedExchange, EightBytesACycleOnBothTilesOfEveryPublishedPair) {
  for (const Pair& pair : pairs) {
    SCOPED_TRACE(std::to_string(pair.sender) + " to " + std::to_string(pair.receiver));
    const std::string& kind = GetParam();
    PairedPhase phase(pair, 64, {kind, kind, kind, kind});
    expect_paired(phase, 64);
  }
}

TEST_P(PairedExchange, TheLateTileMaySelect) {
  const std::string& kind = GetParam();
  for (const unsigned count : {70U, 190U}) {
    PairedPhase phase(pairs[1], count, {kind, kind, kind, kind}, true);
    expect_paired(phase, count);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, PairedExchange, ::testing::ValuesIn(chip_test::tile_kinds()),
                         [](const auto& c) { return c.param; });

// Saved and loaded into a new chip, wherever the phase is.
TEST_P(PairedExchange, GoesOnAfterALoad) {
  const std::string& kind = GetParam();
  const std::array<std::string, 4> kinds{kind, kind, kind, kind};
  PairedPhase whole(pairs[1], 80, kinds);
  expect_paired(whole, 80);
  const std::uint64_t begin = whole.releases.cycles[0].value();
  for (std::uint64_t at = begin + 60; at < begin + 320; at += 13) {
    PairedPhase first(pairs[1], 80, kinds);
    first.chip->start();
    first.chip->run(Cycle{at});
    StateWriter writer;
    first.chip->save(writer);
    PairedPhase second(pairs[1], 80, kinds);
    StateReader reader(writer.bytes());
    second.chip->load(reader);
    reader.finish();
    second.go_on();
    chip_test::expect_same_report(whole.chip->report(), second.chip->report());
    for (const std::uint32_t tile : {2U, 3U}) ASSERT_EQ(whole.received(tile), second.received(tile)) << at;
  }
}

// A partner that sends while its bus is borrowed, and a tile of the wrong format: reported, on every kind of
// tile.
TEST_P(PairedExchange, MisuseIsReported) {
  const std::string& kind = GetParam();
  Pair turned = pairs[0];
  turned.direction = 2;  // the sender drives the wrong bus, and the receivers expect that
  PairedPhase phase(turned, 64, {kind, kind, kind, kind});
  phase.chip->start();
  EXPECT_NE(phase.chip->run(Cycle{100000}), ChipState::waits_for_host);
  const auto report = phase.chip->report();
  ASSERT_EQ(report.hazards.size(), 2U * 64U);
  for (const TileHazard& hazard : report.hazards)
    EXPECT_EQ(hazard.hazard.kind, tile::HazardKind::wrong_direction);
}

// One answer, whatever the tiles are and in whatever order they run.
TEST(PairedExchangeMix, OneAnswer) {
  for (const Pair& pair : {pairs[0], pairs[1]}) {
    PairedPhase plain(pair, 80, {"fast", "fast", "fast", "fast"});
    expect_paired(plain, 80);
    for (const std::array<std::string, 4>& kinds : {std::array<std::string, 4>{"rtl", "fast", "fast", "rtl"},
                                                    {"fast", "rtl", "rtl", "fast"},
                                                    {"fast", "fast", "lockstep", "rtl"}}) {
      PairedPhase mixed(pair, 80, kinds);
      expect_paired(mixed, 80);
      chip_test::expect_same_report(plain.chip->report(), mixed.chip->report());
    }
    std::vector<std::unique_ptr<Scheduler>> schedulers;
    for (const unsigned jobs : {1U, 2U, 8U}) schedulers.push_back(make_pool_scheduler(jobs));
    for (const unsigned seed : {1U, 2U, 3U, 4U})
      schedulers.push_back(make_shuffled_scheduler(seed, 7 * seed));
    for (auto& scheduler : schedulers) {
      PairedPhase other(pair, 80, {"fast", "fast", "fast", "fast"});
      other.chip->set_scheduler(std::move(scheduler));
      expect_paired(other, 80);
      chip_test::expect_same_report(plain.chip->report(), other.chip->report());
    }
  }
}

}  // namespace
