// SPDX-License-Identifier: Apache-2.0
// Small programs whose cycles are worked out by hand from docs/timing.md, recorded on every kind of tile.
// `delay n` takes n + 1 cycles; a plain instruction of the supervisor one; an internal sync of
// configs/mk2.yaml 126 from the last arrival.
#include "ipusim/chip/timing/timing_recorder.hpp"

#include <gmock/gmock.h>

#include "fast_chip.hpp"
#include "tile_kinds.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using chip_test::FastChip;
using chip_test::Program;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint32_t code = 0x4C000, worker_code = 0x50000, buffer = 0x90000;
constexpr std::uint64_t internal_latency = 126;
using Kind = StepTiming::Kind;

const Program& nops(Program& p, unsigned count) {
  for (unsigned i = 0; i < count; ++i) p.nop();
  return p;
}

std::vector<std::uint64_t> numbers(const TileTiming& timing) {
  std::vector<std::uint64_t> all;
  for (const TimingQuantity& quantity : timing_quantities) all.push_back(timing.*quantity.value);
  return all;
}

class Recorder : public ::testing::TestWithParam<std::string> {
 protected:
  // Runs the programs to where all wait for the host.
  void run(const std::vector<std::pair<std::uint16_t, Program>>& tiles, TimingOptions options = {}) {
    chip_ =
        std::make_unique<FastChip>(tiles, config::HazardConfig{}, GetParam(), chip_test::tile_factories());
    TimingRecorder recorder(std::move(options));
    recorder.begin(*chip_->chip);
    if (prepare_) prepare_(*chip_->chip);
    chip_->chip->run();
    timing_ = recorder.finish(*chip_->chip);
    report_ = chip_->chip->report();
  }
  // What holds of every run.
  void expect_sums() const {
    EXPECT_EQ(timing_.path.total(), report_.cycles.total());
    EXPECT_EQ(timing_.end, report_.end);
    CycleSplit path;
    std::vector<TileTiming> tiles(timing_.tiles.size());
    Cycle at = timing_.begin;
    for (const StepTiming& step : timing_.steps) {
      EXPECT_EQ(step.begin, at);
      at = step.release;
      // The exchange is behind the release, and belongs to the next step's time.
      EXPECT_EQ(path.total() + step.path.compute + step.path.sync, at - timing_.begin);
      path = path + step.path;
      for (std::size_t i = 0; i < step.tiles.size(); ++i)
        for (const TimingQuantity& q : timing_quantities) tiles[i].*q.value += step.tiles[i].*q.value;
    }
    EXPECT_EQ(at, timing_.end);
    EXPECT_EQ(path.compute, report_.cycles.compute);
    EXPECT_EQ(path.sync, report_.cycles.sync);
    EXPECT_EQ(path.exchange, report_.cycles.exchange);
    for (std::size_t i = 0; i < tiles.size(); ++i) {
      EXPECT_EQ(numbers(tiles[i]), numbers(timing_.tiles[i]));
      EXPECT_EQ(tiles[i].compute, report_.tile_cycles[i].compute);
      EXPECT_EQ(tiles[i].sync, report_.tile_cycles[i].sync);
      EXPECT_EQ(tiles[i].exchange, report_.tile_cycles[i].exchange);
      EXPECT_EQ(tiles[i].sent, report_.tile_exchange[i].words_sent);
      EXPECT_EQ(tiles[i].received, report_.tile_exchange[i].words_received);
    }
  }
  std::uint64_t issued(const char* id, unsigned context) const {
    return timing_.issues.at(static_cast<std::size_t>(tile_test::by_id(id).opcode)).at(context);
  }

  std::function<void(ChipModel&)> prepare_;
  std::unique_ptr<FastChip> chip_;
  RunTiming timing_;
  ChipReport report_;
};
INSTANTIATE_TEST_SUITE_P(Kinds, Recorder, ::testing::ValuesIn(chip_test::tile_kinds()),
                         [](const auto& kind) { return kind.param; });

