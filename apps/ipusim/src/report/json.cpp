// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/report/json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <type_traits>

#include "ipusim/app/report/output_files.hpp"
#include "ipusim/config/tile_selection.hpp"
#include "ipusim/exchange_planner/plan_text.hpp"

namespace ipusim::app {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const chip::CycleSplit& cycles) {
  return {{"total", cycles.total()},
          {"compute", cycles.compute},
          {"sync", cycles.sync},
          {"exchange", cycles.exchange}};
}

ordered_json hexadecimal(const std::optional<ByteAddr>& address) {
  return address ? ordered_json(fmt::format("{:#x}", address->value())) : ordered_json(nullptr);
}

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

void add_code(ordered_json& json, const CodePlace* code) {
  json["pc"] = hexadecimal(code == nullptr ? std::nullopt : std::optional(code->pc));
  json["pc_symbol"] = text_or_null(code == nullptr ? "" : code->symbol);
  json["mnemonic"] = text_or_null(code == nullptr ? "" : code->mnemonic);
  json["source"] = text_or_null(code == nullptr ? "" : code->source);
  json["source_text"] = text_or_null(code == nullptr ? "" : code->text);
}

ordered_json to_json(const Fault& fault, const config::TileNames& names) {
  ordered_json json{
      {"tile", tile_to_json(fault.tile, names)}, {"place", fault.place.value()}, {"kind", fault.kind}};
  json["cause"] = text_or_null(fault.cause);
  json["context"] = text_or_null(fault.context);
  json["cycle"] = fault.cycle.value();
  add_code(json, fault.code ? &*fault.code : nullptr);
  json["address"] = hexadecimal(fault.address);
  json["symbol"] = text_or_null(fault.symbol);
  if (fault.word) json["word"] = *fault.word;
  json["is_error"] = fault.is_error;
  return json;
}

template <class Value>
ordered_json range_of(const std::optional<std::pair<Value, Value>>& range) {
  if (!range) return nullptr;
  if constexpr (std::is_same_v<Value, Cycle>)
    return {range->first.value(), range->second.value()};
  else
    return {range->first, range->second};
}

ordered_json to_json(const StandingGroup& group, const config::TileNames& names) {
  ordered_json json{{"context", group.workers ? "worker" : "supervisor"},
                    {"tiles", config::to_string(group.tiles, names)},
                    {"tile_count", group.tiles.size()},
                    {"contexts", group.contexts},
                    {"doing", group.doing}};
  json["sync"] = group.sync ? ordered_json(*group.sync) : ordered_json(nullptr);
  json["since_cycle"] = range_of(group.since);
  json["words_missing"] = range_of(group.words_missing);
  json["acknowledged"] = range_of(group.acknowledged);
  add_code(json, group.code ? &*group.code : nullptr);
  return json;
}

template <class Items>
ordered_json list_of(const Items& items, const config::TileNames& names) {
  ordered_json list = ordered_json::array();
  for (const auto& item : items) list.push_back(to_json(item, names));
  return list;
}

ordered_json chips_of(const std::vector<ChipOutcome>& chips) {
  ordered_json list = ordered_json::array();
  for (const ChipOutcome& chip : chips) {
    list.push_back({{"name", chip.name},
                    {"state", chip.state},
                    {"cycles", to_json(chip.cycles)},
                    {"start_cycle", chip.start.value()},
                    {"supersteps", chip.supersteps}});
  }
  return list;
}

ordered_json tiles_of(const RunReport& report, const config::TileNames& names) {
  ordered_json list = ordered_json::array();
  for (std::uint32_t i = 0; i < report.outcome.tile_kinds.size(); ++i) {
    const config::TileRef ref = names.ref(TileIndex{i});
    list.push_back({{"id", tile_to_json(TileIndex{i}, names)},
                    {"place", report.system.chips.at(ref.chip.value()).places.at(ref.tile.value()).value()},
                    {"kind", report.outcome.tile_kinds[i]},
                    {"cycles", to_json(report.outcome.tile_cycles.at(i))}});
  }
  return list;
}

}  // namespace

ordered_json to_json(const RunReport& report) {
  const RunOutcome& outcome = report.outcome;
  const config::TileNames names = report.system.tile_names();
  ordered_json expectations = ordered_json::array();
  for (const ExpectationResult& result : report.expectations) {
    expectations.push_back(
        {{"name", result.name}, {"expected", result.expected}, {"got", result.got}, {"pass", result.pass}});
  }
  ordered_json json;
  json["program"] = report.program.name;
  json["system"] = report.system.name;
  json["pass"] = report.exit_code == ExitCode::pass;
  json["exit_code"] = static_cast<int>(report.exit_code);
  json["state"] = outcome.state;
  json["message"] = text_or_null(outcome.failure);
  json["cycles"] = to_json(outcome.cycles);
  json["start_cycle"] = outcome.start.value();
  json["supersteps"] = outcome.supersteps;
  if (report.system.chips.size() > 1) json["chips"] = chips_of(outcome.chips);
  ordered_json phases = ordered_json::array();
  for (const auto& phase : report.phases)
    phases.push_back(ordered_json::parse(exchange_planner::to_json(phase)));
  json["exchange_phases"] = std::move(phases);
  json["tiles"] = tiles_of(report, names);
  json["memory_sha256"] = outcome.memory_sha256;
  json["expectations"] = std::move(expectations);
  json["outputs"] = list_of(outcome.outputs, names);
  json["exceptions"] = list_of(outcome.exceptions, names);
  json["hazards"] = list_of(outcome.hazards, names);
  json["hazards_left_out"] = outcome.hazards_left_out;
  json["problems"] = outcome.problems;
  json["standing"] = list_of(outcome.standing, names);
  json["wall_seconds"] = report.wall_seconds;
  ordered_json steps = ordered_json::object();
  for (const StepTime& time : report.steps) steps[time.step] = time.seconds;
  json["step_seconds"] = std::move(steps);
  return json;
}

std::string JsonFile::text(const RunReport& report) const {
  return to_json(report).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace ipusim::app
