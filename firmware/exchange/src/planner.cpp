// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/planner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ipusim/base/parallel.hpp"
#include "ipusim/exchange_planner/row.hpp"
#include "ipusim/exchange_planner/schedule.hpp"
#include "ipusim/exchange_planner/timeline.hpp"

namespace ipusim::exchange_planner {
namespace {

// A shorter row than this is not worth a branch: copies of it stay where they are.
constexpr std::size_t least_shared_words = 4;

class Planner {
 public:
  Planner(const config::ChipConfig& system, RowStyle style)
      : latency_(system),
        style_(style),
        plan_{.places = system.places,
              .null_source = latency_.null_source(),
              .phases = {},
              .rows = std::vector<std::vector<RowWords>>(system.places.size())} {}

  void add(const Phase& phase) {
    const Traffic traffic = expand(phase, latency_.tile_count());
    PlannedPhase planned = phase.same_as.empty() ? planned_anew(phase, traffic) : planned_as(phase);
    planned.name = phase.name;
    planned.bases = phase.bases;
    planned.same_as = phase.same_as;
    for (std::uint32_t tile = 0; tile < latency_.tile_count(); ++tile) {
      TileFunction& function = planned.functions[tile];
      const bool has_symbols = phase.bases == Bases::symbols;
      function.source_symbol = has_symbols ? traffic.source_symbol[tile] : std::string{};
      function.destination_symbol = has_symbols ? traffic.destination_symbol[tile] : std::string{};
    }
    plan_.phases.push_back(std::move(planned));
    PlannedPhase& added = plan_.phases.back();
    for (std::uint32_t tile = 0; tile < latency_.tile_count(); ++tile) {
      added.largest_code_bytes =
          std::max<std::uint64_t>(added.largest_code_bytes, code_bytes(plan_, added, TileIndex{tile}));
    }
  }

  Plan take() { return std::move(plan_); }

 private:
  PlannedPhase planned_anew(const Phase& phase, const Traffic& traffic) {
    const std::int32_t first = style_ == RowStyle::published ? published_first_selection : 0;
    const Schedule scheduled = schedule(traffic, latency_, first);
    const Timelines timelines(traffic, scheduled, latency_, style_);

    PlannedPhase planned{.pattern = std::string{phase.pattern.name()},
                         .messages = traffic.transfers.size(),
                         .functions = std::vector<TileFunction>(latency_.tile_count())};
    for (const Transfer& transfer : traffic.transfers) {
      planned.words_sent += transfer.words;
      planned.words_received += std::uint64_t{transfer.words} * transfer.receiver_count;
    }
    planned.events = static_cast<std::uint64_t>(scheduled.events);
    planned.lower_bound = static_cast<std::uint64_t>(lower_bound(traffic, latency_, first));
    // Each tile has rows of its own, so that threads do not meet.
    for_each_index(latency_.tile_count(), [&](std::size_t tile) {
      const auto index = static_cast<std::uint32_t>(tile);
      const Timeline timeline = timelines.timeline(index);
      TileFunction& function = planned.functions[tile];
      function.takes_part = timeline.takes_part;
      function.sends = traffic.sends[tile];
      function.receives = traffic.receives[tile];
      function.receive_count = timeline.receive_count;
      function.first_pointer = timeline.first_pointer;
      function.events = timeline.end;
      keep_row(index, row_words(build_row(timeline, latency_.null_source())), function);
    });
    planned.tiles = static_cast<std::uint64_t>(
        std::count_if(planned.functions.begin(), planned.functions.end(),
                      [](const TileFunction& function) { return function.takes_part; }));
    return planned;
  }

  void keep_row(std::uint32_t tile, RowWords row, TileFunction& function) {
    auto& rows = plan_.rows[tile];
    const auto known = std::find(rows.begin(), rows.end(), row);
    function.row = static_cast<std::uint32_t>(known - rows.begin());
    function.shares_row = known != rows.end() && row.size() >= least_shared_words;
    if (known == rows.end()) rows.push_back(std::move(row));
  }

  PlannedPhase planned_as(const Phase& phase) const {
    const auto other =
        std::find_if(plan_.phases.begin(), plan_.phases.end(),
                     [&](const PlannedPhase& planned) { return planned.name == phase.same_as; });
    if (other == plan_.phases.end()) {
      throw PlanError(fmt::format(
          "{}phase '{}' is to be the same as '{}', but there is no such phase before it",
          phase.where.empty() ? std::string{} : phase.where.place() + ": ", phase.name, phase.same_as));
    }
    PlannedPhase planned = *other;
    for (std::size_t tile = 0; tile < planned.functions.size(); ++tile) {
      TileFunction& function = planned.functions[tile];
      function.shares_row = plan_.rows[tile][function.row].size() >= least_shared_words;
    }
    planned.largest_code_bytes = 0;
    return planned;
  }

  LatencyTable latency_;
  RowStyle style_;
  Plan plan_;
};

}  // namespace

Plan plan(const config::ChipConfig& system, const std::vector<Phase>& phases, RowStyle style) {
  Planner planner(system, style);
  for (const Phase& phase : phases) planner.add(phase);
  return planner.take();
}

}  // namespace ipusim::exchange_planner
