// SPDX-License-Identifier: Apache-2.0
// SystemC keeps one current simulation in a global: here one for everybody who needs one.
#pragma once

#include <memory>
#include <systemc>

namespace ipusim::host {

class Simulation {
 public:
  Simulation() : context_(std::make_unique<sc_core::sc_simcontext>()) {}

  // Makes a simulation the current one for as long as it lives.
  class Scope {
   public:
    explicit Scope(Simulation& simulation) : previous_(sc_core::sc_curr_simcontext) {
      sc_core::sc_curr_simcontext = simulation.context_.get();
    }
    ~Scope() { sc_core::sc_curr_simcontext = previous_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    sc_core::sc_simcontext* previous_;
  };

 private:
  std::unique_ptr<sc_core::sc_simcontext> context_;
};

}  // namespace ipusim::host
