// SPDX-License-Identifier: Apache-2.0
// One direction of a PCI Express link in time: packets leave one after the other and arrive a latency later.
//
//   wire bytes = framing 4 + header (12 or 16) + payload words * 4 + link CRC 4
//   begin  = the later of: handed over, the packet before it has left, its credits are there
//   sent   = begin + wire bytes / rate
//   arrives = sent + latency
//
// Sizes: PCI Express base specification, 128b/130b framing (STP token with the sequence number, LCRC), no
// digest. The rate: packet_bytes_per_s() of link_rate.hpp. Credits come back a latency after a packet has
// arrived.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <systemc>

#include "ipusim/device/pcie/function_description.hpp"

namespace ipusim::device {

inline constexpr std::uint64_t tlp_framing_bytes = 8;  // STP token and LCRC
inline constexpr std::uint64_t header_bytes_3dw = 12;  // configuration, 32-bit memory, completion
inline constexpr std::uint64_t header_bytes_4dw = 16;  // memory requests at 4 GiB and above, messages
constexpr std::uint64_t memory_header_bytes(std::uint64_t address) {
  return address >> 32U == 0 ? header_bytes_3dw : header_bytes_4dw;
}

// Packets of different kinds have credits of their own.
enum class PacketClass : std::uint8_t { posted, non_posted, completion };

class LinkDirection {
 public:
  LinkDirection(double latency_ns, double bytes_per_s);
  // std::invalid_argument as check_link().
  explicit LinkDirection(const LinkDescription& link);

  struct Passage {
    sc_core::sc_time sent;
    sc_core::sc_time arrives;
  };
  // A packet handed over at `at`, absolute simulated time; later packets queue behind it.
  Passage send(const sc_core::sc_time& at, std::uint64_t header_bytes, std::uint64_t words,
               PacketClass kind = PacketClass::completion);
  // The link was lost: what was queued is gone, and all credits are back.
  void clear();

 private:
  struct Taken {
    sc_core::sc_time back;
    std::uint32_t data;
  };
  struct Window {
    Credits limit;
    std::deque<Taken> taken;
    std::uint32_t data = 0;
  };
  sc_core::sc_time with_credits(Window& window, std::uint32_t data, const sc_core::sc_time& begin);

  sc_core::sc_time latency_;
  double bytes_per_s_;
  sc_core::sc_time free_;  // when the last packet so far has left
  std::array<Window, 3> windows_;
};

}  // namespace ipusim::device
