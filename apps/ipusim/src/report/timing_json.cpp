// SPDX-License-Identifier: Apache-2.0
// timing.json
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "ipusim/app/report/output_files.hpp"
#include "ipusim/app/report/timing_files.hpp"
#include "ipusim/app/timing/timing_figures.hpp"

namespace ipusim::app {
namespace {

using nlohmann::ordered_json;
using Kind = chip::StepTiming::Kind;

constexpr unsigned format_version = 1;

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::begin:
      return "begin";
    case Kind::superstep:
      return "superstep";
    case Kind::outside:
      return "outside";
    case Kind::end:
      return "end";
  }
  return {};
}

// Figures are told with six digits: they are ratios of whole numbers that stand beside them.
ordered_json figure(double value) {
  const double scale = value == 0 ? 1 : std::pow(10.0, 6 - std::ceil(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json to_json(const chip::CycleSplit& cycles) {
  return {{"total", cycles.total()},
          {"compute", cycles.compute},
          {"sync", cycles.sync},
          {"exchange", cycles.exchange}};
}

ordered_json to_json(const chip::TileTiming& timing) {
  ordered_json json = ordered_json::object();
  for (const chip::TimingQuantity& quantity : chip::timing_quantities)
    json[std::string(quantity.name)] = timing.*quantity.value;
  return json;
}

// A list per quantity, by tile.
ordered_json to_json(const std::vector<chip::TileTiming>& tiles) {
  ordered_json json = ordered_json::object();
  for (const chip::TimingQuantity& quantity : chip::timing_quantities) {
    ordered_json values = ordered_json::array();
    for (const chip::TileTiming& tile : tiles) values.push_back(tile.*quantity.value);
    json[std::string(quantity.name)] = std::move(values);
  }
  return json;
}

ordered_json to_json(const chip::StepTiming& step, const StepName& name, const chip::RunTiming& run) {
  const StepFigures figures = figures_of(step, run.tiles.size());
  ordered_json json{{"name", name.title}, {"kind", kind_name(step.kind)}};
  json["zone"] =
      step.kind == Kind::begin || step.kind == Kind::end ? ordered_json(nullptr) : ordered_json(step.zone);
  json["function"] = text_or_null(name.function);
  json["caller"] = text_or_null(name.caller);
  json["vertices"] = name.vertices;
  json["begin"] = step.begin - run.start;
  json["last_arrival"] = step.last_arrival - run.start;
  json["release"] = step.release - run.start;
  json["critical_tile"] =
      step.kind == Kind::begin ? ordered_json(nullptr) : ordered_json(step.critical.value());
  json["path"] = to_json(step.path);
  json["arrived"] = step.arrived;
  json["compute"] = {{"mean", figure(figures.compute_mean)},
                     {"max", step.max.compute},
                     {"max_tile", step.max_tile[0].value()},
                     {"balance", figure(figures.balance)}};
  json["idle_share"] = figure(figures.idle);
  json["exchange"] = {{"cycles", figures.exchange_cycles},
                      {"words_sent", step.sum.sent},
                      {"words_received", step.sum.received},
                      {"senders", step.senders},
                      {"takers", step.takers},
                      {"words_per_cycle", figure(figures.words_per_cycle)},
                      {"of_chip", figure(figures.of_chip)},
                      {"of_takers", figure(figures.of_takers)}};
  json["sum"] = to_json(step.sum);
  json["tiles"] = step.tiles.empty() ? ordered_json(nullptr) : to_json(step.tiles);
  return json;
}

ordered_json steps_of(const ChipTiming& timing) {
  ordered_json steps = ordered_json::array();
  for (std::size_t i = 0; i < timing.run.steps.size(); ++i)
    steps.push_back(to_json(timing.run.steps[i], timing.names[i], timing.run));
  return steps;
}

ordered_json phases_to_json(const ChipTiming& timing) {
  ordered_json list = ordered_json::array();
  for (const PhaseFigures& phase : phases_of(timing)) {
    list.push_back({{"name", phase.title},
                    {"steps", phase.steps},
                    {"path", to_json(phase.path)},
                    {"compute_mean", figure(phase.compute_mean)},
                    {"compute_max", phase.compute_max},
                    {"exchange_cycles", phase.exchange_cycles},
                    {"of_takers", figure(phase.of_takers)},
                    {"sum", to_json(phase.sum)}});
  }
  return list;
}

ordered_json instructions_to_json(const chip::RunTiming& run) {
  const InstructionFigures figures = instructions_of(run);
  ordered_json contexts = ordered_json::object();
  for (unsigned i = 0; i < Context::count; ++i) contexts[Context::from_index(i).name()] = figures.contexts[i];
  ordered_json mnemonics = ordered_json::array();
  for (const MnemonicCount& row : figures.mnemonics) {
    mnemonics.push_back({{"mnemonic", row.mnemonic},
                         {"lane", row.lane == isa::Lane::main ? "main" : "aux"},
                         {"count", row.count},
                         {"contexts", row.contexts}});
  }
  return {{"bundles", figures.bundles},
          {"instructions", figures.instructions},
          {"main", figures.main},
          {"aux", figures.aux},
          {"pairs", figures.pairs},
          {"bundles_per_cycle", figure(figures.bundles_per_cycle)},
          {"contexts", std::move(contexts)},
          {"mnemonics", std::move(mnemonics)}};
}

ordered_json tiles_to_json(const ChipTiming& timing, const config::ChipConfig& chip) {
  ordered_json json{{"place", ordered_json::array()}};
  for (const TileId place : chip.places) json["place"].push_back(place.value());
  json.update(to_json(timing.run.tiles));
  json["syncs"] = timing.run.syncs;
  ordered_json contexts = ordered_json::array();
  for (const auto& bundles : timing.run.bundles) contexts.push_back(bundles);
  json["context_bundles"] = std::move(contexts);
  return json;
}

ordered_json to_json(const ChipTiming& timing, const RunReport& report) {
  const config::ChipConfig& chip = report.system.chips.at(timing.chip.value());
  const chip::RunTiming& run = timing.run;
  const RunFigures figures = figures_of(run);
  ordered_json json{{"name", report.system.tile_names().chip(timing.chip).name}};
  json["arch"] = isa::arch_info(chip.arch).name;
  json["clock_hz"] = chip.clock_hz;
  json["grid"] = {{"rows", chip.grid.rows}, {"columns", chip.grid.columns}, {"lanes", chip.grid.lanes}};
  json["start_cycle"] = run.start.value();
  json["begin"] = run.begin - run.start;
  json["end"] = run.end - run.start;
  json["cycles"] = to_json(run.path);
  json["compute"] = {{"mean", figure(figures.compute_mean)},
                     {"max", figures.compute_max},
                     {"max_tile", figures.compute_max_tile.value()},
                     {"balance", figure(figures.balance)},
                     {"tiles", figures.tiles}};
  json["idle_share"] = figure(figures.idle);
  json["phases"] = phases_to_json(timing);
  json["critical_tiles"] = ordered_json::array();
  for (const CriticalTile& tile : critical_tiles(run))
    json["critical_tiles"].push_back(
        {{"tile", tile.tile.value()}, {"steps", tile.steps}, {"cycles", tile.cycles}});
  json["instructions"] = instructions_to_json(run);
  json["tiles"] = tiles_to_json(timing, chip);
  json["steps"] = steps_of(timing);
  return json;
}

}  // namespace

ordered_json timing_to_json(const RunReport& report) {
  ordered_json json{{"format", "ipusim timing"}, {"version", format_version}};
  json["program"] = report.program.name;
  json["system"] = report.system.name;
  json["state"] = report.outcome.state;
  json["chips"] = ordered_json::array();
  for (const ChipTiming& chip : report.outcome.timing) json["chips"].push_back(to_json(chip, report));
  return json;
}

// Lists of numbers stay on one line, everything else is indented.
namespace {

bool is_flat(const ordered_json& value) {
  return value.is_array() && !value.empty() &&
         std::none_of(value.begin(), value.end(), [](const auto& item) { return item.is_structured(); });
}

void print(const ordered_json& value, std::size_t depth, std::string& text) {
  const bool is_open = value.is_structured() && !value.empty() && !is_flat(value);
  if (!is_open) {
    text += value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return;
  }
  const std::string indent(depth + 1, ' ');
  text += value.is_object() ? '{' : '[';
  const char* between = "\n";
  for (const auto& [key, item] : value.items()) {
    text += between + indent;
    if (value.is_object()) text += ordered_json(key).dump() + ": ";
    print(item, depth + 1, text);
    between = ",\n";
  }
  text += "\n" + std::string(depth, ' ') + (value.is_object() ? '}' : ']');
}

}  // namespace

std::string TimingJsonFile::text(const RunReport& report) const {
  std::string text;
  print(timing_to_json(report), 0, text);
  return text + "\n";
}

}  // namespace ipusim::app
