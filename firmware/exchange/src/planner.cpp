// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/planner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ipusim/base/parallel.hpp"
#include "ipusim/exchange_planner/row.hpp"
#include "ipusim/exchange_planner/schedule.hpp"
#include "ipusim/exchange_planner/timeline.hpp"
#include "parts.hpp"
#include "widening.hpp"

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
    Traffic traffic = expand(phase, latency_.tile_count());
    PlannedPhase planned = phase.same_as.empty() ? planned_anew(phase, traffic) : planned_as(phase);
    planned.name = phase.name;
    planned.bases = phase.bases;
    planned.same_as = phase.same_as;
    planned.elements = phase.elements;
    planned.chip_tiles = latency_.tile_count();
    for (std::uint32_t tile = 0; tile < latency_.tile_count(); ++tile) {
      TileFunction& function = planned.functions[tile];
      const bool has_symbols = phase.bases == Bases::symbols;
      function.source_symbol = has_symbols ? traffic.source_symbol[tile] : std::string{};
      function.destination_symbol = has_symbols ? traffic.destination_symbol[tile] : std::string{};
    }
    plan_.phases.push_back(std::move(planned));
    PlannedPhase& added = plan_.phases.back();
    added.code_bytes = added.largest_code_bytes = 0;
    for (std::uint32_t tile = 0; tile < latency_.tile_count(); ++tile) {
      const std::uint64_t bytes = code_bytes(plan_, added, TileIndex{tile});
      added.code_bytes += bytes;
      added.largest_code_bytes = std::max(added.largest_code_bytes, bytes);
    }
  }

  Plan take() { return std::move(plan_); }

 private:
  // What a tile does in a part.
  struct PartOfTile {
    FunctionPart part;
    RowWords row;
  };
  struct PlannedPart {
    Schedule schedule;
    std::vector<PartOfTile> tiles;
    std::size_t largest_row = 0;  // bytes
  };

  std::int32_t first_selection() const {
    return style_ == RowStyle::published ? published_first_selection : 0;
  }

  PlannedPhase planned_anew(const Phase& phase, Traffic& traffic) {
    PlannedPhase planned{.pattern = std::string{phase.pattern.name()},
                         .messages = traffic.transfers.size(),
                         .functions = std::vector<TileFunction>(latency_.tile_count())};
    cut_long_messages(traffic);
    const Traffic all = widened_if_shorter(phase, traffic);
    count(all, planned);
    planned.lower_bound = static_cast<std::uint64_t>(lower_bound(all, latency_, first_selection()));
    if (counts_fit(all)) {
      add_part(phase, all, planned);
    } else {
      for (const Traffic& part : cut_by_count(all, schedule(all, latency_, first_selection())))
        add_part(phase, part, planned);
    }
    for (auto& function : planned.functions) planned.tiles += function.takes_part() ? 1U : 0U;
    return planned;
  }

  // A sender's partner gets its own copy of a broadcast, which may cost more than the others save.
  Traffic widened_if_shorter(const Phase& phase, const Traffic& traffic) const {
    Traffic wide = widened(phase, traffic, latency_);
    if (phase.width != Width::automatic || !wide.has_wide()) return wide;
    const auto events = [this](const Traffic& t) { return schedule(t, latency_, first_selection()).events; };
    return events(wide) < events(traffic) ? wide : traffic;
  }

  // Plans a part, or two of its halves if a row gets too long.
  void add_part(const Phase& phase, const Traffic& traffic, PlannedPhase& planned) {
    PlannedPart part = planned_part(traffic);
    if (phase.max_code_bytes != 0 && part.largest_row > phase.max_code_bytes) {
      if (traffic.transfers.size() < 2) {
        throw PlanError(fmt::format(
            "{}phase '{}': a row of one message alone has {} bytes, more than max_code_bytes, {}; allow more",
            phase.where.empty() ? std::string{} : phase.where.place() + ": ", phase.name, part.largest_row,
            phase.max_code_bytes));
      }
      const auto halves = cut_in_two(traffic, part.schedule);
      add_part(phase, halves.first, planned);
      add_part(phase, halves.second, planned);
      return;
    }
    ++planned.parts;
    planned.events += static_cast<std::uint64_t>(part.schedule.events);
    for_each_index(part.tiles.size(), [&](std::size_t tile) {
      PartOfTile& own = part.tiles[tile];
      keep_row(static_cast<std::uint32_t>(tile), std::move(own.row), own.part);
      planned.functions[tile].parts.push_back(own.part);
    });
    if (planned.parts == 2) unshare(planned);
  }

  PlannedPart planned_part(const Traffic& traffic) const {
    PlannedPart result{.schedule = schedule(traffic, latency_, first_selection()),
                       .tiles = std::vector<PartOfTile>(latency_.tile_count())};
    const Timelines timelines(traffic, result.schedule, latency_, style_);
    for_each_index(latency_.tile_count(), [&](std::size_t tile) {
      const Timeline timeline = timelines.timeline(static_cast<std::uint32_t>(tile));
      PartOfTile& own = result.tiles[tile];
      own.part.sends = traffic.sends[tile];
      own.part.receives = traffic.receives[tile];
      own.part.receive_count = timeline.receive_count;
      own.part.first_pointer = timeline.first_pointer;
      own.part.events = timeline.end;
      keep_windows(timeline, own.part);
      own.row = row_words(build_row(timeline, latency_.null_source()));
    });
    for (const PartOfTile& own : result.tiles)
      result.largest_row = std::max(result.largest_row, 4 * own.row.size());
    return result;
  }

  static void keep_windows(const Timeline& timeline, FunctionPart& part) {
    if (std::max(timeline.sends.size(), timeline.writes.size()) > FunctionPart::most_windows) return;
    part.writes = timeline.writes;
    for (const Send& send : timeline.sends) {
      const std::uint32_t bytes = (send.directions & wide_items) != 0 ? 8U : 4U;
      part.reads.push_back({send.event, send.event + static_cast<std::int32_t>(send.items), bytes * send.item,
                            bytes * send.items});
    }
  }

  void count(const Traffic& traffic, PlannedPhase& planned) const {
    std::vector<std::uint64_t> sent(latency_.tile_count(), 0);
    std::vector<std::uint64_t> heard(latency_.tile_count(), 0);
    for (const Transfer& transfer : traffic.transfers) {
      planned.words_sent += transfer.words;
      planned.words_received += std::uint64_t{transfer.words} * transfer.receiver_count;
      sent[transfer.from] += transfer.events();
      if (transfer.wide) {
        ++planned.wide_messages;
        sent[*latency_.partner(transfer.from)] += transfer.events();
        planned.functions[transfer.from].source_alignment = 8;
      }
      for (const std::uint32_t tile : traffic.receivers_of(transfer)) {
        heard[tile] += transfer.events();
        if (transfer.wide) planned.functions[tile].destination_alignment = 8;
      }
    }
    const auto use_of = [](const std::vector<std::uint64_t>& events) {
      BusUse use;
      for (const std::uint64_t e : events) {
        use.tiles += e != 0 ? 1U : 0U;
        use.events += e;
      }
      return use;
    };
    planned.send_buses = use_of(sent);
    planned.receive_buses = use_of(heard);
  }

  // Rows end with the function's return: one that goes on holds its own.
  static void unshare(PlannedPhase& planned) {
    for (TileFunction& function : planned.functions) {
      for (FunctionPart& part : function.parts) part.shares_row = false;
    }
  }

  void keep_row(std::uint32_t tile, RowWords row, FunctionPart& part) {
    auto& rows = plan_.rows[tile];
    const auto known = std::find(rows.begin(), rows.end(), row);
    part.row = static_cast<std::uint32_t>(known - rows.begin());
    part.shares_row = known != rows.end() && row.size() >= least_shared_words;
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
    if (planned.parts > 1) return planned;
    for (std::size_t tile = 0; tile < planned.functions.size(); ++tile) {
      FunctionPart& part = planned.functions[tile].parts.front();
      part.shares_row = plan_.rows[tile][part.row].size() >= least_shared_words;
    }
    return planned;
  }

  LatencyTable latency_;
  RowStyle style_;
  Plan plan_;
};

}  // namespace

bool TileFunction::takes_part() const {
  return std::any_of(parts.begin(), parts.end(), [](const FunctionPart& part) { return part.takes_part(); });
}

std::uint64_t TileFunction::receive_count() const {
  std::uint64_t words = 0;
  for (const FunctionPart& part : parts) words += part.receive_count;
  return words;
}

double PlannedPhase::share_of_takers(const BusUse& use) const {
  const double most = static_cast<double>(use.tiles) * static_cast<double>(events);
  return most == 0 ? 0 : static_cast<double>(use.events) / most;
}

double PlannedPhase::share_of_chip(const BusUse& use) const {
  const double most = static_cast<double>(chip_tiles) * static_cast<double>(events);
  return most == 0 ? 0 : static_cast<double>(use.events) / most;
}

Plan plan(const config::ChipConfig& system, const std::vector<Phase>& phases, RowStyle style) {
  Planner planner(system, style);
  for (const Phase& phase : phases) planner.add(phase);
  return planner.take();
}

}  // namespace ipusim::exchange_planner
