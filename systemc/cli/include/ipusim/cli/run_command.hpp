// `ipusim run`.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ipusim/cli/program/overrides.hpp"
#include "ipusim/cli/report/report.hpp"

namespace ipusim::cli {

struct RunOptions {
  std::filesystem::path system;
  std::filesystem::path program;
  std::vector<std::string> tiles;  // SEL=KIND, in order
  Overrides overrides;
  std::filesystem::path out;  // empty: out/NAME
  bool quiet = false;
};

// Does all of it: reads, builds, runs, checks, writes the reports, prints the summary on stdout and
// complaints on stderr. Bad input is told on stderr and makes the result bad_input; nothing is thrown for it.
ExitCode run_command(const RunOptions& options);

// Does the work of a command; what it throws because of bad input is told on stderr, and the result is bad_input.
ExitCode telling_bad_input(const std::function<ExitCode()>& work);

}  // namespace ipusim::cli
