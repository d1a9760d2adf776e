// SPDX-License-Identifier: Apache-2.0
#include <tlm_utils/simple_target_socket.h>

#include <exception>
#include <memory>
#include <string>
#include <systemc>

#include "ipusim/host/bus_scan.hpp"
#include "ipusim/host/ipu_function.hpp"
#include "ipusim/host/pci_function.hpp"
#include "sanitizer_stack.hpp"
#include "simulation.hpp"

namespace ipusim::host {

namespace {

// A function with nothing behind its BARs.
class Card : public sc_core::sc_module {
 public:
  Card(sc_core::sc_module_name name, const config::PcieConfig& config)
      : sc_core::sc_module(name), function("function", config) {
    for (auto* socket : {&control_, &memory_}) socket->register_b_transport(this, &Card::nobody);
    function.control().bind(control_);
    function.memory().bind(memory_);
  }
  IpuFunction function;

 private:
  void nobody(tlm::tlm_generic_payload& transaction, sc_core::sc_time&) {
    transaction.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
  }
  tlm_utils::simple_target_socket<Card> control_{"control"};
  tlm_utils::simple_target_socket<Card> memory_{"memory"};
};

class Scanner : public sc_core::sc_module {
 public:
  Scanner(sc_core::sc_module_name name, const config::SystemConfig& system, const config::HostConfig& host)
      : sc_core::sc_module(name), port("port") {
    for (const ChipIndex chip : host.chips) {
      const config::PcieConfig& pcie = system.chips.at(chip.value()).pcie;
      wanted_.push_back(pcie);
      cards_.push_back(std::make_unique<Card>(("card_" + std::to_string(cards_.size())).c_str(), pcie));
      port.attach(cards_.back()->function);
    }
    SC_HAS_PROCESS(Scanner);
    SC_THREAD(thread);
    set_stack_size(1U << 20U);
  }
  RootPort port;
  std::vector<FoundFunction> found;
  std::exception_ptr error;

 private:
  void thread() {
    try {
      const auto ids = port.devices();
      for (std::size_t n = 0; n < ids.size(); ++n) {
        PciFunction(port, ids[n])
            .configure({wanted_[n].vendor_id,
                        wanted_[n].device_id,
                        wanted_[n].max_payload_bytes,
                        wanted_[n].max_read_request_bytes,
                        {ipu_bar::control, ipu_bar::memory}});
      }
      found = scan(port);
    } catch (...) {
      error = std::current_exception();
    }
  }
  std::vector<config::PcieConfig> wanted_;
  std::vector<std::unique_ptr<Card>> cards_;
};

}  // namespace

std::vector<std::vector<FoundFunction>> scan_system(const config::SystemConfig& system) {
  Simulation simulation;
  const Simulation::Scope scope(simulation);
  std::vector<std::unique_ptr<Scanner>> hosts;
  for (const config::HostConfig& host : system.hosts) {
    hosts.push_back(
        std::make_unique<Scanner>(("host_" + std::to_string(hosts.size())).c_str(), system, host));
  }
  {
    [[maybe_unused]] const SanitizerStackScope stack;
    sc_core::sc_start();
  }
  std::vector<std::vector<FoundFunction>> all;
  for (const auto& host : hosts) {
    if (host->error) std::rethrow_exception(host->error);
    all.push_back(std::move(host->found));
  }
  hosts.clear();
  return all;
}

}  // namespace ipusim::host
