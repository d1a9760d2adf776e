// SPDX-License-Identifier: Apache-2.0
// One direction of a PCI Express link in time: packets leave one after the other and arrive a latency later.
//
//   wire bytes = framing 4 + header (12 or 16) + payload words * 4 + link CRC 4
//   begin  = the later of: handed over, the packet before it has left
//   sent   = begin + wire bytes / bandwidth
//   arrives = sent + latency
//
// Sizes: PCI Express base specification, 128b/130b framing (STP token with the sequence number, LCRC), no
// digest. Latency and bandwidth: PcieConfig. Encoding, DLLPs and flow control credits take no time of their
// own; a bandwidth that is net of them contains them.
#pragma once

#include <cstdint>
#include <systemc>

namespace ipusim::device {

inline constexpr std::uint64_t tlp_framing_bytes = 8;  // STP token and LCRC
inline constexpr std::uint64_t header_bytes_3dw = 12;  // configuration, 32-bit memory, completion
inline constexpr std::uint64_t header_bytes_4dw = 16;  // memory requests at 4 GiB and above
constexpr std::uint64_t memory_header_bytes(std::uint64_t address) {
  return address >> 32U == 0 ? header_bytes_3dw : header_bytes_4dw;
}

class LinkDirection {
 public:
  LinkDirection(double latency_ns, double bandwidth_bytes_per_s);

  struct Passage {
    sc_core::sc_time sent;
    sc_core::sc_time arrives;
  };
  // A packet handed over at `at`, absolute simulated time; later packets queue behind it.
  Passage send(const sc_core::sc_time& at, std::uint64_t header_bytes, std::uint64_t words);

 private:
  sc_core::sc_time latency_;
  double bandwidth_bytes_per_s_;
  sc_core::sc_time free_;  // when the last packet so far has left
};

}  // namespace ipusim::device
