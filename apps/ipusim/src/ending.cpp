// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/ending.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <new>
#include <string_view>

#include "ipusim/base/input_error.hpp"
#include "ipusim/config/config_node.hpp"
#include "ipusim/exchange_planner/phase.hpp"
#include "ipusim/host/host_error.hpp"
#include "ipusim/toolchain/error.hpp"

namespace ipusim::app {
namespace {

constexpr int failed = static_cast<int>(ExitCode::simulator_failed);

// Of a signal: nothing here may allocate or lock.
[[noreturn]] void on_abort(int) {
  constexpr std::string_view text = "ipusim: the simulator failed: it gave up (abort)\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
  ::_exit(failed);
}

}  // namespace

Ending ending_of(const std::function<void()>& work) {
  using Cause = Ending::Cause;
  // The toolchain is built without run-time type information: its errors are told apart by handlers only.
  try {
    work();
    return {};
  } catch (const InputError& error) {
    return {Cause::input, error.what()};
  } catch (const config::ConfigError& error) {
    return {Cause::input, error.what()};
  } catch (const toolchain::ToolError& error) {
    return {Cause::input, error.what()};
  } catch (const exchange_planner::PlanError& error) {
    return {Cause::input, error.what()};
  } catch (const std::filesystem::filesystem_error& error) {
    return {Cause::input, error.what()};
  } catch (const host::HostError& error) {
    return {Cause::machine, error.what()};
  } catch (const std::bad_alloc&) {
    return {Cause::simulator, "out of memory"};
  } catch (const std::exception& error) {
    return {Cause::simulator, error.what()};
  } catch (...) {
    return {Cause::simulator, "an error without a message"};
  }
}

ExitCode telling_errors(const std::function<ExitCode()>& work) {
  ExitCode result = ExitCode::pass;
  const Ending ending = ending_of([&] { result = work(); });
  switch (ending.cause) {
    case Ending::Cause::none:
      return result;
    case Ending::Cause::input:
      fmt::print(stderr, "{}\n", ending.message);
      return ExitCode::bad_input;
    case Ending::Cause::machine:
      fmt::print(stderr, "ipusim: {}\n", ending.message);
      return ExitCode::machine_stopped;
    case Ending::Cause::simulator:
      break;
  }
  fmt::print(stderr, "ipusim: the simulator failed: {}\n", ending.message);
  return ExitCode::simulator_failed;
}

void tell_aborts() { std::signal(SIGABRT, on_abort); }

}  // namespace ipusim::app
