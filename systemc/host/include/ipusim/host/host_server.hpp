// SPDX-License-Identifier: Apache-2.0
// The host: a thread that runs a job with the drivers of its devices, behind a root port.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <systemc>
#include <vector>

#include "ipusim/config/system_config.hpp"
#include "ipusim/host/ipus.hpp"
#include "ipusim/host/root_port.hpp"

namespace ipusim::host {

class HostServer : public sc_core::sc_module {
 public:
  // devices: what the drivers look for, one per IPU; attach them to port() in that order. The job runs from
  // the beginning of simulated time; `ended` is called when it has returned or thrown.
  HostServer(sc_core::sc_module_name name, const std::vector<config::PcieConfig>& devices,
             std::function<void(Ipus&)> job, std::function<void()> ended);

  // To attach the devices to, and others.
  RootPort& port() { return port_; }

  bool done() const { return done_; }
  // What the job threw, or null.
  std::exception_ptr error() const { return error_; }

 private:
  void thread();

  RootPort port_;
  Ipus ipus_;
  std::function<void(Ipus&)> job_;
  std::function<void()> ended_;
  std::exception_ptr error_;
  bool done_ = false;
};

}  // namespace ipusim::host
