// SPDX-License-Identifier: Apache-2.0
// Every packet of a link as a line of text, and bit for bit in a pcap-ng file. docs/pcie.md has both formats.
#pragma once

#include <optional>
#include <ostream>
#include <span>
#include <string>

#include "ipusim/device/pcie/config_space.hpp"
#include "ipusim/device/pcie/link_tap.hpp"

namespace ipusim::device {

// pcap-ng with one interface of link type USER0, as no link type is assigned to PCI Express: a packet's bytes
// are those of its header and data. Times in picoseconds.
class PcapNgWriter {
 public:
  // Writes the heads. out must outlive this. name: of the interface.
  PcapNgWriter(std::ostream& out, const std::string& name);
  // inbound: to the host.
  void write(const sc_core::sc_time& at, bool inbound, std::span<const std::uint8_t> bytes);

 private:
  std::ostream& out_;
};

class PacketTrace : public LinkTap {
 public:
  // device, config: who is at the end of the link. Either stream may be null. What is not must outlive this.
  PacketTrace(sc_core::sc_module_name name, RequesterId device, const ConfigSpace& config, std::ostream* text,
              std::ostream* pcap);

 protected:
  void on_request(Way way, tlm::tlm_generic_payload& request, const sc_core::sc_time& at) override;
  void on_end(Way way, tlm::tlm_generic_payload& request, const sc_core::sc_time& at) override;

 private:
  void write(const sc_core::sc_time& at, bool inbound, const Packet& packet);

  RequesterId device_;
  const ConfigSpace& config_;
  std::ostream* text_;
  std::optional<PcapNgWriter> pcap_;
};

}  // namespace ipusim::device
