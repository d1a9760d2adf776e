// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/timing/timing_plan.hpp"

#include <fmt/format.h>

#include <charconv>

#include "ipusim/base/input_error.hpp"
#include "ipusim/config/config_node.hpp"
#include "ipusim/config/tile_selection.hpp"

namespace ipusim::app {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::pair<Cycle, Cycle> parse_window(const std::string& text) {
  const auto colon = text.find(':');
  const std::string from = text.substr(0, colon);
  const std::string to = colon == std::string::npos ? "" : text.substr(colon + 1);
  const auto begin = from.empty() ? 0 : number(from);
  const auto end = to.empty() ? Cycle::never().value() : number(to);
  if (colon == std::string::npos || text.size() == 1 || !begin || !end || *begin >= *end) {
    throw InputError(fmt::format(
        "--trace-window {}: expected FROM:TO, cycles since the run's start with FROM before TO, such "
        "as 1000:2000, 1000: or :2000",
        text));
  }
  return {Cycle{*begin}, Cycle{*end}};
}

config::TileSelection traced_tiles(const std::string& text, const config::TileNames& names) {
  try {
    return config::parse_tile_selection(text, names);
  } catch (const config::ConfigError& error) {
    throw InputError(fmt::format("--trace-tiles {}: {}", text, error.what()));
  }
}

}  // namespace

std::optional<TimingPlan> plan_timing(const TimingRequest& request, const config::SystemConfig& system) {
  if (!request.report && !request.trace) return std::nullopt;
  TimingPlan plan{request.trace, std::vector<chip::TimingOptions>(system.chips.size())};
  if (!request.trace) return plan;
  const config::TileNames names = system.tile_names();
  for (const TileIndex tile : traced_tiles(request.trace_tiles.value_or("all"), names)) {
    const config::TileRef ref = names.ref(tile);
    plan.chips.at(ref.chip.value()).traced.push_back(ref.tile);
  }
  if (!request.trace_window) return plan;
  const auto [from, to] = parse_window(*request.trace_window);
  for (chip::TimingOptions& options : plan.chips) {
    options.trace_from = from;
    options.trace_to = to;
  }
  return plan;
}

}  // namespace ipusim::app
