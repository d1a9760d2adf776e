// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/planner.hpp"

#include <algorithm>

#include "ipusim/exchange_planner/schedule.hpp"
#include "ipusim/exchange_planner/timeline.hpp"

namespace ipusim::exchange_planner {
namespace {

PlannedPhase counted(const Phase& phase, const Traffic& traffic) {
  PlannedPhase planned{
      .name = phase.name, .pattern = traffic.pattern, .messages = traffic.transfers.size(), .functions = {}};
  for (const Transfer& transfer : traffic.transfers) {
    planned.words_sent += transfer.words;
    planned.words_received += std::uint64_t{transfer.words} * transfer.receiver_count;
  }
  return planned;
}

PlannedPhase plan_phase(const Phase& phase, const LatencyTable& latency, RowStyle style) {
  const Traffic traffic = expand(phase, latency.tile_count());
  const std::int32_t first = style == RowStyle::published ? published_first_selection : 0;
  const Schedule scheduled = schedule(traffic, latency, first);
  const Timelines timelines(traffic, scheduled, latency, style);

  PlannedPhase planned = counted(phase, traffic);
  planned.events = static_cast<std::uint64_t>(scheduled.events);
  planned.lower_bound = static_cast<std::uint64_t>(lower_bound(traffic, latency, first));
  planned.functions.reserve(latency.tile_count());
  for (std::uint32_t tile = 0; tile < latency.tile_count(); ++tile) {
    const Timeline timeline = timelines.timeline(tile);
    if (timeline.takes_part) ++planned.tiles;
    planned.functions.push_back({.takes_part = timeline.takes_part,
                                 .source_symbol = traffic.source_symbol[tile],
                                 .destination_symbol = traffic.destination_symbol[tile],
                                 .receive_count = timeline.receive_count,
                                 .first_pointer = timeline.first_pointer,
                                 .events = timeline.end,
                                 .row = build_row(timeline, latency.null_source())});
    planned.largest_code_bytes =
        std::max<std::uint64_t>(planned.largest_code_bytes, code_bytes(planned.functions.back()));
  }
  return planned;
}

}  // namespace

Plan plan(const config::ChipConfig& system, const std::vector<Phase>& phases, RowStyle style) {
  const LatencyTable latency(system);
  Plan result{.places = system.places, .null_source = latency.null_source(), .phases = {}};
  for (const Phase& phase : phases) result.phases.push_back(plan_phase(phase, latency, style));
  return result;
}

}  // namespace ipusim::exchange_planner
