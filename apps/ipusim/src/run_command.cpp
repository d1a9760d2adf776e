// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/run_command.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <system_error>

#include "ipusim/app/build/image_builder.hpp"
#include "ipusim/app/build/transfers.hpp"
#include "ipusim/app/check/verdict.hpp"
#include "ipusim/app/checkpoint/checkpoint_file.hpp"
#include "ipusim/app/ending.hpp"
#include "ipusim/app/progress.hpp"
#include "ipusim/app/report/summary.hpp"
#include "ipusim/app/run/runner.hpp"
#include "ipusim/app/tile_kind_options.hpp"
#include "ipusim/base/input_error.hpp"
#include "ipusim/program/program_file.hpp"

namespace ipusim::app {
namespace {

constexpr const char* killed =
    "the run did not come to its end: its process was killed, crashed or ran out of memory, or is still at "
    "work";

void print(std::FILE* to, const std::string& text) { std::fwrite(text.data(), 1, text.size(), to); }

// All that is read before anything is built.
struct Input {
  config::SystemConfig system;
  unsigned jobs = 1;
  std::vector<std::string> tile_kinds;
  program::Program program;
  std::vector<Expectation> expectations;
  LoadShares shares;
  std::optional<CheckpointFile> resume;
  std::optional<TimingPlan> timing;
  std::vector<exchange_planner::PlannedPhase> phases{};  // known when the images are built
};

// Chips of a system are simulated apart from each other: there is no cycle in which all of them stand still.
void require_checkpoints_possible(const RunOptions& options, const config::SystemConfig& system) {
  if (system.chips.size() == 1 || (options.checkpoint_every == 0 && options.resume.empty())) return;
  throw InputError(fmt::format("{}: {} is for systems of one chip, this has {}", options.system.string(),
                               options.resume.empty() ? "--checkpoint-every" : "--resume",
                               system.chips.size()));
}

std::optional<CheckpointFile> read_checkpoint(const RunOptions& options, const RunIdentity& identity) {
  if (options.resume.empty()) return std::nullopt;
  CheckpointFile file(options.resume);
  file.require_same_input(identity);
  return file;
}

Input read_input(const RunOptions& options) {
  auto system = config::load_system_config(options.system);
  const unsigned jobs = choose_jobs(system, options.jobs);
  auto kinds = choose_tile_kinds(system, options.tiles);
  program::Program program = program::load_program(options.program, system);
  apply(options.overrides, program);
  auto timing = plan_timing(options.timing, system);
  auto expectations = prepare_expectations(program, system.tile_names());
  LoadShares shares = read_loads(program, system.arch());
  require_checkpoints_possible(options, system);
  auto resume = read_checkpoint(options, identity_of(program, system.chips.front(), kinds, {}, {}));
  return {std::move(system),       jobs,
          std::move(kinds),        std::move(program),
          std::move(expectations), std::move(shares),
          std::move(resume),       std::move(timing)};
}

CheckpointOptions checkpoints_of(const RunOptions& options, const ResultFolder& results) {
  if (options.checkpoint_every == 0) return {};
  const auto folder = options.checkpoints.empty() ? results.path() / "checkpoints" : options.checkpoints;
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (!std::filesystem::is_directory(folder)) {
    throw InputError(fmt::format("--checkpoints {}: cannot make the folder: {}", folder.string(),
                                 failure ? failure.message() : "a file has this name"));
  }
  return {options.checkpoint_every, folder};
}

RunOutcome build_and_run(Input& input, const CheckpointOptions& checkpoints, const ResultFolder& results,
                         const Progress& progress) {
  const config::TileNames names = input.system.tile_names();
  const auto images =
      ImageBuilder(input.program, input.system, progress).build(results, input.shares, &input.phases);
  results.finish();
  const auto on_waves = [&](const std::filesystem::path& file) { results.expect(file); };
  RunInput run{.system = input.system,
               .program = input.program,
               .tile_kinds = input.tile_kinds,
               .factories = make_tile_factories(input.system.arch(), results.path() / "waves", on_waves),
               .images = images,
               .loads = plan_loads(input.program, std::move(input.shares), names, images),
               .reads = {},
               .jobs = input.jobs,
               .source_folder = results.path(),
               .checkpoints = checkpoints,
               .resume = input.resume ? &*input.resume : nullptr,
               .timing = input.timing};
  for (const program::ReadSpec& read : input.program.reads)
    run.reads.push_back(plan_read(read, names, images));
  return Runner(run, progress).run();
}

// Of a run that left nothing to report but how it ended.
RunOutcome outcome_without_machine(std::string state, std::string failure,
                                   std::vector<std::string> problems) {
  RunOutcome outcome;
  outcome.state = std::move(state);
  outcome.failure = std::move(failure);
  outcome.problems = std::move(problems);
  return outcome;
}

class Reporter {
 public:
  Reporter(const Input& input, const ResultFolder& results, const Progress& progress)
      : input_(input), results_(results), progress_(progress) {}

  void write(const RunOutcome& outcome) const {
    report(outcome, [&](const RunReport& report) { write_report(report, results_); });
  }
  // Writes the reports, prints them too.
  ExitCode tell(const RunOutcome& outcome, bool quiet) const {
    return report(outcome, [&](const RunReport& report) {
      write_report(report, results_);
      if (!quiet) print(stdout, summary(report) + fmt::format("results in {}\n", results_.path().string()));
      for (const std::string& line : complaints(report)) print(stderr, line + "\n");
    });
  }

 private:
  template <class Use>
  ExitCode report(const RunOutcome& outcome, const Use& use) const {
    std::vector<ExpectationResult> results;
    for (const Expectation& expectation : input_.expectations) results.push_back(expectation.check(outcome));
    const RunReport report{input_.program,          input_.system,       outcome,           results,
                           judge(outcome, results), progress_.seconds(), progress_.steps(), input_.phases};
    use(report);
    return report.exit_code;
  }

  const Input& input_;
  const ResultFolder& results_;
  const Progress& progress_;
};

ExitCode run(const RunOptions& options) {
  const Progress progress(options.quiet);
  progress.begin("read_input");
  Input input = read_input(options);
  const ResultFolder results(
      options.out.empty() ? std::filesystem::path{"out"} / input.program.name : options.out, images_folder);
  const Reporter reporter(input, results, progress);
  reporter.write(outcome_without_machine("failed", killed, {}));

  RunOutcome outcome;
  const Ending ending =
      ending_of([&] { outcome = build_and_run(input, checkpoints_of(options, results), results, progress); });
  switch (ending.cause) {
    case Ending::Cause::none:
      break;
    case Ending::Cause::input:
      remove_report(results);
      throw InputError(ending.message);
    case Ending::Cause::machine:
      outcome = outcome_without_machine("host_error", {}, {ending.message});
      break;
    case Ending::Cause::simulator:
      outcome = outcome_without_machine("failed", ending.message, {});
      break;
  }
  return reporter.tell(outcome, options.quiet);
}

}  // namespace

ExitCode run_command(const RunOptions& options) {
  return telling_errors([&] { return run(options); });
}

}  // namespace ipusim::app
