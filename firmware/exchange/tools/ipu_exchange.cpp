// SPDX-License-Identifier: Apache-2.0
// ipu-exchange: plans the exchange phases of a program without building it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include "ipusim/config/config_node.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/exchange_planner/phase_file.hpp"
#include "ipusim/exchange_planner/plan_text.hpp"
#include "ipusim/exchange_planner/planner.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::exchange_planner;

constexpr int bad_input = 2;

struct Arguments {
  std::filesystem::path system;
  std::filesystem::path phases;
  std::filesystem::path out;
  RowStyle style = RowStyle::compact;
  bool report = false;
};

// The phases of a program file, or of a file that holds nothing but their list.
config::ConfigNode phase_list(const std::filesystem::path& file) {
  const config::ConfigNode root = config::ConfigNode::load(file);
  return root.is_sequence() ? root : root.at("exchange");
}

void write(const std::filesystem::path& file, const std::string& text) {
  if (std::filesystem::is_directory(file))
    throw std::runtime_error(fmt::format("{}: cannot write this file: a folder has its name", file.string()));
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) throw std::runtime_error(fmt::format("{}: cannot write this file", file.string()));
}

void write_plan(const std::filesystem::path& folder, const config::ChipConfig& system, const Plan& plan) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw std::runtime_error(fmt::format("{}: {}", folder.string(), failure.message()));
  for (std::uint32_t tile = 0; tile < plan.places.size(); ++tile) {
    write(folder / fmt::format("tile_{}.S", tile), assembly_of(plan, TileIndex{tile}));
  }
  write(folder / "plan.json", to_json(system, plan));
}

void print_table(const Plan& plan) {
  constexpr std::string_view line = "{:<24} {:<12} {:>6} {:>9} {:>11} {:>11} {:>9} {:>9} {:>7}\n";
  std::cout << fmt::format(line, "phase", "pattern", "tiles", "messages", "words sent", "received", "events",
                           "at least", "code B");
  for (const PlannedPhase& p : plan.phases) {
    std::cout << fmt::format(line, p.name, p.pattern, p.tiles, p.messages, p.words_sent, p.words_received,
                             p.events, p.lower_bound, p.largest_code_bytes);
  }
}

CLI::App* describe(CLI::App& app, Arguments& arguments) {
  app.add_option("SYSTEM", arguments.system, "System file: the places of the tiles and their latencies")
      ->required();
  app.add_option("PHASES", arguments.phases,
                 "Program file, or a file with the list its `exchange:` would hold")
      ->required();
  app.add_option("--out", arguments.out, "Folder for tile_N.S and plan.json; none are written without it")
      ->check([](const std::string& name) -> std::string {
        std::error_code ignored;
        const bool is_other =
            std::filesystem::exists(name, ignored) && !std::filesystem::is_directory(name, ignored);
        return is_other ? name + " is a file, but a folder is needed" : "";
      });
  app.add_option_function<std::string>(
         "--style",
         [&arguments](const std::string& style) {
           arguments.style = style == "compact" ? RowStyle::compact : RowStyle::published;
         },
         "compact: as early as possible; published: as the vendor's rows")
      ->check(CLI::IsMember({"compact", "published"}))
      ->default_str("compact");
  app.add_flag("--report", arguments.report,
               "More of each phase: parts, events over the bound, how busy the buses are, code of all tiles");
  app.footer(
      "Events are tile cycles from the release of a phase's sync; `at least` is what no plan can beat.\n"
      "Exit codes: 0 planned, 2 bad input.");
  return &app;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Plans the exchange phases of a program: one assembly file per tile with a function exchange_NAME "
      "per phase.",
      "ipu-exchange"};
  Arguments arguments;
  describe(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : bad_input;
  }
  try {
    const auto system = config::load_chip_config(arguments.system);
    const auto phases = parse_phases(phase_list(arguments.phases), system.places.size());
    const Plan result = plan(system, phases, arguments.style);
    if (!arguments.out.empty()) write_plan(arguments.out, system, result);
    if (arguments.report)
      std::cout << report_of(result);
    else
      print_table(result);
  } catch (const std::exception& error) {
    std::cerr << "ipu-exchange: " << error.what() << '\n';
    return bad_input;
  }
  return 0;
}