TEST_P(Recorder, ComputeSyncAndExchangeOfTwoTiles) {
  Program quick(code);
  quick.op("delay", {9}).op("sync", {3}).op("delay", {49}).op("sync", {7});
  Program slow(code);
  slow.op("delay", {99}).op("sync", {3}).op("delay", {19});
  nops(slow, 40);
  slow.op("sync", {7});
  run({{0, quick}, {53, slow}}, {.traced = {TileIndex{1}}});
  expect_sums();

  ASSERT_EQ(timing_.steps.size(), 3U);
  const StepTiming& step = timing_.steps[1];
  EXPECT_EQ(step.kind, Kind::superstep);
  EXPECT_EQ(step.zone, 3U);
  EXPECT_EQ(step.critical, TileIndex{1});
  EXPECT_EQ(step.last_arrival, Cycle{100});
  EXPECT_EQ(step.release, Cycle{100 + internal_latency});
  EXPECT_EQ(step.arrived, 2U);
  ASSERT_EQ(step.tiles.size(), 2U);
  // compute, sync, exchange, sent, received, bundles
  EXPECT_THAT(numbers(step.tiles[0]), ElementsAre(10, 90 + internal_latency, 50, 0, 0, 2));
  EXPECT_THAT(numbers(step.tiles[1]), ElementsAre(100, internal_latency, 20, 0, 0, 2));
  EXPECT_THAT(numbers(step.sum), ElementsAre(110, 90 + 2 * internal_latency, 70, 0, 0, 4));
  EXPECT_THAT(numbers(step.max), ElementsAre(100, 90 + internal_latency, 50, 0, 0, 2));
  EXPECT_EQ(step.max_tile[0], TileIndex{1});
  EXPECT_EQ(step.max_tile[1], TileIndex{0});
  EXPECT_EQ(step.max_tile[2], TileIndex{0});
  ASSERT_TRUE(step.site);
  EXPECT_EQ(step.site->sync_pc, ByteAddr{code + 4});
  EXPECT_THAT(step.site->entries, IsEmpty());

  const StepTiming& end = timing_.steps[2];
  EXPECT_EQ(end.kind, Kind::end);
  EXPECT_EQ(end.critical, TileIndex{1});
  EXPECT_EQ(step.path.compute, 100U);
  EXPECT_EQ(step.path.sync, internal_latency);
  EXPECT_EQ(step.path.exchange, 20U);
  EXPECT_EQ(end.path.exchange, 0U);
  EXPECT_EQ(end.path.compute, 40U);
  EXPECT_THAT(numbers(end.tiles[0]), ElementsAre(0, 0, 0, 0, 0, 2));
  EXPECT_THAT(numbers(end.tiles[1]), ElementsAre(40, 0, 0, 0, 0, 42));

  const std::uint64_t release = 100 + internal_latency;
  std::vector<std::vector<std::uint64_t>> spans;
  for (const TileSpan& span : timing_.spans.at(0))
    spans.push_back({static_cast<unsigned>(span.kind), span.step, span.begin.value(), span.end.value()});
  const unsigned compute = 0, sync = 1, exchange = 2;
  EXPECT_THAT(spans, ElementsAre(ElementsAre(compute, 1, 0, 100), ElementsAre(sync, 1, 100, release),
                                 ElementsAre(exchange, 1, release, release + 20),
                                 ElementsAre(compute, 2, release + 20, release + 60)));
}

TEST_P(Recorder, WorkersAndTheirInstructions) {
  // The register is there for `run` in cycle 6, the worker's first turn is cycle 12, its exit issues in 30,
  // and `sync 2` is over 6 later.
  Program supervisor(code);
  supervisor.set(0, worker_code);
  nops(supervisor, 5);
  supervisor.op("run_mmmn_zi", {0, 15, 0}).op("sync", {2}).op("sync", {7});
  Program worker(worker_code);
  worker.nop().nop();
  worker.bundle(tile_test::words("setzi_mmmn_zi", {14, 0}), tile_test::words("or_aaan_zi", {0, 15, 0}));
  worker.op("exitz_mmmn", {15});
  prepare_ = [&](ChipModel& chip) {
    chip.tile(TileIndex{0}).write_memory(ByteAddr{worker_code}, std::as_bytes(std::span{worker.code()}));
  };
  run({{0, supervisor}}, {.traced = {TileIndex{0}}});
  expect_sums();
  EXPECT_EQ(report_.end, Cycle{36});
  EXPECT_THAT(timing_.bundles.at(0), ElementsAre(9, 4, 0, 0, 0, 0, 0));
  EXPECT_EQ(issued("setzi_mmmn_zi", 0), 6U);
  EXPECT_EQ(issued("run_mmmn_zi", 0), 1U);
  EXPECT_EQ(issued("sync", 0), 2U);
  EXPECT_EQ(issued("setzi_mmmn_zi", 1), 3U);
  EXPECT_EQ(issued("or_aaan_zi", 1), 1U);
  EXPECT_EQ(issued("exitz_mmmn", 1), 1U);
  EXPECT_THAT(timing_.worker_runs.at(0),
              ElementsAre(tile::WorkerRun{0, ByteAddr{worker_code}, Cycle{12}, Cycle{30}}));
  ASSERT_TRUE(timing_.steps.back().site);
  EXPECT_THAT(timing_.steps.back().site->entries, ElementsAre(ByteAddr{worker_code}));
}

