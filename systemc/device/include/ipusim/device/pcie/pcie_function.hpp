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
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <systemc>

#include "ipusim/device/pcie/bus_master.hpp"
#include "ipusim/device/pcie/config_space.hpp"
#include "ipusim/device/pcie/link_direction.hpp"
#include "ipusim/device/pcie/link_state.hpp"
#include "ipusim/device/pcie/tlp.hpp"
#include "ipusim/device/tlm/payload_pool.hpp"

namespace ipusim::device {

class PcieFunction : public sc_core::sc_module {
 public:
  // Requests from the host: generic payloads with a TlpExtension (tlp.hpp). b_transport may wait.
  // Posted: returns with `delay` = until the packet has left the host; it acts on its arrival. Others:
  // return with the extension's status set and `delay` = until the completion is back; they act on the
  // arrival of the request, after all that was sent before. nb_transport: the same in four phases, END_REQ
  // when the request has left the host, BEGIN_RESP when the completion is back; posted requests are completed
  // at once. Malformed requests, and all that meet a lost link, have no completion (`lost`, generic error).
  // Other responses: OK; address error with UR, generic error with CA; and for what is no TLP: generic error
  // without an extension, command error if command and kind differ, byte-enable and burst errors.
  // transport_dbg reaches what is behind the BARs, extension or not, whatever the Command register says. No
  // DMI: it would pass by the link.
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

  // Whether the link is up: to be set by who pulls the plug, and looked at by the host's end. A lost link
  // resets the function.
  LinkState& link_state() { return link_state_; }

  // Before the simulation.
  void add(Capability& capability) { config_space_.add(capability); }
  void add(ExtendedCapability& capability) { config_space_.add(capability); }
  const ConfigSpace& config_space() const { return config_space_; }
  // Called when the function has been reset, by its host or a lost link: what is behind the BARs is the
  // device's.
  void on_reset(std::function<void()> reset) { device_reset_ = std::move(reset); }

 private:
  struct Request {
    const TlpExtension& tlp;
    std::uint64_t address;
    std::span<std::uint8_t> data;
    bool posted() const { return is_posted(tlp.kind); }
  };
  // What came down the link and acts when it arrives: a posted write, a completion for the function, or a
  // request of nb_transport.
  struct Downward {
    enum class What : std::uint8_t { write, completion, request };
    sc_core::sc_time arrives;
    Payload payload;
    TlpExtension tlp;  // of a write
    What what;
    bool lost = false;  // with the link
  };
  // A completion of a request of nb_transport, under way to the host.
  struct Answer {
    sc_core::sc_time back;
    Payload payload;
  };

  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& transaction, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  unsigned transport_dbg(tlm::tlm_generic_payload& transaction);
  // When it has left and arrives; a posted write is queued.
  LinkDirection::Passage take(tlm::tlm_generic_payload& transaction, const sc_core::sc_time& delay);
  bool wait_for_turn(const sc_core::sc_time& arrival);
  void answer(tlm::tlm_generic_payload& transaction);
  sc_core::sc_time complete(const tlm::tlm_generic_payload& transaction);
  void send_down(Payload completion, const sc_core::sc_time& delay);
  void downward_thread();
  void act(Downward& packet);
  void answer_thread();
  void send_messages();
  void link_changed();
  void reset();

  // nullopt: it is dropped, and nothing comes back.
  std::optional<CompletionStatus> perform(const Request& request);
  CompletionStatus perform_config(const Request& request);
  CompletionStatus perform_memory(const Request& request);
  CompletionStatus access_bar(const ConfigSpace::Target& target, const Request& request,
                              std::span<std::uint8_t> data);
  RegisterBlock* registers_behind(unsigned bar);
  bool malformed(const Request& request) const;
  CompletionStatus refuse(RequestError error, const Request& request);
  void report(RequestError error, bool posted, const PacketHeader& header);

  PayloadPool payloads_;
  std::optional<MsixDescription> msix_;
  ConfigSpace config_space_;
  LinkState link_state_;
  unsigned losses_ = 0;  // of the link, that have been dealt with
  LinkDirection down_;
  BusMaster master_;
  std::array<std::unique_ptr<BarSocket>, pci::bar_count> bars_;
  std::deque<Downward> downward_;
  sc_core::sc_event downward_changed_;
  std::deque<Answer> answers_;
  sc_core::sc_event answers_changed_;
  const tlm::tlm_generic_payload* answering_ = nullptr;  // its BEGIN_RESP has no END_RESP yet
  sc_core::sc_event answer_ended_;
  std::function<void()> device_reset_ = [] {};
};

}  // namespace ipusim::device
