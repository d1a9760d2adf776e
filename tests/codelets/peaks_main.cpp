// SPDX-License-Identifier: Apache-2.0
// Prints the peaks that programs measure on a tile beside the published ones (scripts/peaks).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "peaks.hpp"

namespace {

using namespace ipusim;
using codelet_test::Peak;
using codelet_test::TileKind;

// A system of configs/, whose published figures are in the file of that name in configs/published/.
struct Chip {
  config::ChipConfig system;
  std::vector<Peak> peaks;
};

void print_chip(const Chip& chip, const TileKind& kind) {
  const auto& [system, peaks] = chip;
  const double clock_ghz = static_cast<double>(system.clock_hz) / 1e9;
  fmt::print("{} tile; chip: {} tiles at {} GHz (configs/{}.yaml)\n\n", kind.name, system.places.size(),
             clock_ghz, system.name);
  fmt::print("{:26}{:10}{:>18}{:>14}{:>11}{:>7}  fits\n", "steady state of", "codelet", "per cycle, tile",
             "chip", "published", "ratio");
  for (const Peak& peak : peaks) {
    fmt::print("{:26}{:10}{:>18}{:>14}", peak.name, peak.codelet,
               fmt::format("{:.2f} {}", peak.per_cycle, peak.unit),
               fmt::format("{:.1f} T{}/s", peak.tera_per_second, peak.unit));
    if (peak.published)
      fmt::print("{:>11}{:>7.3f}  {}", peak.published->tera_per_second, peak.ratio(),
                 peak.fits() ? "yes" : fmt::format("no: needs {:.3f} GHz", clock_ghz / peak.ratio()));
    else
      fmt::print("{:>11}", "none");
    fmt::print("\n");
  }
  fmt::print("\n");
  for (const Peak& peak : peaks) {
    if (!peak.remark.empty()) fmt::print("{}: {}\n", peak.name, peak.remark);
    if (peak.published) fmt::print("{}: published {}\n", peak.name, peak.published->source);
  }
  fmt::print("\n");
}

nlohmann::ordered_json chip_json(const Chip& chip) {
  const auto& [system, peaks] = chip;
  nlohmann::ordered_json report{
      {"system", system.name}, {"tiles", system.places.size()}, {"clock_hz", system.clock_hz}};
  for (const Peak& peak : peaks) {
    nlohmann::ordered_json entry{{"name", peak.name},
                                 {"codelet", peak.codelet},
                                 {"unit", peak.unit},
                                 {"per_cycle_and_tile", peak.per_cycle},
                                 {"chip_tera_per_second", peak.tera_per_second}};
    if (peak.published) {
      entry["published_tera_per_second"] = peak.published->tera_per_second;
      entry["ratio"] = peak.ratio();
      entry["fits"] = peak.fits();
      entry["source"] = peak.published->source;
    }
    if (!peak.remark.empty()) entry["remark"] = peak.remark;
    report["peaks"].push_back(entry);
  }
  return report;
}

void print_table(const std::vector<Chip>& chips, const TileKind& kind) {
  for (const Chip& chip : chips) print_chip(chip, kind);
}

void print_json(const std::vector<Chip>& chips, const TileKind& kind) {
  nlohmann::ordered_json report{{"tile", kind.name}};
  for (const Chip& chip : chips) report["chips"].push_back(chip_json(chip));
  fmt::print("{}\n", report.dump(2));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "peaks: peaks that codelets measure on a tile, beside the published ones.\n"
      "Exit codes: 0 measured, 2 bad input."};
  std::string kind_name = "fast";
  bool json = false;
  app.add_option("--tile", kind_name, "fast, rtl or lockstep")
      ->check(CLI::IsMember({"fast", "rtl", "lockstep"}));
  app.add_flag("--json", json, "JSON instead of the table");
  try {
    app.parse(argc, argv);
    const auto& kinds = codelet_test::tile_kinds();
    const TileKind& kind = *std::ranges::find(kinds, kind_name, &TileKind::name);
    const std::filesystem::path configs = std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs";
    std::vector<Chip> chips;
    for (const char* file : {"mk1.yaml", "mk2.yaml", "bow.yaml", "c600.yaml"}) {
      const auto system = config::load_chip_config(configs / file);
      chips.push_back({system, codelet_test::measure_peaks(kind, system, configs / "published" / file)});
    }
    (json ? print_json : print_table)(chips, kind);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 2;
  }
}
