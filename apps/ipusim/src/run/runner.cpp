// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/run/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "ipusim/app/run/memory_digest.hpp"
#include "ipusim/base/input_error.hpp"
#include "ipusim/tile/fast_tile.hpp"

namespace ipusim::app {

using chip::control::ChipStatus;

namespace {

constexpr const char* fast = "fast";

// The worst comes first.
constexpr std::array<std::string_view, 6> bad_ends{"failed",  "stopped",        "deadlock",
                                                   "timeout", "unexpected_end", "host_wait"};

std::string worst_state(const std::vector<ChipOutcome>& chips) {
  for (const std::string_view state : bad_ends) {
    if (std::ranges::find(chips, state, &ChipOutcome::state) != chips.end()) return std::string{state};
  }
  return "completed";
}

void take_longest(RunOutcome& outcome) {
  const auto longest = std::ranges::max_element(outcome.chips, {},
                                                [](const ChipOutcome& chip) { return chip.cycles.total(); });
  outcome.longest = ChipIndex{static_cast<std::uint32_t>(longest - outcome.chips.begin())};
  outcome.start = longest->start;
  outcome.cycles = longest->cycles;
  outcome.supersteps = longest->supersteps;
}

// What is shown while the chips of a machine run.
class Show {
 public:
  Show(const Progress& progress, host::Machine& machine) : progress_(progress), machine_(machine) {}
  void begin() {
    if (heartbeat_) return;
    progress_.begin("run");
    progress_.say("running");
    heartbeat_.emplace(progress_, "running");
    syncs_.emplace(*heartbeat_);
    for (std::uint32_t c = 0; c < machine_.chips(); ++c) machine_.chip(ChipIndex{c}).add_observer(*syncs_);
  }
  // These chips have ended.
  void end(const std::vector<ChipIndex>& chips) {
    for (const ChipIndex chip : chips) machine_.chip(chip).remove_observer(*syncs_);
    ended_ += chips.size();
    if (ended_ == machine_.chips()) heartbeat_.reset();
  }

