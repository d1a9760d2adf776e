// The host: a thread that runs a job with the driver, behind a root port.
#pragma once

#include <exception>
#include <functional>
#include <systemc>

#include "ipusim/config/system_config.hpp"
#include "ipusim/host/driver.hpp"
#include "ipusim/host/root_port.hpp"

namespace ipusim::host {

class HostServer : public sc_core::sc_module {
 public:
  // The job runs from the beginning of simulated time. When it has returned or thrown, the simulation is
  // paused: sc_start() returns.
  HostServer(sc_core::sc_module_name name, const config::PcieConfig& device,
             std::function<void(IpuDriver&)> job);

  // To attach the device to, and others.
  RootPort& port() { return port_; }

  bool done() const { return done_; }
  // What the job threw, or null.
  std::exception_ptr error() const { return error_; }

 private:
  void thread();

  RootPort port_;
  IpuDriver driver_;
  std::function<void(IpuDriver&)> job_;
  std::exception_ptr error_;
  bool done_ = false;
};

}  // namespace ipusim::host
