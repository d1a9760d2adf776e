// SPDX-License-Identifier: Apache-2.0
#include "ipusim/random/scenario.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include "ipusim/random/campaign.hpp"

namespace ipusim::random {
namespace {

std::string text_of(const Scenario& scenario) {
  std::ostringstream out;
  write_scenario(scenario, out);
  return out.str();
}
Scenario scenario_of(const std::string& text) {
  std::istringstream in(text);
  return read_scenario(in);
}

TEST(Scenario, TheSeedDecides) {
  for (const Kind kind : {Kind::program, Kind::words, Kind::faults, Kind::exchange, Kind::debug}) {
    GeneratorOptions options;
    options.kind = kind;
    EXPECT_EQ(text_of(make_scenario(7, options)), text_of(make_scenario(7, options)));
    EXPECT_NE(text_of(make_scenario(7, options)), text_of(make_scenario(8, options)));
  }
}

TEST(Scenario, TextHoldsEverything) {
  for (const Kind kind : {Kind::program, Kind::words, Kind::faults, Kind::exchange, Kind::debug}) {
    GeneratorOptions options;
    options.kind = kind;
    const std::string text = text_of(make_scenario(3, options));
    EXPECT_EQ(text_of(scenario_of(text)), text);
  }
}

// Code and data lie in the architecture's memory, and no program runs into the next.
void check_places(const Scenario& scenario) {
  const isa::ArchInfo& map = isa::arch_info(scenario.arch);
  for (const TileSetup& tile : scenario.tiles) {
    for (const Data& data : tile.data) {
      EXPECT_GE(data.at.value(), map.memory_base);
      EXPECT_LE(data.at.value() + 4 * data.words.size(), map.memory_end);
    }
    std::map<std::uint32_t, std::size_t> programs;  // address, end
    for (const Sequence& code : tile.code)
      programs[code.base().value()] = code.base().value() + 4 * code.layout().size();
    for (auto at = programs.begin(); at != programs.end(); ++at) {
      const auto next = std::next(at);
      EXPECT_GE(at->first, map.memory_base);
      EXPECT_LE(at->second, next == programs.end() ? map.region1_base : next->first);
    }
  }
}
// Words that are instructions of the ipu21 alone.
unsigned only_of_ipu21(const Scenario& scenario) {
  unsigned count = 0;
  for (const TileSetup& tile : scenario.tiles)
    for (const Sequence& code : tile.code)
      for (const std::uint32_t word : code.layout()) {
        const isa::Opcode opcode = isa::decode(word & ~coissue_bit, isa::Mode::worker);
        if (opcode == isa::Opcode::invalid) continue;
        if (isa::instruction(opcode).arch_mask == static_cast<unsigned>(isa::Arch::ipu21)) ++count;
      }
  return count;
}

TEST(Scenario, ProgramsAreOfTheirArchitecture) {
  constexpr unsigned seeds = 30, workers = 3;
  std::map<isa::Arch, unsigned> only_there;
  for (const isa::Arch arch : {isa::Arch::ipu1, isa::Arch::ipu2, isa::Arch::ipu21}) {
    GeneratorOptions options;
    options.kind = Kind::program;
    options.arch = arch;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      const Scenario scenario = make_scenario(seed, options);
      EXPECT_EQ(scenario_of(text_of(scenario)).arch, arch);
      check_places(scenario);
      only_there[arch] += only_of_ipu21(scenario);
    }
  }
  // One per worker program at least; elsewhere what faults on purpose and constants look like, one per
  // scenario.
  EXPECT_LT(only_there[isa::Arch::ipu1], seeds);
  EXPECT_LT(only_there[isa::Arch::ipu2], seeds);
  EXPECT_GT(only_there[isa::Arch::ipu21], seeds * workers);
}

TEST(Scenario, ExchangeHasSeveralTilesAtPlacesOfTheirOwn) {
  GeneratorOptions options;
  options.kind = Kind::exchange;
  std::set<std::size_t> counts;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Scenario s = make_scenario(seed, options);
    std::set<TileId> places;
    for (const TileSetup& tile : s.tiles) places.insert(tile.place);
    EXPECT_EQ(places.size(), s.tiles.size());
    counts.insert(s.tiles.size());
  }
  EXPECT_EQ(counts, (std::set<std::size_t>{2, 3, 4}));
}

