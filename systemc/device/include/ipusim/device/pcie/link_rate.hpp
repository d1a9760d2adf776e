// SPDX-License-Identifier: Apache-2.0
// How fast a link is, by its generation and lanes (PCI Express base specification 1.0 to 5.0). No SystemC.
#pragma once

#include "ipusim/device/pcie/function_description.hpp"

namespace ipusim::device {

// std::invalid_argument for a generation or a width that PCI Express does not have, or a share that leaves
// nothing.
void check_link(const LinkDescription& link);

// Bits a second on all lanes, each way, coding and all: 16 GT/s * 8 = 128 Gbit/s for generation 4 with 8
// lanes.
double raw_bits_per_s(unsigned generation, unsigned lanes);
// What of that is left for bytes: 8 bits in 10, or 128 in 130 from generation 3 on.
double coding_share(unsigned generation);
constexpr bool has_equalization(unsigned generation) { return generation >= 3; }

// Bytes of packets a second, each way, as LinkDescription says.
double packet_bytes_per_s(const LinkDescription& link);

}  // namespace ipusim::device
