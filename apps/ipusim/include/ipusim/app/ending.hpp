// SPDX-License-Identifier: Apache-2.0
// How a piece of work ends, and who has to do something about it.
#pragma once

#include <functional>
#include <string>

namespace ipusim::app {

enum class ExitCode : int {
  pass = 0,
  expectation_failed = 1,
  bad_input = 2,
  machine_stopped = 3,  // the simulated machine did
  simulator_failed = 4  // the program that simulates it did
};

struct Ending {
  enum class Cause : unsigned char {
    none,      // it came to its end
    input,     // the user can put it right: a bad file, option or value
    machine,   // the simulated host's driver was not answered as it should: HostError
    simulator  // nothing the user gave explains it: out of memory, a broken invariant
  };
  Cause cause = Cause::none;
  std::string message;  // empty if there is no cause
};

// Does the work, and sorts what it throws. Bad input: InputError, ConfigError, ToolError, PlanError, and what
// the file system refuses. The simulator: everything else.
Ending ending_of(const std::function<void()>& work);

// Does the work of a command. What it throws is told on stderr and makes the result bad_input,
// machine_stopped or simulator_failed.
ExitCode telling_errors(const std::function<ExitCode()>& work);

// From now on, an abort (SystemC's fatal errors, failed assertions, exceptions nobody catches) is told as a
// failure of the simulator, and ends the program with that exit code. For main().
void tell_aborts();

}  // namespace ipusim::app
