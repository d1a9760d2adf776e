// SPDX-License-Identifier: Apache-2.0
// A chip of scripted tiles: supersteps, accounting, order independence, failures.
#include "ipusim/chip/chip.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "ipusim/chip/edge/host_marks.hpp"
#include "scripted_tile.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using chip_test::Action;
using chip_test::ScriptedTile;
using Kind = chip_test::Action::Kind;
using Script = std::vector<Action>;

class ScriptedChip {
 public:
  explicit ScriptedChip(const std::vector<std::pair<std::uint16_t, Script>>& tiles,
                        bool hazards_are_errors = true) {
    auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
    system.places.clear();
    if (!hazards_are_errors) system.hazards.set("live_workers", config::HazardPolicy::warn);
    for (const auto& [place, script] : tiles) system.places.push_back(TileId{place});
    std::size_t next = 0;
    const TileFactories factories{{"scripted", [&](const tile::TileParameters&) {
                                     auto tile = std::make_unique<ScriptedTile>(tiles[next++].second);
                                     models.push_back(tile.get());
                                     return tile;
                                   }}};
    chip = std::make_unique<Chip>(system, std::vector<std::string>(tiles.size(), "scripted"), factories);
    for (std::uint32_t i = 0; i < tiles.size(); ++i) chip->set_entry(TileIndex{i}, ByteAddr{0x4C000});
    marks = std::make_unique<HostMarks>(system.sync);
    marks->grant(7, 1, Cycle{0});
    chip->attach(*marks);
    chip->start();
  }
  std::vector<ScriptedTile*> models;
  std::unique_ptr<HostMarks> marks;
  std::unique_ptr<Chip> chip;
};

// Entry by host sync, one exchange phase of words 0 -> 53 (M = -23, mux delay 59), completion.
Script sender() {
  return {{Kind::sync, 5, 7},
          {Kind::sync, 100, 3},
          {Kind::send, 30, 0x11, 1},
          {Kind::send, 31, 0x22, 1},
          {Kind::sync, 200, 7}};
}
Script receiver(unsigned select_at) {
  return {{Kind::sync, 9, 7},
          {Kind::sync, 40, 3},
          {Kind::select, select_at, 0},
          {Kind::select, select_at + 2, 0x640},
          {Kind::sync, 150, 7}};
}

TEST(Chip, OneSuperstep) {
  ScriptedChip run({{0, sender()}, {53, receiver(30 - 23)}});
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
  // Entry: last arrival 9, released at 609. Internal: tile 0 arrives at 709, both released at 835.
  const std::uint64_t written = 835 + 30 - 23 + 59;
  EXPECT_EQ(run.models[1]->received,
            (std::map<std::uint64_t, std::uint32_t>{{written, 0x11}, {written + 1, 0x22}}));
  const ChipReport report = run.chip->report();
  EXPECT_EQ(report.supersteps, 1U);
  EXPECT_EQ(report.end, Cycle{835 + 200});
  EXPECT_EQ(report.exchange.words_received, 2U);
  EXPECT_TRUE(report.problems.empty());
}

TEST(Chip, AccountingFollowsTheCriticalPathAndAddsUp) {
  ScriptedChip run({{0, sender()}, {53, receiver(7)}});
  run.chip->run();
  const ChipReport report = run.chip->report();
  // 9 compute (tile 1 last) + 600 sync + 100 compute (tile 0) + 126 sync + 32 exchange + 168 compute (tile
  // 0).
  EXPECT_EQ(report.cycles.compute, 9U + 100U + 168U);
  EXPECT_EQ(report.cycles.sync, 600U + 126U);
  EXPECT_EQ(report.cycles.exchange, 32U);
  EXPECT_EQ(report.cycles.total(), report.end.value());
  // Tile 1: 9 + 40 compute, exchange to the second selection, rest compute; its waits are sync.
  EXPECT_EQ(report.tile_cycles[1].exchange, 10U);
  EXPECT_EQ(report.tile_cycles[1].compute, 9U + 40U + 140U);
  EXPECT_EQ(report.tile_cycles[1].sync, 600U + (835U - 649U));
}

