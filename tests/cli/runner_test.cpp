// Runs with tiles of the test's own making.
#include "ipusim/cli/run/runner.hpp"

#include <gmock/gmock.h>

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

}  // namespace
}  // namespace ipusim::cli
