// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/packet_trace.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace ipusim::device {

namespace {

// Blocks and options of pcap-ng (draft-ietf-opsawg-pcapng), little-endian.
constexpr std::uint32_t section_header = 0x0A0D0D0A;
constexpr std::uint32_t byte_order_magic = 0x1A2B3C4D;
constexpr std::uint32_t interface_description = 1;
constexpr std::uint32_t enhanced_packet = 6;
constexpr std::uint16_t option_end = 0;
constexpr std::uint16_t option_name = 2;        // of an interface
constexpr std::uint16_t option_resolution = 9;  // likewise: 10 to the minus that
constexpr std::uint16_t option_flags = 2;       // of a packet: [1:0] 1 inbound, 2 outbound
constexpr std::uint8_t picoseconds = 12;
constexpr std::uint16_t link_type_user0 = 147;
constexpr std::uint32_t dword = 4;

class Block {
 public:
  explicit Block(std::uint32_t type) { put32(type), put32(0); }
  void put16(std::uint16_t value) {
    bytes_.push_back(static_cast<char>(value & 0xFFU));
    bytes_.push_back(static_cast<char>(value >> 8U));
  }
  void put32(std::uint32_t value) {
    put16(static_cast<std::uint16_t>(value));
    put16(static_cast<std::uint16_t>(value >> 16U));
  }
  void put(std::span<const std::uint8_t> data) {
    bytes_.insert(bytes_.end(), data.begin(), data.end());
    while (bytes_.size() % dword != 0) bytes_.push_back(0);
  }
  void option(std::uint16_t code, std::span<const std::uint8_t> value) {
    put16(code);
    put16(static_cast<std::uint16_t>(value.size()));
    put(value);
  }
  void write(std::ostream& out) {
    const auto length = static_cast<std::uint32_t>(bytes_.size() + dword);
    put32(length);
    for (unsigned i = 0; i < dword; ++i) bytes_[dword + i] = static_cast<char>(length >> (8 * i));
    out.write(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
  }

 private:
  std::vector<char> bytes_;
};

}  // namespace

PcapNgWriter::PcapNgWriter(std::ostream& out, const std::string& name) : out_(out) {
  Block section(section_header);
  section.put32(byte_order_magic);
  section.put32(1);  // version 1.0
  section.put32(~0U);
  section.put32(~0U);  // of any length
  section.write(out_);
  Block interface(interface_description);
  interface.put32(link_type_user0);
  interface.put32(0);  // packets are whole
  interface.option(option_name, {reinterpret_cast<const std::uint8_t*>(name.data()), name.size()});
  interface.option(option_resolution, std::array{picoseconds});
  interface.put32(option_end);
  interface.write(out_);
}

void PcapNgWriter::write(const sc_core::sc_time& at, bool inbound, std::span<const std::uint8_t> bytes) {
  const auto time = static_cast<std::uint64_t>(at / sc_core::sc_time(1, sc_core::SC_PS));
  const auto length = static_cast<std::uint32_t>(bytes.size());
  Block packet(enhanced_packet);
  packet.put32(0);  // the interface
  packet.put32(static_cast<std::uint32_t>(time >> 32U));
  packet.put32(static_cast<std::uint32_t>(time));
  packet.put32(length);
  packet.put32(length);
  packet.put(bytes);
  packet.option(option_flags,
                std::array<std::uint8_t, 4>{static_cast<std::uint8_t>(inbound ? 1 : 2), 0, 0, 0});
  packet.put32(option_end);
  packet.write(out_);
}

PacketTrace::PacketTrace(sc_core::sc_module_name name, RequesterId device, const ConfigSpace& config,
                         std::ostream* text, std::ostream* pcap)
    : LinkTap(name), device_(device), config_(config), text_(text) {
  if (pcap != nullptr) pcap_.emplace(*pcap, "pcie " + to_string(device));
}

void PacketTrace::write(const sc_core::sc_time& at, bool inbound, const Packet& packet) {
  if (pcap_) pcap_->write(at, inbound, encode(packet));
  if (text_ != nullptr) {
    *text_ << fmt::format("{:.3f} ns {} {}\n", at / sc_core::sc_time(1, sc_core::SC_NS),
                          inbound ? "up" : "down", describe(packet));
  }
}

void PacketTrace::on_request(Way way, tlm::tlm_generic_payload& request, const sc_core::sc_time& at) {
  write(at, way == Way::up, request_packet(request));
}

void PacketTrace::on_end(Way way, tlm::tlm_generic_payload& request, const sc_core::sc_time& at) {
  const bool inbound = way == Way::down;
  const auto completer = inbound ? device_ : RequesterId{};
  for (const Packet& packet : completion_packets(request, completer, config_.max_payload_bytes())) {
    write(at, inbound, packet);
  }
}

}  // namespace ipusim::device
