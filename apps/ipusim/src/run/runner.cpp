#include "ipusim/app/run/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "ipusim/app/run/memory_digest.hpp"
#include "ipusim/base/input_error.hpp"
#include "ipusim/host/host_error.hpp"
#include "ipusim/tile/fast_tile.hpp"

namespace ipusim::app {

using chip::control::ChipStatus;
using isa::sync_zone::gs2_host;

namespace {

constexpr const char* fast = "fast";

std::string list_of(config::TileSelection tiles) {
  std::sort(tiles.begin(), tiles.end());
  return config::to_string(tiles);
}

}  // namespace

RunOutcome Runner::run() {
  progress_.begin("make_machine");
  host::Machine machine = make_machine(input_.tile_kinds, input_.factories, input_.program.run.timeout);
  RunOutcome outcome;
  RunStates states(input_.checkpoints, input_.checkpoints.every == 0 ? RunIdentity{} : identity(), progress_);
  if (may_look_for_hazards()) states.keep_history();
  states.watch(machine);
  Restore restore;
  if (input_.resume != nullptr) {
    input_.resume->require_same_images(identity());
    restore = [&](host::Machine& m) { input_.resume->load_into(m); };
  }
  execute(machine, restore, [&](host::IpuDriver& driver, ChipStatus status) {
    judge_end(status, machine.chip(), outcome);
    if (status == ChipStatus::waits_for_host) states.at_host_rest(machine);
    read_outputs(driver, outcome);
  });
  outcome.problems.insert(outcome.problems.end(), states.problems().begin(), states.problems().end());
  progress_.begin("report");
  report(machine.chip(), states.history(), outcome);
  progress_.begin("digest");
  outcome.memory_sha256 = memory_sha256(machine.chip());
  return outcome;
}

Cycle Runner::start_cycle() {
  host::Machine machine = make_machine(input_.tile_kinds, input_.factories, Cycle{1});
  Cycle start;
  execute(machine, {}, [&](host::IpuDriver&, ChipStatus) { start = machine.chip().report().start; });
  return start;
}

host::Machine Runner::make_machine(const std::vector<std::string>& kinds,
                                   const chip::TileFactories& factories, Cycle limit) const {
  try {
    return {config::system_of(input_.system), kinds, factories, {limit, input_.jobs}};
  } catch (const std::invalid_argument& error) {
    // What the chip, the tile models and the endpoint say about a system they cannot build.
    throw InputError(error.what());
  }
}

RunIdentity Runner::identity() const {
  return identity_of(input_.program, input_.system, input_.tile_kinds, input_.images, input_.loads);
}

void Runner::execute(host::Machine& machine, const Restore& restore,
                     const std::function<void(host::IpuDriver&, ChipStatus)>& after) const {
  // Not within the job: if a model throws, SystemC gives up the job's stack without unwinding it.
  std::optional<Heartbeat> heartbeat;
  std::optional<SyncProgress> syncs;
  machine.run([&](host::IpuDriver& driver) {
    progress_.begin("load");
    driver.enumerate();
    if (restore) {
      restore(machine);
    } else {
      load(driver);
      if (input_.program.run.host_syncs != 0) driver.grant(gs2_host, input_.program.run.host_syncs);
    }
    progress_.begin("run");
    progress_.say("running");
    heartbeat.emplace(progress_, "running");
    machine.chip().add_observer(syncs.emplace(*heartbeat));
    if (!restore) driver.start();
    const ChipStatus status = driver.wait_for_rest(longest_run());
    machine.chip().remove_observer(*syncs);
    heartbeat.reset();
    progress_.begin("read_back");
    after(driver, status);
  });
}

// The chip stops by itself at the timeout; what comes on top is for the way of the interrupt.
std::chrono::nanoseconds Runner::longest_run() const {
  constexpr double nanoseconds_per_second = 1e9;
  constexpr std::chrono::hours most = std::chrono::hours{24 * 200};  // SystemC's time ends after 213 days
  const double nanoseconds = nanoseconds_per_second *
                             static_cast<double>(input_.program.run.timeout.value()) /
                             static_cast<double>(input_.system.clock_hz);
  const auto run = std::chrono::duration<double, std::nano>{nanoseconds} + std::chrono::seconds{1};
  return run > most ? most : std::chrono::duration_cast<std::chrono::nanoseconds>(run);
}

void Runner::load(host::IpuDriver& driver) const {
  std::uint64_t bytes = 0;
  for (const auto& image : input_.images) {
    for (const auto& segment : image->segments) bytes += segment.bytes.size();
  }
  for (const MemoryLoad& load : input_.loads) bytes += load.bytes.size();
  progress_.say(fmt::format("loading {} bytes to {} tiles", bytes, input_.images.size()));
  for (std::size_t i = 0; i < input_.images.size(); ++i) {
    const toolchain::Image& image = *input_.images[i];
    const TileId place = input_.system.places.at(i);
    for (const auto& segment : image.segments) {
      if (!segment.bytes.empty()) driver.write_memory(place, segment.address, segment.bytes);
    }
    driver.set_entry(place, image.entry);
  }
  for (const MemoryLoad& load : input_.loads) {
    driver.write_memory(input_.system.places.at(load.tile.value()), load.address, load.bytes);
  }
}

void Runner::read_outputs(host::IpuDriver& driver, RunOutcome& outcome) const {
  if (!input_.reads.empty()) progress_.say("reading back");
  for (std::size_t i = 0; i < input_.reads.size(); ++i) {
    try {
      read_output(driver, i, outcome);
    } catch (const host::HostError& error) {
      outcome.problems.push_back(
          fmt::format("output '{}' cannot be read: {}", input_.program.reads.at(i).name, error.what()));
      if (outcome.completed) outcome.state = "host_error";
      outcome.completed = false;
    }
  }
}

void Runner::read_output(host::IpuDriver& driver, std::size_t entry, RunOutcome& outcome) const {
  const program::ReadSpec& read = input_.program.reads.at(entry);
  Output output{read.name, read.type, read.tiles, read.count, {}, read.encoding, !outcome.completed};
  for (const MemoryArea& area : input_.reads[entry]) {
    std::vector<std::uint8_t> bytes(area.bytes);
    driver.read_memory(input_.system.places.at(area.tile.value()), area.address, bytes);
    const auto elements = unpack(bytes, read.type);
    output.elements.insert(output.elements.end(), elements.begin(), elements.end());
  }
  outcome.outputs.push_back(std::move(output));
}

void Runner::judge_end(ChipStatus status, const chip::ChipModel& chip, RunOutcome& outcome) const {
  switch (status) {
    case ChipStatus::waits_for_host:
      outcome.completed = chip.outside_zone() == gs2_host;
      outcome.state = outcome.completed ? "completed" : "host_wait";
      if (!outcome.completed) {
        outcome.problems.push_back(
            fmt::format("every tile waits in sync {}: the host grants syncs of zone {} only",
                        chip.outside_zone().value_or(0), gs2_host));
      }
      return;
    case ChipStatus::cycle_limit:
      outcome.state = "timeout";
      outcome.problems.push_back(fmt::format("the run did not end within {} cycles (run.timeout_cycles)",
                                             input_.program.run.timeout.value()));
      return;
    case ChipStatus::deadlock:
      outcome.state = "deadlock";
      return;
    case ChipStatus::stopped:
      outcome.state = "stopped";
      return;
    case ChipStatus::reset:
    case ChipStatus::running:
    case ChipStatus::finished:
      outcome.state = "unexpected_end";
      outcome.problems.push_back("the chip came to rest, but no tile waits for the host in sync 7");
  }
}

void Runner::report(const chip::ChipModel& chip, const StateHistory& history, RunOutcome& outcome) const {
  const chip::ChipReport report = chip.report();
  for (std::uint32_t i = 0; i < chip.size(); ++i)
    outcome.tile_kinds.push_back(chip.tile(TileIndex{i}).kind());
  outcome.start = report.start;
  outcome.cycles = report.cycles;
  outcome.supersteps = report.supersteps;
  outcome.tile_cycles = report.tile_cycles;
  outcome.hazards_left_out = report.hazards_left_out;
  FaultLocator locator(input_.system, input_.images, input_.source_folder);
  for (const auto& exception : report.exceptions) outcome.exceptions.push_back(locator.describe(exception));
  if (!report.hazards.empty()) outcome.hazards = describe_hazards(report, history, locator);
  outcome.problems.insert(outcome.problems.end(), report.problems.begin(), report.problems.end());
  if (!report.mismatched.empty()) {
    outcome.completed = false;
    outcome.state = "failed";
    outcome.failure = fmt::format(
        "the two models of tile {} differ, so that one of them does what a tile does not: problems show both "
        "sides",
        list_of(report.mismatched));
  }
  std::vector<TileIndex> troubled = report.mismatched;
  troubled.insert(troubled.end(), report.misused_sync.begin(), report.misused_sync.end());
  if (outcome.state == "timeout" || outcome.state == "deadlock") {
    troubled.clear();
    for (std::uint32_t i = 0; i < chip.size(); ++i) {
      if (input_.program.has_image(TileIndex{i})) troubled.push_back(TileIndex{i});
    }
  }
  for (const TileIndex tile : troubled) {
    const auto lines = locator.standing(tile, chip.tile(tile));
    outcome.problems.insert(outcome.problems.end(), lines.begin(), lines.end());
  }
}

// Whether hazards may be found that describe_hazards() can go back to from a state of this very run.
bool Runner::may_look_for_hazards() const {
  const bool all_fast = std::ranges::all_of(input_.tile_kinds, [](const auto& kind) { return kind == fast; });
  return all_fast && std::ranges::any_of(isa::hazards, [&](const isa::HazardInfo& hazard) {
           const config::HazardPolicy policy = input_.system.hazards.of(hazard.kind);
           return policy == config::HazardPolicy::warn || policy == config::HazardPolicy::error;
         });
}

// Runs the same once more on fast tiles, which take the same cycles, from a state before the first hazard to
// the last, and looks what their instructions were.
std::vector<Fault> Runner::describe_hazards(const chip::ChipReport& report, const StateHistory& history,
                                            FaultLocator& locator) const {
  const auto& hazards = report.hazards;
  Restore restore;
  if (const auto* from = history.nearest(hazards.front().hazard.cycle)) {
    restore = [from](host::Machine& machine) {
      StateReader reader(from->state);
      machine.load(reader);
    };
  }
  progress_.say(fmt::format(
      "running again{} to find the instructions of {} hazards",
      restore
          ? fmt::format(" from cycle {}", history.nearest(hazards.front().hazard.cycle)->at - report.start)
          : "",
      hazards.size()));
  Witnesses witnesses = witness(report, restore);
  const auto seen = [&](const chip::TileHazard& hazard) {
    return witnesses.at(hazard.tile).seen(hazard.hazard.cycle);
  };
  // The last instruction before a hazard may lie before the state.
  if (restore && !std::ranges::all_of(hazards, [&](const auto& hazard) { return seen(hazard).has_value(); }))
    witnesses = witness(report, {});
  std::vector<Fault> result;
  for (const auto& hazard : hazards) result.push_back(locator.describe(hazard, seen(hazard)));
  return result;
}

Runner::Witnesses Runner::witness(const chip::ChipReport& report, const Restore& restore) const {
  std::map<TileIndex, std::vector<Cycle>> cycles;
  for (const auto& hazard : report.hazards) cycles[hazard.tile].push_back(hazard.hazard.cycle);
  Witnesses witnesses;
  for (const auto& [tile, when] : cycles) witnesses.try_emplace(tile, when);
  const Cycle behind{report.hazards.back().hazard.cycle - report.start + 1};
  host::Machine machine =
      make_machine(std::vector<std::string>(input_.tile_kinds.size(), fast), {{fast, &tile::make_fast_tile}},
                   std::min(behind, input_.program.run.timeout));
  for (auto& [tile, witness] : witnesses) machine.chip().observe(tile, &witness);
  execute(machine, restore, [](host::IpuDriver&, ChipStatus) {});
  return witnesses;
}

}  // namespace ipusim::app
