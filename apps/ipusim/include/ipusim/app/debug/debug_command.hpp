// SPDX-License-Identifier: Apache-2.0
// `ipusim debug`.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/app/report/report.hpp"
#include "ipusim/program/overrides.hpp"

namespace ipusim::app {

struct DebugOptions {
  std::filesystem::path system;
  std::filesystem::path program;
  std::vector<std::string> tiles;  // SEL=KIND, in order
  std::optional<unsigned> jobs;    // see choose_jobs()
  program::Overrides overrides;
  std::filesystem::path out;  // images go here; empty: out/NAME
};

// Reads commands until they end or `quit`. interactive: from the terminal, with a prompt; a bad command is
// told and forgotten, and Ctrl-C stops what runs. Otherwise from `in`; a bad command ends the session with
// bad_input. Bad input is told on stderr.
ExitCode debug_command(const DebugOptions& options, std::istream& in, std::ostream& out, bool interactive);

}  // namespace ipusim::app
