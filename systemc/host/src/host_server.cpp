// SPDX-License-Identifier: Apache-2.0
#include "ipusim/host/host_server.hpp"

namespace ipusim::host {

namespace {
// A job is a program like any other: SystemC's default stack is for small processes.
constexpr std::size_t stack_bytes = std::size_t{1} << 20U;
}  // namespace

HostServer::HostServer(sc_core::sc_module_name name, const std::vector<config::PcieConfig>& devices,
                       std::function<void(Ipus&)> job, std::function<void()> ended)
    : sc_core::sc_module(name), port_("port"), job_(std::move(job)), ended_(std::move(ended)) {
  for (const config::PcieConfig& device : devices) {
    const auto bus = static_cast<unsigned>(ipus_.size()) + 1;  // as RootPort::attach() numbers them
    ipus_.push_back(std::make_unique<IpuDriver>(port_, device, device::requester_id(bus, 0, 0)));
  }
  SC_HAS_PROCESS(HostServer);
  SC_THREAD(thread);
  set_stack_size(stack_bytes);
}

void HostServer::thread() {
  try {
    job_(ipus_);
  } catch (const sc_core::sc_unwind_exception&) {
    throw;  // the simulation ends the process
  } catch (...) {
    error_ = std::current_exception();
  }
  done_ = true;
  ended_();
}

}  // namespace ipusim::host