// A master form is its zone in all that follows: here the release of a zone of the chip, which opens an
// exchange phase.
TEST(Chip, AMasterFormIsItsZone) {
  auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  system.places = {TileId{0}};
  system.sync.zones = {{4, "gs1", config::SyncScope::chip, false, 100}};
  const auto cycles = [&](unsigned operand) {
    const Script script{
        {Kind::sync, 10, operand}, {Kind::send, 30, 1, 1}, {Kind::sync, 50, operand}, {Kind::sync, 5, 6}};
    const TileFactories factories{
        {"scripted", [&](const tile::TileParameters&) { return std::make_unique<ScriptedTile>(script); }}};
    Chip chip(system, {"scripted"}, factories);
    chip.set_entry(TileIndex{0}, ByteAddr{0x4C000});
    chip.start();
    chip.run();
    return chip.report().tile_cycles.at(0).exchange;
  };
  EXPECT_EQ(cycles(4), 31U);  // from the release to the end of the send
  EXPECT_EQ(cycles(12), 31U);
}

TEST(Chip, OrderAndSlicingDoNotMatter) {
  ScriptedChip forward({{0, sender()}, {53, receiver(7)}});
  ScriptedChip backward({{53, receiver(7)}, {0, sender()}});
  forward.chip->run();
  for (std::uint64_t limit = 13; backward.chip->run(Cycle{limit}) == ChipState::cycle_limit; limit += 13) {
  }
  EXPECT_EQ(forward.models[1]->received, backward.models[0]->received);
  EXPECT_EQ(forward.models[1]->received.size(), 2U);
  EXPECT_EQ(forward.chip->report().end, backward.chip->report().end);
  EXPECT_EQ(forward.chip->report().cycles.exchange, backward.chip->report().cycles.exchange);
}

TEST(Chip, MuxLeftOnASleepingTileDoesNotBlock) {
  // Tile 1 never returns its mux to null and computes long after tile 0 has arrived.
  Script lazy = {{Kind::sync, 9, 7}, {Kind::sync, 40, 3}, {Kind::select, 7, 0}, {Kind::sync, 5000, 7}};
  ScriptedChip run({{0, sender()}, {53, lazy}});
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
  EXPECT_EQ(run.models[1]->received.size(), 2U);
  EXPECT_EQ(run.chip->report().end, Cycle{835 + 5000});
}

TEST(Chip, ExceptionsAreReportedByCycleAndStopTheRun) {
  ScriptedChip run({{0, {{Kind::exception, 50}}}, {53, {{Kind::exception, 20}}}, {63, {{Kind::sync, 5, 3}}}});
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  const ChipReport report = run.chip->report();
  ASSERT_EQ(report.exceptions.size(), 2U);
  EXPECT_EQ(report.exceptions[0].tile, TileIndex{1});
  EXPECT_EQ(report.exceptions[0].report.cycle, Cycle{20});
  EXPECT_EQ(report.exceptions[1].tile, TileIndex{0});
}

TEST(Chip, HazardPolicyDecides) {
  const Script careless = {{Kind::hazard, 3, 42}, {Kind::sync, 5, 7}, {Kind::sync, 5, 7}};
  ScriptedChip strict({{0, careless}});
  EXPECT_EQ(strict.chip->run(), ChipState::stopped);
  ASSERT_EQ(strict.chip->report().hazards.size(), 1U);
  EXPECT_TRUE(strict.chip->report().hazards[0].is_error);
  EXPECT_EQ(strict.chip->report().end, Cycle{5});  // the entry sync is not released any more

  ScriptedChip lenient({{0, careless}}, false);
  EXPECT_EQ(lenient.chip->run(), ChipState::waits_for_host);
  ASSERT_EQ(lenient.chip->report().hazards.size(), 1U);
  EXPECT_FALSE(lenient.chip->report().hazards[0].is_error);
}

TEST(Chip, DeadlockNamesEveryTile) {
  ScriptedChip run({{0, {{Kind::sync, 5, 3}}}, {53, {{Kind::sync, 8, 7}}}});
  EXPECT_EQ(run.chip->run(), ChipState::deadlock);
  const ChipReport report = run.chip->report();
  ASSERT_EQ(report.problems.size(), 2U);
  EXPECT_EQ(report.problems[0], "tile 0 (place 0): waits in sync 3 since cycle 5");
  EXPECT_EQ(report.problems[1], "tile 1 (place 53): waits in sync 7 since cycle 8");
}

