// SPDX-License-Identifier: Apache-2.0
// Who has to do something about an error.
#include "ipusim/app/ending.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <thread>

#include "ipusim/base/input_error.hpp"
#include "ipusim/config/config_node.hpp"
#include "ipusim/exchange_planner/phase.hpp"
#include "ipusim/host/host_error.hpp"
#include "ipusim/toolchain/assembler.hpp"

namespace ipusim::app {
namespace {

using Cause = Ending::Cause;

template <class Error>
Ending thrown(const Error& error) {
  return ending_of([&] { throw error; });
}

TEST(Ending, BadInput) {
  EXPECT_EQ(thrown(InputError("a")).cause, Cause::input);
  EXPECT_EQ(thrown(config::ConfigError("b")).message, "b");
  EXPECT_EQ(thrown(config::ConfigError("b")).cause, Cause::input);
  EXPECT_EQ(thrown(exchange_planner::PlanError("c")).cause, Cause::input);
  EXPECT_EQ(ending_of([] { static_cast<void>(std::filesystem::file_size("/nonexistent")); }).cause,
            Cause::input);
  // The toolchain's own, from where there is no run-time type information.
  EXPECT_EQ(ending_of([] { toolchain::assemble_text("frobnicate\n", "a.S", {}); }).cause, Cause::input);
}

TEST(Ending, TheMachine) {
  const Ending ending = thrown(host::HostError("enumerate", "no device on the link"));
  EXPECT_EQ(ending.cause, Cause::machine);
  EXPECT_EQ(ending.message, "enumerate: no device on the link");
}

TEST(Ending, TheSimulator) {
  EXPECT_EQ(thrown(std::bad_alloc()).message, "out of memory");
  EXPECT_EQ(thrown(std::bad_alloc()).cause, Cause::simulator);
  EXPECT_EQ(thrown(std::logic_error("x")).message, "x");
  EXPECT_EQ(thrown(std::logic_error("x")).cause, Cause::simulator);
  EXPECT_EQ(thrown(std::invalid_argument("stoi")).cause, Cause::simulator);
  EXPECT_EQ(thrown(std::runtime_error("x")).cause, Cause::simulator);
  EXPECT_EQ(thrown(7).cause, Cause::simulator);
}

TEST(Ending, NothingThrown) {
  EXPECT_EQ(ending_of([] {}).cause, Cause::none);
}

TEST(Ending, ExitCodes) {
  EXPECT_EQ(telling_errors([] { return ExitCode::expectation_failed; }), ExitCode::expectation_failed);
  EXPECT_EQ(telling_errors([]() -> ExitCode { throw InputError("a"); }), ExitCode::bad_input);
  EXPECT_EQ(telling_errors([]() -> ExitCode { throw host::HostError("a", "b"); }), ExitCode::machine_stopped);
  EXPECT_EQ(telling_errors([]() -> ExitCode { throw std::bad_alloc(); }), ExitCode::simulator_failed);
  EXPECT_EQ(static_cast<int>(ExitCode::simulator_failed), 4);
}

TEST(EndingDeathTest, AnAbortIsAFailureOfTheSimulator) {
  EXPECT_EXIT(
      {
        tell_aborts();
        std::abort();
      },
      ::testing::ExitedWithCode(4), "the simulator failed");
  const auto nobody_catches = [] {
    tell_aborts();
    std::thread([] { throw std::logic_error("from a thread of its own"); }).join();
  };
  EXPECT_EXIT(nobody_catches(), ::testing::ExitedWithCode(4), "from a thread of its own");
}

}  // namespace
}  // namespace ipusim::app
