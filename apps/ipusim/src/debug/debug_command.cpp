// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/debug/debug_command.hpp"

#include <fmt/format.h>

#include <iostream>

#include "ipusim/app/build/image_builder.hpp"
#include "ipusim/app/debug/console.hpp"
#include "ipusim/app/debug/interrupt.hpp"
#include "ipusim/app/debug/line_reader.hpp"
#include "ipusim/app/ending.hpp"
#include "ipusim/app/run_command.hpp"
#include "ipusim/app/tile_kind_options.hpp"
#include "ipusim/base/input_error.hpp"
#include "ipusim/program/program_file.hpp"

namespace ipusim::app {
namespace {

bool execute(Console& console, const std::string& line, std::ostream& out) {
  try {
    const std::string text = console.execute(line);
    // Behind the ^C of the terminal.
    out << (InterruptGuard::was_interrupted() ? "\n" : "") << text << std::flush;
    return true;
  } catch (const CommandError& error) {
    out << "error: " << error.what() << "\n" << std::flush;
  } catch (const ExpressionError& error) {
    out << "error: " << error.what() << "\n" << std::flush;
  } catch (const InputError& error) {
    out << "error: " << error.what() << "\n" << std::flush;
  } catch (const config::ConfigError& error) {
    out << "error: " << error.what() << "\n" << std::flush;
  } catch (const toolchain::ToolError& error) {
    out << "error: " << error.what() << "\n" << std::flush;
  }
  return false;
}

// At a terminal: bad commands are told and forgotten, and Ctrl-C stops what runs.
ExitCode converse(Console& console, std::ostream& out) {
  const InterruptGuard guard;
  out << console.execute("where") << "help lists the commands\n" << std::flush;
  const auto reader = make_terminal_reader(
      "(ipusim) ", [&](std::string_view line) { return console.completions(line); }, history_file());
  while (!console.quit_asked()) {
    const auto line = reader->next();
    if (!line) {
      out << "\n";
      break;
    }
    InterruptGuard::forget();
    execute(console, *line, out);
  }
  return ExitCode::pass;
}

ExitCode follow_script(Console& console, std::istream& in, std::ostream& out) {
  StreamReader reader(in);
  while (!console.quit_asked()) {
    const auto line = reader.next();
    if (!line) break;
    if (!execute(console, *line, out)) return ExitCode::bad_input;
  }
  return ExitCode::pass;
}

ExitCode debug(const DebugOptions& options, std::istream& in, std::ostream& out, bool interactive) {
  const Progress progress(!interactive);
  const auto system = config::load_system_config(options.system);
  if (system.chips.size() > 1) {
    throw InputError(
        fmt::format("{}: the debugger takes a system of one chip, this has {}; `ipusim run` takes it",
                    options.system.string(), system.chips.size()));
  }
  const unsigned jobs = choose_jobs(system, options.jobs);
  const auto kinds = choose_tile_kinds(system, options.tiles);
  program::Program program = program::load_program(options.program, system);
  apply(options.overrides, program);
  auto shares = read_loads(program, system.arch());
  const ResultFolder results(options.out.empty() ? std::filesystem::path{"out"} / program.name : options.out,
                             images_folder);
  const auto images = ImageBuilder(program, system, progress).build(results, shares);
  results.finish();
  const RunInput input{.system = system,
                       .program = program,
                       .tile_kinds = kinds,
                       .factories = make_tile_factories(system.arch(), results.path() / "waves",
                                                        [&](const auto& file) { results.expect(file); }),
                       .images = images,
                       .loads = plan_loads(program, std::move(shares), system.tile_names(), images),
                       .reads = {},
                       .jobs = jobs};
  Session session(input, &InterruptGuard::was_interrupted);
  Console console(session, results.path());
  return interactive ? converse(console, out) : follow_script(console, in, out);
}

}  // namespace

ExitCode debug_command(const DebugOptions& options, std::istream& in, std::ostream& out, bool interactive) {
  return telling_errors([&] { return debug(options, in, out, interactive); });
}

}  // namespace ipusim::app