// Its workers may still run.
TEST(Chip, ATileInASyncStandsAtTheLimitToo) {
  const auto make = [] {
    return std::make_unique<ScriptedChip>(std::vector<std::pair<std::uint16_t, Script>>{
        {0, {{Kind::sync, 50, 3}, {Kind::sync, 20, 7}, {Kind::sync, 5, 7}}},
        {53, {{Kind::sync, 5000, 3}, {Kind::sync, 30, 7}, {Kind::sync, 5, 7}}}});
  };
  const auto whole = make();
  EXPECT_EQ(whole->chip->run(), ChipState::waits_for_host);
  const auto parts = make();
  for (const std::uint64_t limit : {2000U, 5001U, 5010U, 5126U}) {
    EXPECT_EQ(parts->chip->run(Cycle{limit}), ChipState::cycle_limit);
    for (const auto* model : parts->models) EXPECT_EQ(model->now(), Cycle{limit});
  }
  // The first arrival is released with the last, 126 cycles after that: it must not have gone further.
  EXPECT_EQ(parts->chip->run(Cycle{5127}), ChipState::cycle_limit);
  EXPECT_EQ(parts->chip->run(), ChipState::waits_for_host);
  EXPECT_EQ(parts->chip->report().end, whole->chip->report().end);
}

TEST(Chip, GoesOnAfterAFailureOnlyUpToTheLimit) {
  // Nothing of what comes after it is simulated, words under way included.
  ScriptedChip run({{0, {{Kind::exception, 10}}},
                    {53, {{Kind::send, 99, 0x77, 1}, {Kind::sync, 5000, 3}}},
                    {63, {{Kind::sync, 20, 3}}}});
  EXPECT_EQ(run.chip->run(Cycle{100}), ChipState::stopped);
  EXPECT_TRUE(run.chip->reached_limit());
  EXPECT_EQ(run.models[1]->now(), Cycle{100});
  EXPECT_EQ(run.models[2]->now(), Cycle{100});
}

TEST(Chip, SentencesTellCyclesSinceWhenTheyShall) {
  ScriptedChip run({{0, {{Kind::sync, 50, 3}}}, {53, {{Kind::exception, 400}}}});
  run.chip->tell_cycles_since(Cycle{30});
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  EXPECT_EQ(run.chip->describe(TileIndex{0}), "waits in sync 3 since cycle 20");
  EXPECT_EQ(run.chip->describe(TileIndex{1}), "excepted in cycle 370");
  EXPECT_EQ(run.chip->report().exceptions.at(0).report.cycle, Cycle{400});
}

TEST(Chip, MisusedSyncIsAProblem) {
  ScriptedChip run({{0, {{Kind::sync, 5, 9}}}});
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  ASSERT_EQ(run.chip->report().problems.size(), 1U);
  EXPECT_EQ(
      run.chip->report().problems[0],
      "tile 0: sync 9: there is no such zone; this part has 1 (ans), 3 (internal), 4 (gs1), 5 (gs1_host), "
      "6 (gs2), 7 (gs2_host)");
}

TEST(Chip, UnknownKindIsRefused) {
  auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2-16.yaml");
  EXPECT_THROW(Chip(system, std::vector<std::string>(16, "quantum"), {}), std::invalid_argument);
}

TEST(Chip, AFailedTileHoldsUpOnlyThoseThatNeedIt) {
  // Tile 1 fails in its first phase, having acknowledged one sync; tiles 0 and 2 get through that one.
  const Script works = {{Kind::sync, 50, 3}, {Kind::sync, 60, 3}, {Kind::sync, 70, 3}};
  ScriptedChip run({{0, works}, {53, {{Kind::acknowledge, 10, 1}, {Kind::exception, 400}}}, {63, works}});
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  const ChipReport report = run.chip->report();
  EXPECT_EQ(report.supersteps, 1U);
  EXPECT_EQ(report.end, Cycle{400});
  EXPECT_EQ(run.chip->describe(TileIndex{0}), "waits in sync 3 since cycle 236");  // 50 + 126 + 60
  EXPECT_EQ(run.chip->describe(TileIndex{1}), "excepted in cycle 400");
}

