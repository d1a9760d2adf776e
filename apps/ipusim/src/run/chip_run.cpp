// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/run/chip_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "ipusim/app/run/runner.hpp"
#include "ipusim/app/run/standing.hpp"
#include "ipusim/host/host_error.hpp"

namespace ipusim::app {

using chip::control::ChipStatus;
using isa::sync_zone::gs2_host;

namespace {

std::string state_of(ChipStatus status, const chip::ChipModel& chip) {
  switch (status) {
    case ChipStatus::waits_for_host:
      return chip.outside_zone() == gs2_host ? "completed" : "host_wait";
    case ChipStatus::cycle_limit:
      return "timeout";
    case ChipStatus::deadlock:
      return "deadlock";
    case ChipStatus::stopped:
      return "stopped";
    case ChipStatus::reset:
    case ChipStatus::running:
    case ChipStatus::finished:
      break;
  }
  return "unexpected_end";
}

}  // namespace

ChipRun::ChipRun(const RunInput& input, ChipIndex chip)
    : input_(input), chip_(chip), names_(input.system.tile_names()) {}

TileId ChipRun::place_of(TileIndex tile) const {
  return input_.system.chips.at(chip_.value()).places.at(names_.ref(tile).tile.value());
}

// Sentences of the chip itself tell its tiles by their number in it.
std::string ChipRun::told(const std::string& problem) const {
  return names_.chips() == 1 ? problem : names_.chip(chip_).name + ": " + problem;
}

bool ChipRun::is_used() const {
  return std::ranges::any_of(input_.program.images, [&](const program::ImageSpec& image) {
    return std::ranges::any_of(image.tiles, [&](TileIndex tile) { return is_own(tile); });
  });
}

void ChipRun::load(host::IpuDriver& driver) const {
  for (std::uint32_t i = 0; i < names_.chip(chip_).tiles; ++i) {
    const TileIndex tile = names_.index({chip_, TileIndex{i}});
    const toolchain::Image& image = *input_.images.at(tile.value());
    for (const auto& segment : image.segments)
      toolchain::write_segment(segment, [&](ByteAddr address, std::span<const std::uint8_t> bytes) {
        driver.write_memory(place_of(tile), address, bytes);
      });
    driver.set_entry(place_of(tile), image.entry);
  }
  for (const MemoryLoad& load : input_.loads) {
    if (is_own(load.tile)) driver.write_memory(place_of(load.tile), load.address, load.bytes);
  }
  if (input_.program.run.host_syncs != 0) driver.grant(gs2_host, input_.program.run.host_syncs);
}

void ChipRun::read_back(host::IpuDriver& driver, ChipStatus status) {
  status_ = status;
  for (const std::vector<MemoryArea>& areas : input_.reads) {
    Part& part = parts_.emplace_back();
    try {
      for (const MemoryArea& area : areas) {
        if (!is_own(area.tile)) continue;
        part.areas.emplace_back(area.bytes);
        driver.read_memory(place_of(area.tile), area.address, part.areas.back());
      }
    } catch (const host::HostError& error) {
      part.failure = error.what();
    }
  }
}

void ChipRun::judge_end(const chip::ChipModel& chip, RunOutcome& outcome) const {
  ChipOutcome own;
  own.name = names_.chip(chip_).name;
  own.state = status_ ? state_of(*status_, chip) : "unused";
  const auto complain = [&](const std::string& problem) { outcome.problems.push_back(told(problem)); };
  if (own.state == "host_wait") {
    complain(fmt::format("every tile waits in sync {}: the host grants syncs of zone {} only",
                         chip.outside_zone().value_or(0), gs2_host));
  } else if (own.state == "timeout") {
    complain(fmt::format("the run did not end within {} cycles (run.timeout_cycles)",
                         input_.program.run.timeout.value()));
  } else if (own.state == "unexpected_end") {
    complain("the chip came to rest, but no tile waits for the host in sync 7");
  }
  outcome.chips.push_back(std::move(own));
}

bool ChipRun::add_output(std::size_t entry, Output& output, std::vector<std::string>& problems) const {
  if (!status_) return true;
  const Part& part = parts_.at(entry);
  if (part.failure) {
    problems.push_back(told(fmt::format("output '{}' cannot be read: {}", output.name, *part.failure)));
    return false;
  }
  for (const auto& bytes : part.areas) {
    const auto elements = unpack(bytes, output.type);
    output.elements.insert(output.elements.end(), elements.begin(), elements.end());
  }
  return true;
}

std::vector<TileIndex> ChipRun::report(const chip::ChipModel& chip, FaultLocator& locator,
                                       RunOutcome& outcome) const {
  const chip::ChipReport report = chip.report();
  ChipOutcome& own = outcome.chips.at(chip_.value());
  own.start = report.start;
  own.cycles = report.cycles;
  own.supersteps = report.supersteps;
  for (std::uint32_t i = 0; i < chip.size(); ++i)
    outcome.tile_kinds.push_back(chip.tile(TileIndex{i}).kind());
  outcome.tile_cycles.insert(outcome.tile_cycles.end(), report.tile_cycles.begin(), report.tile_cycles.end());
  outcome.hazards_left_out += report.hazards_left_out;
  for (const auto& exception : report.exceptions)
    outcome.exceptions.push_back(locator.describe(chip_, exception));
  // What each tile waits for in a deadlock is told with the code it waits in.
  if (report.state != chip::ChipState::deadlock) {
    for (const std::string& problem : report.problems) outcome.problems.push_back(told(problem));
  }
  if (!report.mismatched.empty()) own.state = "failed";
  StandingReport standing(locator);
  for (const TileIndex tile : troubled(report, own.state))
    standing.add(names_.index({chip_, tile}), chip.standing(tile), chip.tile(tile));
  for (StandingGroup& group : standing.take()) outcome.standing.push_back(std::move(group));
  std::vector<TileIndex> mismatched;
  for (const TileIndex tile : report.mismatched) mismatched.push_back(names_.index({chip_, tile}));
  return mismatched;
}

// Tiles whose contexts should be shown, by their number in the chip: all of a chip that came to no end.
std::vector<TileIndex> ChipRun::troubled(const chip::ChipReport& report, const std::string& state) const {
  constexpr std::array<std::string_view, 4> without_end{"timeout", "deadlock", "host_wait", "unexpected_end"};
  std::vector<TileIndex> tiles;
  if (std::ranges::find(without_end, state) != without_end.end()) {
    for (std::uint32_t i = 0; i < names_.chip(chip_).tiles; ++i) tiles.emplace_back(i);
    return tiles;
  }
  tiles = report.mismatched;
  tiles.insert(tiles.end(), report.misused_sync.begin(), report.misused_sync.end());
  std::ranges::sort(tiles);
  tiles.erase(std::unique(tiles.begin(), tiles.end()), tiles.end());
  return tiles;
}

}  // namespace ipusim::app