TEST(Scenario, ErrorsNameTheLine) {
  const auto message = [](const std::string& text) -> std::string {
    try {
      scenario_of(text);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(message("tile 0 entry 4c000\n"), "line 1: 'scenario 1' must come first");
  EXPECT_EQ(message("scenario 2\n"), "line 1: not a version this program reads");
  EXPECT_EQ(message("scenario 1\ncode 4c000\n"), "line 2: no tile yet");
  EXPECT_EQ(message("scenario 1\ntile 0 entry 4c000\n12345678\n"), "line 3: words belong to nothing");
  EXPECT_EQ(message("scenario 1\ntile 0 entry 4c000\ncode 4c000\n  12 xy\n"), "line 4: 'xy' is not a number");
  EXPECT_EQ(message("scenario 1\nlimit 5\n"), "line 2: 'syncs' is missing");
  EXPECT_EQ(message("scenario 1\narchitecture ipu3\n"), "line 2: no architecture 'ipu3'");
  EXPECT_EQ(message("scenario 1\nspeed 5\n"), "line 2: unknown 'speed'");
  EXPECT_EQ(message("scenario 1\n"), "line 1: no tile");
}

// --- What the programs do

CampaignResult campaign(Kind kind, std::uint64_t seeds, unsigned jobs = 1) {
  CampaignOptions options;
  options.seeds = seeds;
  options.jobs = jobs;
  options.generator.kind = kind;
  options.shrink_runs = 0;
  return run_campaign(options);
}

TEST(Campaign, JobsDoNotChangeTheResult) {
  const CampaignResult one = campaign(Kind::any, 20, 1);
  const CampaignResult three = campaign(Kind::any, 20, 3);
  EXPECT_EQ(one.statistics.bundles(), three.statistics.bundles());
  EXPECT_EQ(one.statistics.by_family(), three.statistics.by_family());
  EXPECT_EQ(one.statistics.received(), three.statistics.received());
}

TEST(Campaign, ProgramsUseEveryInstructionAndContext) {
  const CampaignResult result = campaign(Kind::program, 200);
  EXPECT_EQ(result.statistics.never_run(), std::vector<std::string>{"trap_mmmn_zi"})
      << "a trap never retires";
  for (unsigned c = 0; c < Context::count; ++c) EXPECT_GT(result.statistics.of_context(c), 1000U);
  EXPECT_GT(result.statistics.received(), 1000U);
}

// Half of all bundles lie across two rows of memory, some across two elements or over the end of code, and
// words are received into elements of code.
TEST(Campaign, BundlesLieAnywhere) {
  CampaignOptions options;
  options.shrink_runs = 0;
  options.coverage = true;
  for (const isa::Arch arch : {isa::Arch::ipu1, isa::Arch::ipu2}) {
    options.seeds = 30;
    options.generator.arch = arch;
    options.generator.kind = Kind::program;
    CoverageReport programs = run_campaign(options).coverage.report(arch);
    const auto on_row = static_cast<double>(programs["place"].at("bundle on a row"));
    const auto across = static_cast<double>(programs["place"].at("bundle across two rows"));
    EXPECT_NEAR(across / (on_row + across), 0.5, 0.1);
    EXPECT_GT(programs["place"].at("bundle across two elements"), 60U);
    EXPECT_GT(programs["hazard"].at("clash_with_fetch"), 10U);
    options.seeds = 600;
    options.generator.kind = Kind::faults;
    EXPECT_GT(run_campaign(options).coverage.report(arch)["place"].at("bundle over the end of code"), 0U);
  }
}

TEST(Campaign, TilesReceiveWhatOthersSend) {
  const CampaignResult result = campaign(Kind::exchange, 40);
  EXPECT_GT(result.statistics.received(), 200U);
}

// One of these ends a worker or supervisor now and then, for every reason a random program can have.
TEST(Campaign, FaultsOfManyKindsHappen) {
  const CampaignResult programs = campaign(Kind::any, 600);
  using enum tile::ExceptionCause;
  for (const tile::ExceptionCause cause :
       {trap, misaligned_address, invalid_address, invalid_pc, illegal_instruction, illegal_in_mode,
        illegal_bundle, illegal_in_repeat, invalid_csr, workers_active, exchange_address, exchange_format}) {
    EXPECT_TRUE(programs.statistics.exceptions().contains(static_cast<unsigned>(cause)))
        << static_cast<int>(cause);
  }
}

// The debugger stops tiles in all its ways, and lets them go on: there are more exceptions than tiles.
TEST(Campaign, DebuggersStopTilesAndLetThemGoOn) {
  constexpr std::uint64_t seeds = 80;
  const CampaignResult result = campaign(Kind::debug, seeds);
  EXPECT_TRUE(result.differences.empty());
  const auto& exceptions = result.statistics.exceptions();
  using enum tile::ExceptionCause;
  for (const tile::ExceptionCause cause : {remote_break, memory_error, exchange_error}) {
    EXPECT_TRUE(exceptions.contains(static_cast<unsigned>(cause))) << static_cast<int>(cause);
  }
  std::uint64_t all = 0;
  for (const auto& [cause, count] : exceptions) all += count;
  EXPECT_GT(all, 2 * seeds);
}

}  // namespace
}  // namespace ipusim::random