TEST(Chip, AHazardAtTheSyncItselfKeepsItFromHappening) {
  ScriptedChip run({{0, {{Kind::hazard, 5, 1}, {Kind::sync, 5, 3}, {Kind::sync, 5, 7}}}});
  EXPECT_EQ(run.chip->run(), ChipState::stopped);
  EXPECT_EQ(run.chip->report().supersteps, 0U);
}

TEST(Chip, HazardsBeyondTheFirstThousandAreCounted) {
  Script many;
  for (unsigned i = 0; i < max_hazards_per_tile + 5; ++i) many.push_back({Kind::hazard, i, i});
  many.push_back({Kind::sync, 2000, 7});
  many.push_back({Kind::sync, 5, 7});
  ScriptedChip run({{0, many}}, false);
  run.chip->run();
  EXPECT_EQ(run.chip->report().hazards.size(), max_hazards_per_tile);
  EXPECT_EQ(run.chip->report().hazards_left_out, 5U);
}

TEST(Chip, WordsUnderWayArriveAfterTheLastSync) {
  // The receiver goes to its last sync long before the word is written.
  ScriptedChip run({{0, {{Kind::send, 30, 0x77, 1}, {Kind::sync, 31, 3}}},
                    {53, {{Kind::select, 30 - 23, 0}, {Kind::sync, 8, 7}}}});
  EXPECT_EQ(run.chip->run(), ChipState::deadlock);
  EXPECT_EQ(run.models[1]->received, (std::map<std::uint64_t, std::uint32_t>{{30 - 23 + 59, 0x77}}));
  EXPECT_EQ(run.chip->report().end, Cycle{31});
}

TEST(Chip, StartsAtTheGivenCycleAndOnlyOnce) {
  auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  system.places = {TileId{5}};
  const TileFactories factories{{"scripted", [](const tile::TileParameters&) {
                                   return std::make_unique<ScriptedTile>(Script{{Kind::sync, 40, 7}});
                                 }}};
  Chip chip(system, {"scripted"}, factories);
  EXPECT_EQ(chip.run(), ChipState::not_started);
  chip.set_entry(TileIndex{0}, ByteAddr{0x4C000});
  chip.start(Cycle{1000});
  EXPECT_THROW(chip.start(), std::logic_error);
  EXPECT_EQ(chip.run(), ChipState::waits_for_host);
  EXPECT_EQ(chip.report().start, Cycle{1000});
  EXPECT_EQ(chip.report().end, Cycle{1040});
  EXPECT_EQ(chip.report().cycles.total(), 40U);
}

TEST(Chip, AMarkBeforeTheHorizonIsRefused) {
  ScriptedChip run({{0, {{Kind::sync, 5, 7}, {Kind::sync, 5, 7}}}});
  run.marks->set_horizon(Cycle{100});
  EXPECT_THROW(run.marks->grant(7, 1, Cycle{99}), std::invalid_argument);
  EXPECT_NO_THROW(run.marks->grant(7, 1, Cycle{100}));
}

TEST(Chip, HostSyncsAreListedWithTheirCycle) {
  ScriptedChip run({{0, {{Kind::sync, 5, 7}, {Kind::sync, 5, 7}, {Kind::sync, 5, 7}}}});
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
  EXPECT_EQ(run.chip->outside_zone(), 7U);
  EXPECT_EQ(run.marks->waits_for_mark(), 7U);
  run.marks->grant(7, 1, Cycle{2000});
  run.chip->run();
  ASSERT_EQ(run.marks->syncs().size(), 2U);
  EXPECT_EQ(run.marks->syncs()[0].at, Cycle{5});
  EXPECT_EQ(run.marks->syncs()[1].at, Cycle{2000});
}

TEST(Chip, ObserversSeeHazardsToo) {
  class Watcher : public tile::TileObserver {
   public:
    void on_retire(const tile::RetireRecord&) override {}
    void on_receive(Cycle, const tile::MemoryWrite&) override {}
    void on_hazard(const tile::Hazard& hazard) override { seen.push_back(hazard.word); }
    std::vector<std::uint32_t> seen;
  } watcher;
  ScriptedChip run({{0, {{Kind::hazard, 3, 42}, {Kind::sync, 5, 7}}}});
  run.chip->observe(TileIndex{0}, &watcher);
  run.chip->run();
  EXPECT_EQ(watcher.seen, (std::vector<std::uint32_t>{42}));
}

}  // namespace
