// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/link_direction.hpp"

#include <algorithm>

namespace ipusim::device {

LinkDirection::LinkDirection(double latency_ns, double bandwidth_bytes_per_s)
    : latency_(latency_ns, sc_core::SC_NS), bandwidth_bytes_per_s_(bandwidth_bytes_per_s) {}

LinkDirection::Passage LinkDirection::send(const sc_core::sc_time& at, std::uint64_t header_bytes,
                                           std::uint64_t words) {
  const auto bytes = static_cast<double>(tlp_framing_bytes + header_bytes + 4 * words);
  free_ = std::max(at, free_) + sc_core::sc_time(bytes / bandwidth_bytes_per_s_, sc_core::SC_SEC);
  return {free_, free_ + latency_};
}

}  // namespace ipusim::device
