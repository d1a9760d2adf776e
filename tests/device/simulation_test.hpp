// SPDX-License-Identifier: Apache-2.0
// Every test gets a simulation of its own, and processes from functions.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <systemc>

namespace ipusim::device_test {

class SimulationTest : public ::testing::Test {
 protected:
  SimulationTest() {
    sc_core::sc_curr_simcontext = new sc_core::sc_simcontext();
    sc_core::sc_default_global_context = sc_core::sc_curr_simcontext;
  }
  ~SimulationTest() override {
    delete sc_core::sc_curr_simcontext;
    sc_core::sc_curr_simcontext = sc_core::sc_default_global_context = nullptr;
  }
};

// Runs a function as a process.
class Script : public sc_core::sc_module {
 public:
  Script(sc_core::sc_module_name name, std::function<void()> script)
      : sc_core::sc_module(name), script_(std::move(script)) {
    SC_HAS_PROCESS(Script);
    SC_THREAD(thread);
    set_stack_size(1U << 20U);
  }
  bool ended() const { return ended_; }

 private:
  void thread() {
    script_();
    ended_ = true;
  }
  std::function<void()> script_;
  bool ended_ = false;
};

}  // namespace ipusim::device_test
