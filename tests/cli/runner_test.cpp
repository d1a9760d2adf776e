// SPDX-License-Identifier: Apache-2.0
// Runs with tiles of the test's own making.
#include "ipusim/app/run/runner.hpp"

#include <gmock/gmock.h>

#include <set>

#include "ipusim/app/build/image_builder.hpp"
#include "ipusim/app/check/verdict.hpp"
#include "ipusim/app/tile_kind_options.hpp"
#include "ipusim/lockstep/lockstep_tile.hpp"
#include "ipusim/program/program_file.hpp"
#include "ipusim/tile/fast_tile.hpp"
#include "support.hpp"

namespace ipusim::app {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// An RTL tile that takes itself for another one.
std::unique_ptr<tile::TileModel> make_confused_tile(const tile::TileParameters& parameters) {
  tile::TileParameters other = parameters;
  other.id = TileId{7};
  return rtl::make_rtl_tile(other);
}

TEST(Runner, ALockstepDifferenceStopsTheRunWithBothSidesAndWaves) {
  const cli_test::TempFolder folder;
  folder.write("a.S", "    .globl _start\n_start:\n    sync 7\n    bri _start\n");
  const auto system = cli_test::mk2_16();
  const program::Program program = program::parse_program(
      "program: p\nimages:\n  - {tiles: all, sources: [a.S]}\n", (folder.path() / "p.yaml").string(), system);
  const Progress progress(true);
  const auto images = ImageBuilder(program, system, progress).build(ResultFolder(folder.path()), {});

  lockstep::LockstepOptions options;
  options.candidate = &make_confused_tile;
  options.wave_directory = folder.path() / "waves";
  std::vector<std::string> kinds(16, "fast");
  kinds[3] = "confused";
  const RunInput input{
      .system = system,
      .program = program,
      .tile_kinds = kinds,
      .factories = {{"fast", &tile::make_fast_tile},
                    {"confused", [&](const auto& p) { return lockstep::make_lockstep_tile(p, options); }}},
      .images = images,
      .loads = {},
      .reads = {}};
  const RunOutcome outcome = Runner(input, progress).run();

  EXPECT_FALSE(outcome.completed);
  // Nothing is wrong with the machine: one of its two models is.
  EXPECT_EQ(outcome.state, "failed");
  EXPECT_THAT(outcome.failure, HasSubstr("the two models of tile 3 differ"));
  EXPECT_EQ(judge(outcome, {}), ExitCode::simulator_failed);
  EXPECT_EQ(outcome.tile_kinds.at(3), "lockstep");
  ASSERT_FALSE(outcome.problems.empty());
  // Tile 3 of mk2-16 stands at place 260.
  EXPECT_THAT(
      outcome.problems.front(),
      AllOf(HasSubstr("tile 3"), HasSubstr("TILE_ID is 0x00000104"), HasSubstr("TILE_ID is 0x00000007"),
            HasSubstr((folder.path() / "waves/lockstep-tile260-cycle").string())));
  ASSERT_EQ(outcome.standing.size(), 1U);
  EXPECT_EQ(outcome.standing[0].tiles, std::vector<TileIndex>{TileIndex{3}});
  ASSERT_TRUE(outcome.standing[0].code);
  EXPECT_EQ(outcome.standing[0].code->symbol, "_start+0x4");
  ASSERT_TRUE(std::filesystem::exists(folder.path() / "waves"));
  const std::filesystem::directory_iterator waves(folder.path() / "waves");
  EXPECT_NE(waves, std::filesystem::directory_iterator{});
}

// Tiles start in a turn of slot 0, however long loading took: the same program takes the same cycles.
class LoadedBefore : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Kinds, LoadedBefore, ::testing::Values("fast", "rtl", "lockstep"));

TEST_P(LoadedBefore, MuchOrLittleARunTakesTheSameCycles) {
  const cli_test::TempFolder folder;
  // One worker: its first turn depends on the slot in which it is launched.
  folder.write("a.S", R"(
    .globl _start
_start:
    sync 7
    setzi $m0, work
    run $m0, $mzero, 0
    sync 2
    sync 7
    sync 7
    .worker
work:
    exitz $mzero
)");
  auto system = cli_test::mk2_16();
  system.chips.front().places.resize(1);
  const program::Program program = program::parse_program(
      "program: p\nimages:\n  - {tiles: all, sources: [a.S]}\n", (folder.path() / "p.yaml").string(), system);
  const Progress progress(true);
  const auto images = ImageBuilder(program, system, progress).build(ResultFolder(folder.path()), {});
  const std::vector<std::string> kinds{GetParam()};

  std::optional<RunOutcome> first;
  std::set<Cycle> starts;
  for (std::size_t words = 1; words <= 60; ++words) {
    const RunInput input{.system = system,
                         .program = program,
                         .tile_kinds = kinds,
                         .factories = make_tile_factories(system.arch(), folder.path() / "waves"),
                         .images = images,
                         .loads = {{TileIndex{0}, ByteAddr{0x60000}, std::vector<std::uint8_t>(4 * words)}},
                         .reads = {}};
    const RunOutcome outcome = Runner(input, progress).run();
    ASSERT_TRUE(outcome.completed);
    if (!first) first = outcome;
    EXPECT_EQ(outcome.start.value() % isa::timing::slots, 0U) << words;
    EXPECT_EQ(outcome.cycles.compute, first->cycles.compute) << words;
    EXPECT_EQ(outcome.cycles.sync, first->cycles.sync) << words;
    starts.insert(outcome.start);
  }
  EXPECT_GT(starts.size(), 1U);
}

