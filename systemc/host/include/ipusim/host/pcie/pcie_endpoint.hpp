// The chip's PCI Express function and its end of the link: configuration space, BARs, MSI-X, time.
// docs/pcie.md is the contract.
#pragma once

#include <tlm.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <deque>
#include <span>
#include <systemc>
#include <vector>

#include "ipusim/chip/module/chip_module.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/host/pcie/config_space.hpp"
#include "ipusim/host/pcie/link_direction.hpp"
#include "ipusim/host/pcie/msix_table.hpp"
#include "ipusim/host/pcie/tlp.hpp"

namespace ipusim::host {

class PcieEndpoint : public sc_core::sc_module, public chip::InterruptIf {
 public:
  // Requests from the host: generic payloads with a TlpExtension (tlp.hpp). b_transport may wait.
  // Posted: returns with `delay` = until the packet has left the host; it acts on its arrival. Others:
  // return with the extension's status set and `delay` = until the completion is back; they act on the
  // arrival of the request, after all that was sent before. Responses: OK; address error with UR, generic
  // error with CA; and without any completion, for what is no TLP: generic error without an extension,
  // command error if command and kind differ, byte-enable and burst errors. No DMI, no debug transport.
  tlm_utils::simple_target_socket<PcieEndpoint> link;
  // Requests to the host: MSI-X messages, as memory writes with a TlpExtension, at the time they arrive.
  tlm_utils::simple_initiator_socket<PcieEndpoint> upstream;
  // To ChipModule's sockets of the same names.
  tlm_utils::simple_initiator_socket<PcieEndpoint> control;
  tlm_utils::simple_initiator_socket<PcieEndpoint> memory;

  // Throws std::invalid_argument as ConfigSpace does, or if the chip has more vectors than the table.
  PcieEndpoint(sc_core::sc_module_name name, const config::PcieConfig& config);

  // An interrupt of the chip; `vector` below the table's size.
  void raise(unsigned vector) override;

  const ConfigSpace& config_space() const { return config_space_; }

 private:
  struct Request {
    TlpKind kind;
    RequesterId completer;
    std::uint64_t address;
    std::span<std::uint8_t> data;
  };
  struct Posted {
    sc_core::sc_time arrives;
    std::uint64_t address;
    std::vector<std::uint8_t> data;
  };
  struct Upward {
    sc_core::sc_time arrives;
    MsixTable::Message message;
  };

  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);
  void wait_for_turn(const sc_core::sc_time& arrival);
  sc_core::sc_time complete(const Request& request, CompletionStatus status);
  void posted_thread();
  void upward_thread();
  void send_messages();

  CompletionStatus perform(const Request& request);
  CompletionStatus perform_config(const Request& request);
  CompletionStatus perform_memory(const Request& request);
  CompletionStatus access_bar(const ConfigSpace::Target& target, const Request& request);
  bool malformed(const Request& request) const;
  CompletionStatus refuse(RequestError error, const Request& request);

  ConfigSpace config_space_;
  MsixTable msix_;
  LinkDirection down_;
  LinkDirection up_;
  RequesterId own_id_;  // as the host's configuration writes tell it
  std::deque<Posted> posted_;
  sc_core::sc_event posted_changed_;
  std::deque<Upward> upward_;
  sc_core::sc_event upward_changed_;
};

}  // namespace ipusim::host
