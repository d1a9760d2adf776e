// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/checkpoint/run_states.hpp"

#include <fmt/format.h>

#include <utility>

#include "ipusim/app/result_folder.hpp"
#include "ipusim/base/input_error.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::app {
namespace {

// Fast tiles run so many cycles again in no time; a state costs about as much as a few thousand.
constexpr StateHistory::Limits history_limits{.count = 16, .bytes = 128U << 20U, .distance = 1U << 16U};
constexpr double bytes_per_kib = 1024;

// What a state holds at least. Of a whole chip it is more than the history keeps: no use to make one.
std::uint64_t memory_bytes(const chip::ChipModel& chip) {
  const isa::ArchInfo& map = isa::arch_info(chip.arch());
  return std::uint64_t{chip.size()} * (map.memory_end - map.memory_base);
}

}  // namespace

RunStates::RunStates(CheckpointOptions options, RunIdentity identity, const Progress& progress)
    : options_(std::move(options)),
      identity_(std::move(identity)),
      progress_(progress),
      history_(history_limits, Cycle{0}) {}

void RunStates::watch(host::Machine& machine) {
  keeps_history_ = keeps_history_ && memory_bytes(machine.chip()) <= history_limits.bytes;
  if (options_.every == 0 && !keeps_history_) return;
  machine.chip().set_checkpoint([this, &machine](std::uint64_t supersteps, Cycle release) {
    at_superstep(machine, supersteps, release);
  });
}

void RunStates::at_superstep(const host::Machine& machine, std::uint64_t supersteps, Cycle release) {
  if (options_.every != 0 && supersteps % options_.every == 0) {
    write(fmt::format("superstep-{:06}.state", supersteps),
          {release - machine.chip().report().start, supersteps}, machine);
  }
  if (!keeps_history_ || !history_.wants(release)) return;
  StateWriter writer;
  machine.save(writer);
  history_.add(release, writer.take());
}

void RunStates::at_host_rest(const host::Machine& machine) {
  if (options_.every == 0) return;
  const chip::ChipReport report = machine.chip().report();
  write("host-rest.state", {report.end - report.start, report.supersteps}, machine);
}

// The file appears whole or not at all.
void RunStates::write(const std::string& name, const CheckpointPlace& place, const host::Machine& machine) {
  const std::filesystem::path file = options_.folder / name;
  std::filesystem::path unfinished = file;
  unfinished += ".tmp";
  try {
    const auto bytes = make_checkpoint(identity_, place, machine);
    write_file(unfinished, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    std::filesystem::rename(unfinished, file);
    progress_.say(fmt::format("checkpoint {}: superstep {}, cycle {}, {:.1f} KiB", file.string(),
                              place.supersteps, place.cycle,
                              static_cast<double>(bytes.size()) / bytes_per_kib));
  } catch (const std::exception& error) {
    problems_.push_back(fmt::format("checkpoint {} is missing: {}", file.string(), error.what()));
    progress_.say(problems_.back());
    std::error_code ignored;
    std::filesystem::remove(unfinished, ignored);
  }
}

}  // namespace ipusim::app
