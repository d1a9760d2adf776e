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

void print_table(const std::vector<Peak>& peaks, const TileKind& kind, const config::SystemConfig& system) {
  const double clock_ghz = static_cast<double>(system.clock_hz) / 1e9;
  fmt::print("{} tile; chip: {} tiles at {} GHz (configs/mk2.yaml)\n\n", kind.name, system.places.size(),
             clock_ghz);
  fmt::print("{:26}{:10}{:>18}{:>14}{:>11}  fits\n", "steady state of", "codelet", "per cycle, tile", "chip",
             "published");
  for (const Peak& peak : peaks) {
    fmt::print("{:26}{:10}{:>18}{:>14}", peak.name, peak.codelet,
               fmt::format("{:.2f} {}", peak.per_cycle, peak.unit),
               fmt::format("{:.1f} T{}/s", peak.tera_per_second, peak.unit));
    if (peak.published)
      fmt::print("{:>11}  {}", peak.published->tera_per_second,
                 peak.fits()
                     ? "yes"
                     : fmt::format("no: needs {:.3f} GHz",
                                   clock_ghz * peak.published->tera_per_second / peak.tera_per_second));
    else
      fmt::print("{:>11}", "none");
    fmt::print("\n");
  }
  fmt::print("\n");
  for (const Peak& peak : peaks) {
    if (!peak.remark.empty()) fmt::print("{}: {}\n", peak.name, peak.remark);
    if (peak.published) fmt::print("{}: published {}\n", peak.name, peak.published->source);
  }
}

void print_json(const std::vector<Peak>& peaks, const TileKind& kind, const config::SystemConfig& system) {
  nlohmann::ordered_json report{
      {"tile", kind.name}, {"tiles", system.places.size()}, {"clock_hz", system.clock_hz}};
  for (const Peak& peak : peaks) {
    nlohmann::ordered_json entry{{"name", peak.name},
                                 {"codelet", peak.codelet},
                                 {"unit", peak.unit},
                                 {"per_cycle_and_tile", peak.per_cycle},
                                 {"chip_tera_per_second", peak.tera_per_second}};
    if (peak.published) {
      entry["published_tera_per_second"] = peak.published->tera_per_second;
      entry["fits"] = peak.fits();
      entry["source"] = peak.published->source;
    }
    if (!peak.remark.empty()) entry["remark"] = peak.remark;
    report["peaks"].push_back(entry);
  }
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
    const config::SystemConfig system = config::load_system_config(configs / "mk2.yaml");
    const std::vector<Peak> peaks =
        codelet_test::measure_peaks(kind, system, configs / "published" / "mk2.yaml");
    (json ? print_json : print_table)(peaks, kind, system);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 2;
  }
}
