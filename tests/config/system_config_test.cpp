// SPDX-License-Identifier: Apache-2.0
// System files: the catalogue in configs/ reads, and mistakes are named.
#include "ipusim/config/system_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "ipusim/config/config_node.hpp"
#include "ipusim/isa/sync_zones.hpp"

namespace {

namespace fs = std::filesystem;
using ipusim::ChipIndex;
using ipusim::TileId;
using ipusim::TileIndex;
using ipusim::isa::HazardKind;
using ::testing::HasSubstr;
using namespace ipusim::config;

const fs::path configs = fs::path{IPUSIM_SOURCE_DIR} / "configs";

// configs/mk2-16.yaml with one text replaced, in a scratch folder beside a copy of its part.
ChipConfig load_after(const std::string& from, const std::string& to, bool in_part = false) {
  const fs::path folder = fs::path{testing::TempDir()} /
                          ("ipusim_config_" + std::to_string(getpid()));  // tests may run side by side
  fs::remove_all(folder);
  fs::create_directories(folder);
  fs::copy(configs / "parts", folder / "parts", fs::copy_options::recursive);
  fs::copy(configs / "mk2-16.yaml", folder / "s.yaml");
  const fs::path victim = in_part ? folder / "parts/ipu2.yaml" : folder / "s.yaml";
  std::ostringstream text;
  text << std::ifstream{victim}.rdbuf();
  std::string content = text.str();
  const auto at = content.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  content.replace(at, from.size(), to);
  std::ofstream{victim} << content;
  return load_chip_config(folder / "s.yaml");
}

std::string error_after(const std::string& from, const std::string& to, bool in_part = false) {
  try {
    load_after(from, to, in_part);
  } catch (const ConfigError& e) {
    return e.what();
  }
  return "no error";
}

TEST(SystemConfig, Mk2HasAllTilesOnce) {
  const auto system = load_chip_config(configs / "mk2.yaml");
  EXPECT_EQ(system.places.size(), 1472U);  // published number of tiles
  EXPECT_EQ(std::set<TileId>(system.places.begin(), system.places.end()).size(), 1472U);
}

// What architecture.md and timing_facts.csv of the references say of each chip.
TEST(SystemConfig, PartsHaveThePublishedSizes) {
  struct Row {
    const char* file;
    ipusim::isa::Arch arch;
    std::size_t tiles;
    std::uint64_t clock_hz;
  };
  using ipusim::isa::Arch;
  for (const auto& [file, arch, tiles, clock_hz] :
       {Row{"mk1.yaml", Arch::ipu1, 1216, 1'600'000'000}, Row{"mk2.yaml", Arch::ipu2, 1472, 1'325'000'000},
        Row{"bow.yaml", Arch::ipu2, 1472, 1'850'000'000},
        Row{"c600.yaml", Arch::ipu21, 1472, 1'500'000'000}}) {
    const auto system = load_chip_config(configs / file);
    EXPECT_EQ(system.arch, arch) << file;
    EXPECT_EQ(system.clock_hz, clock_hz) << file;
    EXPECT_EQ(std::set<TileId>(system.places.begin(), system.places.end()).size(), tiles) << file;
    EXPECT_EQ(system.places.size(), tiles) << file;
    EXPECT_EQ(system.pcie.vendor_id, 0x1D95) << file;
  }
}

// Mk1: id = supertile[10:6], column[5:2], sub[1:0]; the logical order is that of the ids.
TEST(SystemConfig, Mk1CountsByPlace) {
  const auto system = load_chip_config(configs / "mk1.yaml");
  EXPECT_TRUE(std::ranges::is_sorted(system.places));
  EXPECT_EQ(system.places.front(), TileId{0});
  EXPECT_EQ(system.places[64], TileId{1U << 6U});
  EXPECT_EQ(system.places.back(), TileId{18U << 6U | 15U << 2U | 3U});
}

TEST(SystemConfig, LogicalNumberingMatchesPublishedPairs) {
  const auto system = load_chip_config(configs / "mk2.yaml");
  const std::pair<unsigned, unsigned> published[] = {
      {0, 0},     {1, 2},   {2, 64},   {45, 1410}, {46, 1409}, {47, 1411}, {92, 4},
      {100, 260}, {274, 9}, {736, 32}, {900, 613}, {1286, 53}, {1471, 63}};
  for (const auto& [logical, place] : published) EXPECT_EQ(system.places[logical].value(), place) << logical;
}

TEST(SystemConfig, Mk2x16SpansTheChip) {
  const auto system = load_chip_config(configs / "mk2-16.yaml");
  EXPECT_EQ(system.places.size(), 16U);
  std::set<unsigned> lanes;
  for (const TileId place : system.places) lanes.insert(place.lane());
  EXPECT_EQ(lanes.size(), 4U);
  EXPECT_EQ(system.clock_hz, 1'325'000'000U);
}

// Which kinds of tile there are is known on a higher floor: here the word is kept, with its place.
TEST(SystemConfig, TheKindOfTileIsKeptWithItsPlace) {
  const auto system = load_chip_config(configs / "mk2-16.yaml");
  EXPECT_EQ(system.tile_kind, "fast");
  // The line of the file that says it, counted from 1.
  std::ifstream file(configs / "mk2-16.yaml");
  unsigned line = 1;
  for (std::string text; std::getline(file, text) && !text.starts_with("  kind:");) ++line;
  EXPECT_EQ(system.tile_kind_place.place_and_key(),
            (configs / "mk2-16.yaml").string() + ":" + std::to_string(line) + ":9: key 'tiles.kind'");
}

TEST(SystemConfig, MistakesAreNamed) {
  EXPECT_NE(error_after("kind: fast", "kinds: fast").find("key 'tiles.kind': missing"), std::string::npos);
  EXPECT_NE(error_after("system: mk2-16", "system: a\nsistem: b")
                .find("key 'sistem': unknown; did you mean 'system'?"),
            std::string::npos);
  EXPECT_NE(error_after("[0, 53,", "[0, 0,").find("place 0 is given twice"), std::string::npos);
  EXPECT_NE(error_after("[0, 53,", "[0, 1472,")
                .find("key 'tiles.places[1]': expected a place of the chip's 23 rows"),
            std::string::npos);
  EXPECT_NE(error_after("[0, 53,", "[60-58,")
                .find("key 'tiles.places[0]': expected a tile number or a range first-last, got '60-58'"),
            std::string::npos);
  EXPECT_NE(error_after("[0, 53,", "[50-60,").find("key 'tiles.places[5]': place 60 is given twice"),
            std::string::npos);
  EXPECT_NE(error_after("[0, 53,", "[1-x,").find("got '1-x'"), std::string::npos);
  EXPECT_NE(error_after("[0, 53, 32, 260, 63, 1024, 60, 9, 1213, 1471, 704, 764, 700, 1003, 585, 358]", "[]")
                .find("expected at least one place"),
            std::string::npos);
  EXPECT_NE(error_after("numbering: physical", "numbering: logical").find("no error"), std::string::npos);
  EXPECT_NE(error_after("places: [0,", "places: [-1,").find("expected a whole number from 0 to 65535"),
            std::string::npos);
  EXPECT_NE(error_after("parts/ipu2.yaml", "parts/none.yaml").find("cannot read the file"),
            std::string::npos);
  EXPECT_NE(error_after("clash: error", "clash: fatal")
                .find("key 'hazards.clash': expected one of off, warn, error, exception, got 'fatal'"),
            std::string::npos);
}

TEST(SystemConfig, PlacesMayBeRanges) {
  const auto system = load_after("[0, 53,", "[0-2, 53,");
  EXPECT_EQ(system.places.size(), 18U);
  EXPECT_EQ(system.places[2], TileId{2});
  EXPECT_EQ(system.places[3], TileId{53});
}

TEST(SystemConfig, HazardsHaveADefault) {
  const auto system = load_after("hazards: {clash: error,", "hazards: {default: warn} #");
  EXPECT_EQ(system.hazards.of(HazardKind::clash_with_access), HazardPolicy::warn);
  EXPECT_EQ(system.hazards.of(HazardKind::wrong_direction), HazardPolicy::warn);
  const auto one = load_after("hazards: {clash: error,", "hazards: {clash: off} #");
  EXPECT_EQ(one.hazards.of(HazardKind::clash_with_access), HazardPolicy::off);
  EXPECT_EQ(one.hazards.of(HazardKind::live_workers), HazardPolicy::error);
  EXPECT_EQ(one.hazards.of(HazardKind::receive_incomplete), HazardPolicy::warn);
  const auto all = load_after("hazards: {clash: error,", "hazards: {default: error, clash: off} #");
  EXPECT_EQ(all.hazards.of(HazardKind::clash_with_access), HazardPolicy::off);
  EXPECT_EQ(all.hazards.of(HazardKind::receive_incomplete), HazardPolicy::error);
}

// What a tile finds by itself can be its own exception; what only the chip sees, or stands for both, cannot.
TEST(SystemConfig, SomeHazardsCanBeExceptions) {
  const auto of = [](const std::string& key) {
    return load_after("hazards: {clash: error,", "hazards: {" + key + ": exception} #").hazards;
  };
  EXPECT_EQ(of("clash").of(HazardKind::clash_with_access), HazardPolicy::exception);
  EXPECT_EQ(of("clash").of(HazardKind::live_workers), HazardPolicy::error);
  EXPECT_EQ(of("live_workers").of(HazardKind::live_workers), HazardPolicy::exception);
  EXPECT_EQ(of("receive_address").of(HazardKind::receive_address), HazardPolicy::exception);
  for (const std::string key : {"default", "wrong_direction", "receive_incomplete"}) {
    EXPECT_NE(error_after("hazards: {clash: error,", "hazards: {" + key + ": exception} #")
                  .find("key 'hazards." + key + "': expected one of off, warn, error, got 'exception'"),
              std::string::npos)
        << key;
  }
}

TEST(SystemConfig, SyncZonesAreRowsOfThePart) {
  const SyncConfig sync = load_after("system: mk2-16", "system: mk2-16").sync;
  ASSERT_EQ(sync.zones.size(), 6U);
  EXPECT_EQ(sync.find(2), nullptr);
  EXPECT_EQ(sync.at(3).scope, SyncScope::chip);
  EXPECT_EQ(sync.at(3).latency_cycles, 126U);
  EXPECT_EQ(sync.at(7).scope, SyncScope::system);
  EXPECT_TRUE(sync.at(7).host);
  EXPECT_FALSE(sync.at(6).host);
  EXPECT_THROW(static_cast<void>(sync.at(2)), std::out_of_range);
}

// What the instruction set says of a zone holds on every part.
TEST(SystemConfig, PartsAgreeWithTheInstructionSetOnZones) {
  namespace isa = ipusim::isa;
  for (const auto& entry : fs::directory_iterator(configs)) {
    if (entry.path().extension() != ".yaml") continue;
    for (const ChipConfig& chip : load_system_config(entry.path()).chips) {
      for (const SyncZone& zone : chip.sync.zones) {
        const isa::SyncZone& known = *isa::find_sync_zone(zone.number);
        EXPECT_EQ(zone.host, known.host) << entry.path() << " " << zone.name;
        EXPECT_EQ(static_cast<int>(zone.scope), static_cast<int>(known.scope))
            << entry.path() << " " << zone.name;
      }
    }
  }
}

TEST(SystemConfig, MistakesInSyncZonesAreExplained) {
  const auto error = [](const std::string& was, const std::string& is) { return error_after(was, is, true); };
  EXPECT_NE(error("latency_cycles: 126", "latency_cycles: 7").find("expected a whole number from 8"),
            std::string::npos);
  EXPECT_NE(error("zone: 4,", "zone: 3,").find("zone 3 is described twice"), std::string::npos);
  EXPECT_NE(error("scope: chip", "scope: machine").find("expected one of tile, chip, system"),
            std::string::npos);
  EXPECT_NE(
      error("scope: tile,", "scope: tile, host: true,").find("the host takes no part in a sync of one tile"),
      std::string::npos);
  EXPECT_NE(error("zone: 4,", "zone: 2,").find("a sync that the chip takes part in"), std::string::npos);
  EXPECT_NE(error("zone: 4,", "zone: 12,").find("a sync that the chip takes part in"), std::string::npos);
}

// The check values of the references' section 3.7.
TEST(SystemConfig, EveryTileHasItsExchangeBlock) {
  const ExchangeConfig mk2 = load_chip_config(configs / "mk2-16.yaml").exchange;
  const std::vector<std::pair<unsigned, unsigned>> ports{
      {116, 0x634}, {582, 0x604}, {1173, 0x615}, {260, 0x604}, {9, 0x609}};
  for (const auto& [place, port] : ports)
    EXPECT_EQ(mk2.block_source(TileId{static_cast<std::uint16_t>(place)}), port) << place;
  const ExchangeConfig mk1 = load_chip_config(configs / "mk1-16.yaml").exchange;
  EXPECT_EQ(mk1.block_source(TileId{260}), 0x504);
}

TEST(SystemConfig, MistakesInThePartNameThePart) {
  EXPECT_NE(error_after("arch: ipu2", "arch: ipu2\npcie: {memory_bar_bytes: 0x40000000}", true)
                .find("key 'pcie.memory_bar_bytes': expected room for 23 rows of 64 MiB"),
            std::string::npos);
  EXPECT_NE(error_after("arch: ipu2", "arch: ipu2\npcie: {max_payload_bytes: 300}", true)
                .find("key 'pcie.max_payload_bytes': expected a power of two, got 300"),
            std::string::npos);
  EXPECT_NE(error_after("arch: ipu2", "arch: ipu2\npcie: {generation: 6}", true)
                .find("key 'pcie.generation': expected a whole number from 1 to 5"),
            std::string::npos);
  EXPECT_NE(error_after("arch: ipu2", "arch: ipu2\npcie: {lanes: 6}", true)
                .find("key 'pcie.lanes': expected a power of two, got 6"),
            std::string::npos);
  EXPECT_NE(error_after("numbering: mk2-snake", "numbering: spiral", true)
                .find("key 'grid.numbering': expected one of mk2-snake, by-place, got 'spiral'"),
            std::string::npos);
  EXPECT_NE(
      error_after("function: mk2-columns", "function: rings", true)
          .find("key 'exchange.latency.function': expected one of mk1-columns, mk2-columns, got 'rings'"),
      std::string::npos);
  // Constants belong to the function that asks for them.
  EXPECT_NE(error_after("function: mk2-columns", "function: mk1-columns", true)
                .find("key 'exchange.latency.send_to_exchange_cycles': missing"),
            std::string::npos);
  EXPECT_NE(error_after("part: ipu2", "", true).find("key 'part': missing"), std::string::npos);
  const std::string arch = error_after("arch: ipu2", "arch: ipu3", true);
  EXPECT_NE(arch.find("parts/ipu2.yaml:"), std::string::npos) << arch;
  EXPECT_NE(arch.find(":7: key 'arch': expected one of"), std::string::npos) << arch;
  EXPECT_NE(
      error_after("row_cycles: 2", "rows_cycles: 2", true).find("key 'exchange.latency.row_cycles': missing"),
      std::string::npos);
}

fs::path tree_file() {
  return fs::path{testing::TempDir()} / ("ipusim_tree_" + std::to_string(getpid()) + ".yaml");
}
SystemConfig load_tree(const std::string& chips_and_hosts) {
  const fs::path file = tree_file();
  std::ofstream(file) << "system: pair\n" << chips_and_hosts;
  return load_system_config(file);
}
std::string tree_error(const std::string& text) {
  try {
    load_tree(text);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}
std::string chip_row(const std::string& name, const std::string& places) {
  return "  - {name: " + name + ", part: " + (configs / "parts/ipu2.yaml").string() +
         ", tiles: {kind: fast, numbering: physical, places: [" + places + "]}}\n";
}

TEST(SystemTree, HoldsChipsAndHosts) {
  const SystemConfig system = load_tree("chips:\n" + chip_row("ipu0", "0, 53") + chip_row("ipu1", "63") +
                                        "links: []\nhosts:\n  - {name: left, attach: [ipu1.pcie]}\n"
                                        "  - {name: right, attach: [ipu0.pcie]}\n");
  ASSERT_EQ(system.chips.size(), 2U);
  EXPECT_EQ(system.chips[1].name, "ipu1");
  EXPECT_EQ(system.chips[1].places, (std::vector<TileId>{TileId{63}}));
  ASSERT_EQ(system.hosts.size(), 2U);
  EXPECT_EQ(system.hosts[0].chips, (std::vector<ChipIndex>{ChipIndex{1}}));
  EXPECT_EQ(system.tile_names().name(TileIndex{2}), "ipu1:0");
}

TEST(SystemTree, WithoutHostsOneServesAll) {
  const SystemConfig system = load_tree("chips:\n" + chip_row("a", "0") + chip_row("b", "0"));
  ASSERT_EQ(system.hosts.size(), 1U);
  EXPECT_EQ(system.hosts[0].chips, (std::vector<ChipIndex>{ChipIndex{0}, ChipIndex{1}}));
}

TEST(SystemTree, AFileOfOneChipIsATreeOfOne) {
  const SystemConfig system = load_system_config(configs / "mk2-16.yaml");
  ASSERT_EQ(system.chips.size(), 1U);
  EXPECT_EQ(system.chips[0].places.size(), 16U);
  EXPECT_EQ(system.tile_names().name(TileIndex{7}), "7");
}

TEST(SystemTree, MistakesAreExplained) {
  const std::string two = "chips:\n" + chip_row("a", "0") + chip_row("b", "0");
  EXPECT_THAT(tree_error("chips:\n" + chip_row("a", "0") + chip_row("a", "1")),
              HasSubstr("two chips of the name 'a'"));
  EXPECT_THAT(tree_error("chips:\n" + chip_row("a:b", "0")),
              HasSubstr("a name of letters, digits and underscores"));
  EXPECT_THAT(tree_error("chips:\n" + chip_row("all", "0")),
              HasSubstr("a name of letters, digits and underscores"));
  const auto other = configs / "parts/c600.yaml";
  EXPECT_THAT(
      tree_error("chips:\n" + chip_row("a", "0") + "  - {name: b, part: " + other.string() +
                 ", tiles: {kind: fast, numbering: physical, places: [0]}}\n"),
      HasSubstr("key 'chips[1].part': a system's chips are of one architecture: 'a' is an ipu2, 'b' an "
                "ipu21"));
  EXPECT_THAT(tree_error("chips: []\n"), HasSubstr("expected at least one chip"));
  EXPECT_THAT(tree_error(two + "hosts:\n  - {name: h, attach: [a.pcie]}\n"),
              HasSubstr("no host is attached to 'b.pcie'"));
  EXPECT_THAT(tree_error(two + "hosts:\n  - {name: h, attach: [a.pcie, b.pcie, a.pcie]}\n"),
              HasSubstr("'a.pcie' is attached already"));
  EXPECT_THAT(tree_error(two + "hosts:\n  - {name: h, attach: [a.pcie, c.pcie]}\n"),
              HasSubstr("(a.pcie, b.pcie), got 'c.pcie'"));
  EXPECT_THAT(tree_error(two + "links:\n  - {between: [a.l0, b.l0]}\n"), HasSubstr("not modelled yet"));
  EXPECT_THAT(tree_error(two + "tiles: {}\n"), HasSubstr("tiles"));
  load_tree(two);
  EXPECT_THROW(load_chip_config(tree_file()), ConfigError);
}

}  // namespace
