#include "ipusim/host/host_server.hpp"

namespace ipusim::host {

namespace {
// A job is a program like any other: SystemC's default stack is for small processes.
constexpr std::size_t stack_bytes = std::size_t{1} << 20U;
}  // namespace

HostServer::HostServer(sc_core::sc_module_name name, const config::PcieConfig& device,
                       std::function<void(IpuDriver&)> job)
    : sc_core::sc_module(name), port_("port"), driver_(port_, device), job_(std::move(job)) {
  SC_HAS_PROCESS(HostServer);
  SC_THREAD(thread);
  set_stack_size(stack_bytes);
}

void HostServer::thread() {
  try {
    job_(driver_);
  } catch (const sc_core::sc_unwind_exception&) {
    throw;  // the simulation ends the process
  } catch (...) {
    error_ = std::current_exception();
  }
  done_ = true;
  sc_core::sc_pause();
}

}  // namespace ipusim::host