TEST_P(Recorder, WordsOfAnExchange) {
  // The published row of docs/exchange.md from place 32 to place 260, with four words.
  Program sender(code);
  sender.op("sync", {3}).op("delay", {62}).op("send", {3, buffer / 4, 2}).op("delay", {200}).op("sync", {7});
  Program receiver(code);
  receiver.set(0, buffer);
  nops(receiver, 5);
  receiver.op("put_mmmn_zi", {0, 0xA4}).op("sync", {3});
  receiver.op("delayxpic", {112, 0, 32}).op("delayxpic", {3, 0, 0x640}).op("delay", {120}).op("sync", {7});
  run({{32, sender}, {260, receiver}});
  expect_sums();
  ASSERT_EQ(timing_.steps.size(), 3U);
  const StepTiming& step = timing_.steps[1];
  EXPECT_EQ(step.critical, TileIndex{1});
  EXPECT_EQ(step.tiles.at(0).sent, 4U);
  EXPECT_EQ(step.tiles.at(0).received, 0U);
  EXPECT_EQ(step.tiles.at(1).received, 4U);
  EXPECT_EQ(step.senders, 1U);
  EXPECT_EQ(step.takers, 1U);
  EXPECT_EQ(step.tiles.at(0).exchange, 63U + 4U + 201U);
  EXPECT_EQ(step.tiles.at(1).exchange, 113U + 4U + 121U);
}

TEST_P(Recorder, ATileThatAcknowledgesInAdvanceComputesOn) {
  // Tile 1 acknowledges the sync in cycle 0, computes 1,000 cycles and waits for it alone; the sync was over
  // long before, so that it goes on 8 cycles after its own.
  Program comes(code);
  comes.op("delay", {9}).op("sync", {3}).op("sync", {7});
  Program ahead(code);
  ahead.op("sans", {0}).op("delay", {998}).op("sync", {1}).op("delay", {4}).op("sync", {7});
  run({{0, comes}, {53, ahead}});
  expect_sums();
  ASSERT_EQ(timing_.steps.size(), 3U);
  EXPECT_EQ(timing_.steps[1].arrived, 1U);
  EXPECT_EQ(timing_.steps[1].critical, TileIndex{0});
  EXPECT_EQ(timing_.steps[1].last_arrival, Cycle{10});
  EXPECT_THAT(numbers(timing_.steps[1].tiles.at(1)), ElementsAre(0, 0, 0, 0, 0, 0));
  EXPECT_THAT(numbers(timing_.steps[2].tiles.at(1)), ElementsAre(1000 + 5, 8, 0, 0, 0, 5));
  EXPECT_EQ(timing_.steps[2].critical, TileIndex{1});
}

TEST_P(Recorder, AnExceptionEndsTheLastStep) {
  Program traps(code);
  traps.op("delay", {9}).op("sync", {3}).op("delay", {19}).op("trap_mmmn_zi", {0});
  Program waits(code);
  waits.op("delay", {4}).op("sync", {3}).op("sync", {3});
  run({{0, traps}, {53, waits}});
  expect_sums();
  ASSERT_EQ(timing_.steps.size(), 3U);
  EXPECT_EQ(timing_.steps[2].critical, TileIndex{0});
  EXPECT_EQ(timing_.steps[1].path.exchange, 20U);
  EXPECT_EQ(timing_.end, Cycle{10 + internal_latency + 20});
}

TEST_P(Recorder, StepsBeyondTheLimitKeepSumsOnly) {
  Program p(code);
  p.op("sync", {3}).op("delay", {9}).op("sync", {3}).op("sync", {7});
  run({{0, p}, {53, p}}, {.most_tile_steps = 5});
  ASSERT_EQ(timing_.steps.size(), 4U);
  EXPECT_EQ(timing_.steps[0].tiles.size() + timing_.steps[1].tiles.size(), 4U);
  EXPECT_THAT(timing_.steps[2].tiles, IsEmpty());
  EXPECT_EQ(timing_.steps[2].sum.sync, 2 * internal_latency);
  EXPECT_EQ(timing_.steps[2].max.sync, internal_latency);
  EXPECT_EQ(timing_.path.total(), report_.cycles.total());
}

}  // namespace