 private:
  const Progress& progress_;
  host::Machine& machine_;
  std::optional<Heartbeat> heartbeat_;
  std::optional<SyncProgress> syncs_;
  std::size_t ended_ = 0;
};

}  // namespace

RunOutcome Runner::run() {
  progress_.begin("make_machine");
  host::Machine machine = make_machine(input_.tile_kinds, input_.factories, input_.program.run.timeout);
  std::vector<ChipRun> chips = chip_runs();
  RunStates states(input_.checkpoints, input_.checkpoints.every == 0 ? RunIdentity{} : identity(), progress_);
  if (may_look_for_hazards()) states.keep_history();
  if (chips.size() == 1) states.watch(machine);
  Restore restore;
  if (input_.resume != nullptr) {
    input_.resume->require_same_images(identity());
    restore = [&](host::Machine& m) { input_.resume->load_into(m); };
  }
  bool is_reading = false;
  std::optional<ChipRecorders> recorders;
  if (input_.timing) recorders.emplace(*input_.timing);
  execute(machine, restore, recorders ? &*recorders : nullptr,
          [&](ChipIndex chip, host::IpuDriver& driver, ChipStatus status) {
            if (status == ChipStatus::waits_for_host) states.at_host_rest(machine);
            if (!input_.reads.empty() && !std::exchange(is_reading, true)) progress_.say("reading back");
            chips.at(chip.value()).read_back(driver, status);
          });
  progress_.begin("report");
  RunOutcome outcome;
  for (std::uint32_t c = 0; c < chips.size(); ++c) chips[c].judge_end(machine.chip(ChipIndex{c}), outcome);
  outcome.state = worst_state(outcome.chips);
  outcome.completed = outcome.state == "completed";
  outcome.problems.insert(outcome.problems.end(), states.problems().begin(), states.problems().end());
  add_outputs(chips, outcome);
  report(machine, chips, states.history(), outcome);
  if (recorders) {
    outcome.timing = recorders->finish(machine, input_.system.tile_names(), input_.images);
    outcome.traced = input_.timing->trace;
  }
  progress_.begin("digest");
  std::vector<const chip::ChipModel*> models;
  for (std::uint32_t c = 0; c < chips.size(); ++c) models.push_back(&machine.chip(ChipIndex{c}));
  outcome.memory_sha256 = memory_sha256(models);
  return outcome;
}

Cycle Runner::start_cycle() {
  host::Machine machine = make_machine(input_.tile_kinds, input_.factories, Cycle{1});
  Cycle start;
  execute(machine, {}, nullptr,
          [&](ChipIndex, host::IpuDriver&, ChipStatus) { start = machine.chip().report().start; });
  return start;
}

host::Machine Runner::make_machine(const std::vector<std::string>& kinds,
                                   const chip::TileFactories& factories, Cycle limit) const {
  try {
    return {input_.system, kinds, factories, {limit, input_.jobs}};
  } catch (const std::invalid_argument& error) {
    // What the chip, the tile models and the endpoint say about a system they cannot build.
    throw InputError(error.what());
  }
}

RunIdentity Runner::identity() const {
  return identity_of(input_.program, input_.system.chips.front(), input_.tile_kinds, input_.images,
                     input_.loads);
}

std::vector<ChipRun> Runner::chip_runs() const {
  std::vector<ChipRun> chips;
  for (std::uint32_t c = 0; c < input_.system.chips.size(); ++c) chips.emplace_back(input_, ChipIndex{c});
  return chips;
}

void Runner::execute(host::Machine& machine, const Restore& restore, ChipRecorders* recorders,
                     const AtRest& at_rest) const {
  // Not within the job: if a model throws, SystemC gives up the job's stack without unwinding it.
  Show show(progress_, machine);
  const std::vector<ChipRun> chips = chip_runs();
  machine.run([&](host::HostIndex host, host::Ipus& ipus) {
    const std::vector<ChipIndex>& own = input_.system.hosts.at(host.value()).chips;
    progress_.begin("load");
    for (const auto& ipu : ipus) ipu->enumerate();
    std::vector<std::size_t> used;
    for (std::size_t i = 0; i < ipus.size(); ++i) {
      if (chips.at(own.at(i).value()).is_used()) used.push_back(i);
    }
    if (restore) {
      restore(machine);
    } else {
      if (host == host::HostIndex{0}) tell_load();
      for (const std::size_t i : used) chips[own[i].value()].load(*ipus[i]);
    }
    if (recorders != nullptr) {
      for (const std::size_t i : used) recorders->begin(own[i], machine.chip(own[i]));
    }
    show.begin();
    if (!restore) {
      for (const std::size_t i : used) ipus[i]->start();
    }
    std::vector<ChipStatus> ends;
    for (const std::size_t i : used) ends.push_back(ipus[i]->wait_for_rest(longest_run()));
    show.end(own);
    progress_.begin("read_back");
    for (std::size_t k = 0; k < used.size(); ++k) at_rest(own[used[k]], *ipus[used[k]], ends[k]);
  });
}

// A chip stops by itself at the timeout; what comes on top is for the way of the interrupt.
std::chrono::nanoseconds Runner::longest_run() const {
  constexpr double nanoseconds_per_second = 1e9;
  constexpr std::chrono::hours most = std::chrono::hours{24 * 200};  // SystemC's time ends after 213 days
  const auto slowest = std::ranges::min_element(input_.system.chips, {}, &config::ChipConfig::clock_hz);
  const double nanoseconds = nanoseconds_per_second *
                             static_cast<double>(input_.program.run.timeout.value()) /
                             static_cast<double>(slowest->clock_hz);
  const auto run = std::chrono::duration<double, std::nano>{nanoseconds} + std::chrono::seconds{1};
  return run > most ? most : std::chrono::duration_cast<std::chrono::nanoseconds>(run);
}

void Runner::tell_load() const {
  std::uint64_t bytes = 0;
  for (const auto& image : input_.images) {
    for (const auto& segment : image->segments) bytes += segment.size();
  }
  for (const MemoryLoad& load : input_.loads) bytes += load.bytes.size();
  progress_.say(fmt::format("loading {} bytes to {} tiles", bytes, input_.images.size()));
}

void Runner::add_outputs(const std::vector<ChipRun>& chips, RunOutcome& outcome) const {
  for (std::size_t i = 0; i < input_.reads.size(); ++i) {
    const program::ReadSpec& read = input_.program.reads.at(i);
    Output output{read.name, read.type, read.tiles, read.count, {}, read.encoding, !outcome.completed};
    // Tile order is chip after chip.
    bool is_whole = true;
    for (const ChipRun& chip : chips) is_whole = chip.add_output(i, output, outcome.problems) && is_whole;
    if (is_whole) {
      outcome.outputs.push_back(std::move(output));
      continue;
    }
    if (outcome.completed) outcome.state = "host_error";
    outcome.completed = false;
  }
}

void Runner::report(const host::Machine& machine, const std::vector<ChipRun>& chips,
                    const StateHistory& history, RunOutcome& outcome) const {
  FaultLocator locator(input_.system, input_.images, input_.source_folder);
  std::vector<TileIndex> mismatched;
  for (std::uint32_t c = 0; c < chips.size(); ++c) {
    const auto tiles = chips[c].report(machine.chip(ChipIndex{c}), locator, outcome);
    mismatched.insert(mismatched.end(), tiles.begin(), tiles.end());
  }
  take_longest(outcome);
  outcome.hazards = describe_hazards(machine, history, locator);
  if (!mismatched.empty()) {
    std::ranges::sort(mismatched);
    outcome.completed = false;
    outcome.state = "failed";
    outcome.failure = fmt::format(
        "the two models of tile {} differ, so that one of them does what a tile does not: problems show both "
        "sides",
        config::to_string(mismatched, input_.system.tile_names()));
  }
}

// Whether hazards may be found that describe_hazards() can go back to from a state of this very run.
bool Runner::may_look_for_hazards() const {
  if (input_.system.chips.size() != 1) return false;
  const bool all_fast = std::ranges::all_of(input_.tile_kinds, [](const auto& kind) { return kind == fast; });
  return all_fast && std::ranges::any_of(isa::hazards, [&](const isa::HazardInfo& hazard) {
           const config::HazardPolicy policy = input_.system.chips.front().hazards.of(hazard.kind);
           return policy == config::HazardPolicy::warn || policy == config::HazardPolicy::error;
         });
}

// Runs the same once more on fast tiles, which take the same cycles, from a state before the first hazard to
// the last, and looks what their instructions were.
std::vector<Fault> Runner::describe_hazards(const host::Machine& machine, const StateHistory& history,
                                            FaultLocator& locator) const {
  std::vector<ChipHazard> hazards;
  Cycle first = Cycle::never();
  Cycle limit{0};  // from a chip's start to behind its last hazard
  for (std::uint32_t c = 0; c < machine.chips(); ++c) {
    const chip::ChipReport report = machine.chip(ChipIndex{c}).report();
    for (const auto& hazard : report.hazards) {
      hazards.emplace_back(ChipIndex{c}, hazard);
      first = std::min(first, hazard.hazard.cycle);
      limit = std::max(limit, Cycle{hazard.hazard.cycle - report.start + 1});
    }
  }
  if (hazards.empty()) return {};
  Restore restore;
  std::string from_cycle;
  if (const auto* from = history.nearest(first)) {
    restore = [from](host::Machine& again) {
      StateReader reader(from->state);
      again.load(reader);
    };
    from_cycle = fmt::format(" from cycle {}", from->at - machine.chip().report().start);
  }
  progress_.say(
      fmt::format("running again{} to find the instructions of {} hazards", from_cycle, hazards.size()));
  Witnesses witnesses = witness(hazards, limit, restore);
  const auto seen = [&](const ChipHazard& hazard) {
    return witnesses.at({hazard.first, hazard.second.tile}).seen(hazard.second.hazard.cycle);
  };
  // The last instruction before a hazard may lie before the state.
  if (restore && !std::ranges::all_of(hazards, [&](const ChipHazard& h) { return seen(h).has_value(); }))
    witnesses = witness(hazards, limit, {});
  std::vector<Fault> result;
  for (const ChipHazard& hazard : hazards) {
    result.push_back(locator.describe(hazard.first, hazard.second, seen(hazard)));
  }
  return result;
}

Runner::Witnesses Runner::witness(const std::vector<ChipHazard>& hazards, Cycle limit,
                                  const Restore& restore) const {
  std::map<std::pair<ChipIndex, TileIndex>, std::vector<Cycle>> cycles;
  for (const auto& [chip, hazard] : hazards) cycles[{chip, hazard.tile}].push_back(hazard.hazard.cycle);
  Witnesses witnesses;
  for (const auto& [tile, when] : cycles) witnesses.try_emplace(tile, when);
  host::Machine machine =
      make_machine(std::vector<std::string>(input_.tile_kinds.size(), fast), {{fast, &tile::make_fast_tile}},
                   std::min(limit, input_.program.run.timeout));
  for (auto& [tile, witness] : witnesses) machine.chip(tile.first).observe(tile.second, &witness);
  execute(machine, restore, nullptr, [](ChipIndex, host::IpuDriver&, ChipStatus) {});
  return witnesses;
}

}  // namespace ipusim::app
