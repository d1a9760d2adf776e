// Runs with tiles of the test's own making.
#include "ipusim/cli/run/runner.hpp"

#include <gmock/gmock.h>

#include <set>

#include "ipusim/cli/build/image_builder.hpp"
#include "ipusim/cli/program/program_file.hpp"
#include "ipusim/cli/report/report.hpp"
#include "ipusim/cli/run/tile_kinds.hpp"
#include "ipusim/lockstep/lockstep_tile.hpp"
#include "ipusim/tile/fast_tile.hpp"
#include "support.hpp"

namespace ipusim::cli {
namespace {

using ::testing::AllOf;
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
  const Program program = parse_program("program: p\nimages:\n  - {tiles: all, sources: [a.S]}\n",
                                        (folder.path() / "p.yaml").string(), system);
  const Progress progress(true);
  const auto images = ImageBuilder(program, system, progress).build(folder.path() / "images");

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
  EXPECT_EQ(outcome.state, "stopped");
  EXPECT_EQ(judge(outcome, {}), ExitCode::machine_stopped);
  EXPECT_EQ(outcome.tile_kinds.at(3), "lockstep");
  ASSERT_FALSE(outcome.problems.empty());
  // Tile 3 of mk2-16 stands at place 260.
  EXPECT_THAT(
      outcome.problems.front(),
      AllOf(HasSubstr("tile 3"), HasSubstr("TILE_ID is 0x00000104"), HasSubstr("TILE_ID is 0x00000007"),
            HasSubstr((folder.path() / "waves/lockstep-tile260-cycle").string())));
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
  system.places.resize(1);
  const Program program = parse_program("program: p\nimages:\n  - {tiles: all, sources: [a.S]}\n",
                                        (folder.path() / "p.yaml").string(), system);
  const Progress progress(true);
  const auto images = ImageBuilder(program, system, progress).build(folder.path() / "images");
  const std::vector<std::string> kinds{GetParam()};

  std::optional<RunOutcome> first;
  std::set<Cycle> starts;
  for (std::size_t words = 1; words <= 60; ++words) {
    const RunInput input{.system = system,
                         .program = program,
                         .tile_kinds = kinds,
                         .factories = make_tile_factories(system.part.arch, folder.path() / "waves"),
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

}  // namespace
}  // namespace ipusim::cli