// A 16-tile system that runs `source` on all of its tiles, which are of the kind `make`.
class TestRun {
 public:
  TestRun(const std::string& source, chip::TileFactory make)
      : kinds_(16, "own"), system_(cli_test::mk2_16()), make_(std::move(make)) {
    folder_.write("a.S", source);
    program_ = program::parse_program(
        "program: p\nimages:\n  - {tiles: all, sources: [a.S]}\n"
        "read:\n  - {name: good, symbol: _start, tiles: 0, type: u32, count: 1}\n"
        "  - {name: bad, symbol: _start, tiles: 0, type: u32, count: 1}\n",
        (folder_.path() / "p.yaml").string(), system_);
    images_ = ImageBuilder(program_, system_, progress_).build(ResultFolder(folder_.path()), {});
  }
  RunOutcome run(std::vector<std::vector<MemoryArea>> reads) const {
    const RunInput input{.system = system_,
                         .program = program_,
                         .tile_kinds = kinds_,
                         .factories = {{"own", make_}},
                         .images = images_,
                         .loads = {},
                         .reads = std::move(reads)};
    return Runner(input, progress_).run();
  }

 private:
  cli_test::TempFolder folder_;
  std::vector<std::string> kinds_;
  config::SystemConfig system_;
  chip::TileFactory make_;
  program::Program program_;
  TileImages images_;
  Progress progress_{true};
};

constexpr const char* resting = "    .globl _start\n_start:\n    sync 7\n    bri _start\n";

TEST(Runner, AnOutputThatCannotBeReadIsToldAndTheOthersAreKept) {
  const TestRun run(resting, &tile::make_fast_tile);
  // The memory of an ipu2 ends at 0xE8000: the device refuses the second read.
  const RunOutcome outcome =
      run.run({{{TileIndex{0}, ByteAddr{0x4C000}, 4}}, {{TileIndex{0}, ByteAddr{0xE8000}, 4}}});
  ASSERT_EQ(outcome.outputs.size(), 1U);
  EXPECT_EQ(outcome.outputs[0].name, "good");
  EXPECT_EQ(outcome.outputs[0].elements.at(0).bits, 0x41800007U);  // sync 7
  EXPECT_FALSE(outcome.completed);
  EXPECT_EQ(outcome.state, "host_error");
  EXPECT_THAT(outcome.problems,
              ElementsAre(HasSubstr("output 'bad' cannot be read: read_memory of 4 bytes at 0xe8000, ")));
  EXPECT_EQ(judge(outcome, {}), ExitCode::machine_stopped);
}

// A fast tile that gives up once it runs.
class BrokenTile : public tile::TileModel {
 public:
  explicit BrokenTile(const tile::TileParameters& parameters) : tile_(tile::make_fast_tile(parameters)) {}
  tile::StopReport advance(Cycle) override { throw std::logic_error("this model is broken"); }

  void reset() override { tile_->reset(); }
  void attach(tile::ExchangePort* exchange) override { tile_->attach(exchange); }
  void attach(tile::TileObserver* observer) override { tile_->attach(observer); }
  void read_memory(ByteAddr from, std::span<std::byte> to) const override { tile_->read_memory(from, to); }
  void write_memory(ByteAddr to, std::span<const std::byte> from) override { tile_->write_memory(to, from); }
  void start(ByteAddr pc, Cycle at) override { tile_->start(pc, at); }
  void release_sync(Cycle at) override { tile_->release_sync(at); }
  Cycle now() const override { return tile_->now(); }
  Cycle last_exchange_end() const override { return tile_->last_exchange_end(); }
  std::uint32_t read_register(Context context, tile::RegisterWrite::File file,
                              unsigned index) const override {
    return tile_->read_register(context, file, index);
  }
  ByteAddr pc(Context context) const override { return tile_->pc(context); }
  unsigned context_status(Context context) const override { return tile_->context_status(context); }
  void save(StateWriter& to) const override { tile_->save(to); }
  void load(StateReader& from) override { tile_->load(from); }
  tile::TileDebug& debug() override { return tile_->debug(); }
  std::string kind() const override { return "broken"; }

 private:
  std::unique_ptr<tile::TileModel> tile_;
};

// What a model throws in the middle of a simulation arrives as a failure of the simulator.
TEST(Runner, AnErrorInAModelIsAFailureOfTheSimulator) {
  const TestRun run(resting, [](const auto& parameters) { return std::make_unique<BrokenTile>(parameters); });
  const Ending ending = ending_of([&] { run.run({}); });
  EXPECT_EQ(ending.cause, Ending::Cause::simulator);
  EXPECT_THAT(ending.message, HasSubstr("this model is broken"));
}

TEST(Runner, ASystemThatCannotBeBuiltIsBadInput) {
  const TestRun run(resting, [](const auto&) -> std::unique_ptr<tile::TileModel> {
    throw std::invalid_argument("no such tile");
  });
  const Ending ending = ending_of([&] { run.run({}); });
  EXPECT_EQ(ending.cause, Ending::Cause::input);
  EXPECT_EQ(ending.message, "no such tile");
}

}  // namespace
}  // namespace ipusim::app
