// SPDX-License-Identifier: Apache-2.0
// A PCI Express function and its end of the link, for any device: configuration space, BARs with a TLM-2.0
// target behind each, MSI-X, bus mastering, time. docs/pcie.md is the contract.
#pragma once

#include <tlm.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <systemc>

#include "ipusim/device/pcie/bus_master.hpp"
#include "ipusim/device/pcie/config_space.hpp"
#include "ipusim/device/pcie/link_direction.hpp"
#include "ipusim/device/pcie/tlp.hpp"
#include "ipusim/device/tlm/payload_pool.hpp"

namespace ipusim::device {

class PcieFunction : public sc_core::sc_module {
 public:
  // Requests from the host: generic payloads with a TlpExtension (tlp.hpp). b_transport may wait.
  // Posted: returns with `delay` = until the packet has left the host; it acts on its arrival. Others:
  // return with the extension's status set and `delay` = until the completion is back; they act on the
  // arrival of the request, after all that was sent before. Responses: OK; address error with UR, generic
  // error with CA; and without any completion, for what is no TLP: generic error without an extension,
  // command error if command and kind differ, byte-enable and burst errors. transport_dbg reaches what is
  // behind the BARs, extension or not, whatever the Command register says. No DMI: it would pass by the link.
  tlm_utils::simple_target_socket<PcieFunction> link;

  // Throws std::invalid_argument as ConfigSpace and BusMaster do.
  PcieFunction(sc_core::sc_module_name name, const FunctionDescription& description);

  // To be bound to the target behind a BAR of the description; its payloads have no extension, and addresses
  // from 0 on. Responses: OK; address error becomes UR, everything else CA. std::out_of_range if there is no
  // such BAR.
  using BarSocket = tlm_utils::simple_initiator_socket<PcieFunction>;
  BarSocket& bar(unsigned number);

  // Packets of the function to the host; BusMaster::upstream.
  tlm_utils::simple_initiator_socket<BusMaster>& upstream() { return master_.upstream; }
  // Reads and writes of host memory by the device.
  BusMaster& master() { return master_; }

  // An interrupt is due: std::out_of_range if there is no such vector.
  void raise(unsigned vector);

  // Before the simulation.
  void add(Capability& capability) { config_space_.add(capability); }
  const ConfigSpace& config_space() const { return config_space_; }

 private:
  struct Request {
    TlpKind kind;
    RequesterId completer;
    std::uint64_t address;
    std::span<std::uint8_t> data;
  };
  // What came down the link and acts, without an answer, when it arrives: a posted write, or a completion.
  struct Downward {
    sc_core::sc_time arrives;
    Payload payload;
    bool is_completion;
  };

  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);
  unsigned transport_dbg(tlm::tlm_generic_payload& transaction);
  void wait_for_turn(const sc_core::sc_time& arrival);
  sc_core::sc_time complete(const Request& request, CompletionStatus status);
  void send_down(Payload completion, const sc_core::sc_time& delay);
  void downward_thread();
  void send_messages();

  CompletionStatus perform(const Request& request);
  CompletionStatus perform_config(const Request& request);
  CompletionStatus perform_memory(const Request& request);
  CompletionStatus access_bar(const ConfigSpace::Target& target, const Request& request);
  RegisterBlock* registers_behind(unsigned bar);
  bool malformed(const Request& request) const;
  CompletionStatus refuse(RequestError error, const Request& request);

  PayloadPool payloads_;
  std::optional<MsixDescription> msix_;
  ConfigSpace config_space_;
  LinkDirection down_;
  BusMaster master_;
  std::array<std::unique_ptr<BarSocket>, pci::bar_count> bars_;
  std::deque<Downward> downward_;
  sc_core::sc_event downward_changed_;
};

}  // namespace ipusim::device
