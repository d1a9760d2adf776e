#include "ipusim/cli/run_command.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "ipusim/cli/build/image_builder.hpp"
#include "ipusim/cli/build/transfers.hpp"
#include "ipusim/cli/input_error.hpp"
#include "ipusim/cli/program/program_file.hpp"
#include "ipusim/cli/progress.hpp"
#include "ipusim/cli/report/output_files.hpp"
#include "ipusim/cli/run/runner.hpp"
#include "ipusim/cli/run/tile_kinds.hpp"
#include "ipusim/cli/tile_kind_options.hpp"
#include "ipusim/exchange_planner/phase.hpp"
#include "ipusim/toolchain/error.hpp"

namespace ipusim::cli {
namespace {

void print(std::FILE* to, const std::string& text) { std::fwrite(text.data(), 1, text.size(), to); }

// Results of an earlier run must not be taken for this one's.
void remove_old_results(const std::filesystem::path& directory) {
  for (const char* name : {"result.json", "junit.xml", "summary.txt"}) {
    std::error_code failure;
    std::filesystem::remove(directory / name, failure);
    if (failure) {
      throw InputError(fmt::format("{}: cannot remove what an earlier run left: {}",
                                   (directory / name).string(), failure.message()));
    }
  }
}

ExitCode run(const RunOptions& options) {
  const Progress progress(options.quiet);
  const auto system = config::load_system_config(options.system);
  const auto kinds = choose_tile_kinds(system.tile_kind, options.tiles, system.places.size());
  Program program = load_program(options.program, system);
  apply(options.overrides, program);
  const auto expectations = prepare_expectations(program);
  const std::filesystem::path directory =
      options.out.empty() ? std::filesystem::path{"out"} / program.name : options.out;
  remove_old_results(directory);
  remove_old_outputs(directory);

  const auto images = ImageBuilder(program, system, progress).build(directory / "images");
  RunInput input{.system = system,
                 .program = program,
                 .tile_kinds = kinds,
                 .factories = make_tile_factories(system.arch, directory / "waves"),
                 .images = images,
                 .loads = plan_loads(program, images),
                 .reads = {}};
  for (const ReadSpec& read : program.reads) input.reads.push_back(plan_read(read, images));
  const RunOutcome outcome = Runner(input, progress).run();

  std::vector<ExpectationResult> results;
  for (const Expectation& expectation : expectations) results.push_back(expectation.check(outcome));
  const RunReport report{program, system, outcome, results, judge(outcome, results), progress.seconds()};
  write_report(report, directory);
  if (!options.quiet) print(stdout, summary(report) + fmt::format("results in {}\n", directory.string()));
  for (const std::string& line : complaints(report)) print(stderr, line + "\n");
  return report.exit_code;
}

}  // namespace

ExitCode run_command(const RunOptions& options) {
  return telling_bad_input([&] { return run(options); });
}

ExitCode telling_bad_input(const std::function<ExitCode()>& work) {
  std::string message;
  try {
    return work();
  } catch (const InputError& error) {
    message = error.what();
  } catch (const config::ConfigError& error) {
    message = error.what();
  } catch (const toolchain::ToolError& error) {
    message = error.what();
  } catch (const exchange_planner::PlanError& error) {
    message = error.what();
  } catch (const std::invalid_argument& error) {
    // What the chip and the tile models say about a system they cannot build.
    message = error.what();
  }
  print(stderr, message + "\n");
  return ExitCode::bad_input;
}

}  // namespace ipusim::cli
