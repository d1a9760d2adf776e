// System files: the catalogue in configs/ reads, and mistakes are named.
#include "ipusim/config/system_config.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "ipusim/config/config_node.hpp"

namespace {

namespace fs = std::filesystem;
using ipusim::TileId;
using namespace ipusim::config;

const fs::path configs = fs::path{IPUSIM_SOURCE_DIR} / "configs";

// configs/mk2-16.yaml with one text replaced, in a scratch folder beside a copy of its part.
std::string error_after(const std::string& from, const std::string& to, bool in_part = false) {
  const fs::path folder = fs::path{testing::TempDir()} / "ipusim_config_test";
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
  try {
    load_system_config(folder / "s.yaml");
  } catch (const ConfigError& e) {
    return e.what();
  }
  return "no error";
}

TEST(SystemConfig, Mk2HasAllTilesOnce) {
  const auto system = load_system_config(configs / "mk2.yaml");
  EXPECT_EQ(system.places.size(), 1472U);  // published number of tiles
  EXPECT_EQ(std::set<TileId>(system.places.begin(), system.places.end()).size(), 1472U);
}

TEST(SystemConfig, LogicalNumberingMatchesPublishedPairs) {
  const auto system = load_system_config(configs / "mk2.yaml");
  const std::pair<unsigned, unsigned> published[] = {
      {0, 0},     {1, 2},   {2, 64},   {45, 1410}, {46, 1409}, {47, 1411}, {92, 4},
      {100, 260}, {274, 9}, {736, 32}, {900, 613}, {1286, 53}, {1471, 63}};
  for (const auto& [logical, place] : published) EXPECT_EQ(system.places[logical].value(), place) << logical;
}

TEST(SystemConfig, Mk2x16SpansTheChip) {
  const auto system = load_system_config(configs / "mk2-16.yaml");
  EXPECT_EQ(system.places.size(), 16U);
  std::set<unsigned> lanes;
  for (const TileId place : system.places) lanes.insert(place.lane());
  EXPECT_EQ(lanes.size(), 4U);
  EXPECT_EQ(system.clock_hz, 1'325'000'000U);
}

TEST(SystemConfig, MistakesAreNamed) {
  EXPECT_NE(error_after("kind: fast", "kind: quick")
                .find("s.yaml:7:9: key 'tiles.kind': expected one of fast, rtl, lockstep, got 'quick'"),
            std::string::npos);
  EXPECT_NE(error_after("kind: fast", "kinds: fast").find("key 'tiles.kind': missing"), std::string::npos);
  EXPECT_NE(error_after("system: mk2-16", "system: a\nsistem: b")
                .find("key 'sistem': unknown; did you mean 'system'?"),
            std::string::npos);
  EXPECT_NE(error_after("[0, 53,", "[0, 0,").find("place 0 is given twice"), std::string::npos);
  EXPECT_NE(error_after("[0, 53,", "[0, 1472,")
                .find("key 'tiles.places[1]': expected a place of the chip's 23 rows"),
            std::string::npos);
  EXPECT_NE(error_after("parts/ipu2.yaml", "parts/none.yaml").find("cannot read the file"),
            std::string::npos);
  EXPECT_NE(error_after("clash: error", "clash: fatal")
                .find("key 'hazards.clash': expected one of off, warn, error"),
            std::string::npos);
}

TEST(SystemConfig, MistakesInThePartNameThePart) {
  EXPECT_NE(
      error_after("arch: ipu2", "arch: ipu3", true).find("parts/ipu2.yaml:3:7: key 'arch': expected one of"),
      std::string::npos);
  EXPECT_NE(
      error_after("row_cycles: 2", "rows_cycles: 2", true).find("key 'exchange.latency.row_cycles': missing"),
      std::string::npos);
}

}  // namespace
