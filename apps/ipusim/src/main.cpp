// SPDX-License-Identifier: Apache-2.0
// The ipusim program.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>

#include "ipusim/app/debug/debug_command.hpp"
#include "ipusim/app/ending.hpp"
#include "ipusim/app/run_command.hpp"
#include "ipusim/app/tile_kind_options.hpp"
#include "ipusim/tile_kinds/tile_kinds.hpp"

namespace {

constexpr std::uint64_t most_supersteps = 1'000'000'000'000;
constexpr int bad_input = static_cast<int>(ipusim::app::ExitCode::bad_input);

void add_jobs(CLI::App& command, std::optional<unsigned>& jobs) {
  command
      .add_option("--jobs", jobs,
                  "Threads that run a chip's tiles; any number gives the same results (default: one per "
                  "processor for systems of more than " +
                      std::to_string(ipusim::app::small_system) + " tiles, else 1)")
      ->type_name("N");
}

// What `run` and `debug` can say instead of the program file.
void add_overrides(CLI::App& command, ipusim::program::Overrides& overrides) {
  command
      .add_option(
          "-D", overrides.defines,
          "Define KEY as VALUE (1 if there is none) for the preprocessor, for all sources, in place of "
          "the program's define of that name; may be given several times")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command
      .add_option("--timeout", overrides.timeout_cycles,
                  "After so many cycles the run has failed (in place of run.timeout_cycles)")
      ->type_name("CYCLES");
  command
      .add_option("--host-syncs", overrides.host_syncs,
                  "How many syncs of zone 7 the host grants (in place of run.host_syncs)")
      ->type_name("N");
}

void add_timing(CLI::App& run, ipusim::app::TimingRequest& timing) {
  run.add_flag(
      "--timing", timing.report,
      "Write where the time went, by superstep, tile and instruction: timing.txt, timing.json, report.html");
  CLI::Option* trace = run.add_flag("--trace", timing.trace, "The same, and trace.json for Perfetto");
  run.add_option("--trace-tiles", timing.trace_tiles,
                 "Tiles in the trace: a selection as for --tile (default: all)")
      ->type_name("SEL")
      ->needs(trace);
  run.add_option("--trace-window", timing.trace_window,
                 "Cycles in the trace, since the run's start; FROM: and :TO leave an end open")
      ->type_name("FROM:TO")
      ->needs(trace);
}

int run_program(int argc, char** argv) {
  CLI::App app{"ipusim: an executable model of Graphcore's IPU", "ipusim"};
  app.set_version_flag("--version", std::string{"ipusim "} + IPUSIM_VERSION);
  app.require_subcommand(1);

  ipusim::app::RunOptions options;
  CLI::App* run = app.add_subcommand("run", "Builds a program, runs it on a system and checks what it left");
  run->add_option("SYSTEM", options.system, "System file (configs/README.md)")->required();
  run->add_option("PROGRAM", options.program, "Program file (docs/program.md)")->required();
  run->add_option("--tile", options.tiles,
                  "SEL=KIND: model these tiles as " + ipusim::tile_kinds::help() +
                      "; SEL is all, 3, 0-7 or a list with commas (ipu1:0-7 where there are several chips); "
                      "may be given several times, the last one wins")
      ->type_name("SEL=KIND")
      ->allow_extra_args(false);
  add_jobs(*run, options.jobs);
  add_overrides(*run, options.overrides);
  run->add_option("--out", options.out, "Folder for the results (default: out/ and the program's name)")
      ->type_name("DIR");
  CLI::Option* every =
      run->add_option(
             "--checkpoint-every", options.checkpoint_every,
             "Write the run's state to a file after every N-th superstep and when it waits for the host")
          ->type_name("N")
          ->check(CLI::Range(std::uint64_t{1}, most_supersteps));
  run->add_option("--checkpoints", options.checkpoints, "Folder for them (default: checkpoints in DIR)")
      ->type_name("FOLDER")
      ->needs(every);
  run->add_option("--resume", options.resume, "Go on from such a file instead of the program's start")
      ->type_name("FILE");
  add_timing(*run, options.timing);
  run->add_flag("--quiet", options.quiet, "No progress and no summary, only what went wrong");
  run->footer(
      "Exit codes: 0 pass; 1 an expectation failed; 2 bad input; 3 the simulated machine stopped with an\n"
      "exception, a hazard, a deadlock or the timeout; 4 the simulator itself failed: out of memory, an "
      "internal\n"
      "error, or two models of a tile that differ.");

  ipusim::app::DebugOptions debug_options;
  CLI::App* debug = app.add_subcommand(
      "debug", "Runs a program under a debugger: commands from the terminal or from stdin");
  debug->add_option("SYSTEM", debug_options.system, "System file")->required();
  debug->add_option("PROGRAM", debug_options.program, "Program file")->required();
  debug->add_option("--tile", debug_options.tiles, "SEL=KIND, as for run")
      ->type_name("SEL=KIND")
      ->allow_extra_args(false);
  add_jobs(*debug, debug_options.jobs);
  add_overrides(*debug, debug_options.overrides);
  debug
      ->add_option("--out", debug_options.out, "Folder for the images (default: out/ and the program's name)")
      ->type_name("DIR");
  debug->footer(
      "The command `help` lists the debugger's commands; docs/debug.md explains them.\n"
      "Exit codes: 0; 2 bad input, or, when the commands do not come from a terminal, a command in error; 4 "
      "the\n"
      "simulator itself failed.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : bad_input;
  }
  if (debug->parsed())
    return static_cast<int>(
        ipusim::app::debug_command(debug_options, std::cin, std::cout, ::isatty(STDIN_FILENO) != 0));
  return static_cast<int>(ipusim::app::run_command(options));
}

}  // namespace

int main(int argc, char** argv) {
  ipusim::app::tell_aborts();
  return static_cast<int>(ipusim::app::telling_errors(
      [&] { return static_cast<ipusim::app::ExitCode>(run_program(argc, argv)); }));
}
