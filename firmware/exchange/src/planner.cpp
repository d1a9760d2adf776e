#include "ipusim/exchange_planner/planner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "assembly.hpp"
#include "ipusim/exchange_planner/schedule.hpp"
#include "ipusim/exchange_planner/timeline.hpp"

namespace ipusim::exchange_planner {
namespace {

PhaseSummary counted(const Phase& phase, const Traffic& traffic) {
  PhaseSummary summary{
      .name = phase.name, .pattern = to_string(traffic.pattern), .messages = traffic.transfers.size()};
  for (const Transfer& transfer : traffic.transfers) {
    summary.words_sent += transfer.words;
    summary.words_received += std::uint64_t{transfer.words} * transfer.receiver_count;
  }
  return summary;
}

// Adds the phase's function to every tile's text.
PhaseSummary plan_phase(const Phase& phase, const LatencyTable& latency, RowStyle style,
                        std::vector<std::string>& assembly) {
  const Traffic traffic = expand(phase, latency.tile_count());
  const std::int32_t first = style == RowStyle::published ? published_first_selection : 0;
  const Schedule scheduled = schedule(traffic, latency, first);
  const Timelines timelines(traffic, scheduled, latency, style);

  PhaseSummary summary = counted(phase, traffic);
  summary.events = static_cast<std::uint64_t>(scheduled.events);
  summary.lower_bound = static_cast<std::uint64_t>(lower_bound(traffic, latency, first));
  for (std::uint32_t tile = 0; tile < assembly.size(); ++tile) {
    const Timeline timeline = timelines.timeline(tile);
    if (timeline.takes_part) ++summary.tiles;
    const FunctionSource source{
        .phase = phase.name,
        .comment = fmt::format("phase {} of tile {}, place {}: {} events, {} words in", phase.name, tile,
                               latency.place(tile).value(), timeline.end, timeline.receive_count),
        .source_symbol = traffic.source_symbol[tile],
        .destination_symbol = traffic.destination_symbol[tile],
        .null_source = latency.null_source()};
    const Function function = write_function(source, timeline);
    assembly[tile] += function.text;
    summary.largest_code_bytes = std::max<std::uint64_t>(summary.largest_code_bytes, function.bytes);
  }
  return summary;
}

}  // namespace

Plan plan(const config::SystemConfig& system, const std::vector<Phase>& phases, RowStyle style) {
  const LatencyTable latency(system);
  Plan result;
  result.assembly.resize(latency.tile_count());
  for (const Phase& phase : phases) {
    result.phases.push_back(plan_phase(phase, latency, style, result.assembly));
  }
  return result;
}

std::string to_json(const config::SystemConfig& system, const Plan& plan) {
  nlohmann::ordered_json phases = nlohmann::ordered_json::array();
  for (const PhaseSummary& phase : plan.phases) {
    phases.push_back({{"name", phase.name},
                      {"pattern", phase.pattern},
                      {"tiles", phase.tiles},
                      {"messages", phase.messages},
                      {"words_sent", phase.words_sent},
                      {"words_received", phase.words_received},
                      {"events", phase.events},
                      {"lower_bound", phase.lower_bound},
                      {"largest_code_bytes", phase.largest_code_bytes}});
  }
  const nlohmann::ordered_json all{
      {"system", system.name}, {"tiles", system.places.size()}, {"phases", phases}};
  return all.dump(2) + "\n";
}

}  // namespace ipusim::exchange_planner
