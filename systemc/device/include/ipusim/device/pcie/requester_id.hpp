// SPDX-License-Identifier: Apache-2.0
// Who sent a packet, and whom a configuration request is for.
#pragma once

#include <cstdint>

namespace ipusim::device {

// Bus [15:8], device [7:3], function [2:0].
struct RequesterId {
  std::uint16_t value = 0;
  constexpr unsigned bus() const { return value >> 8U; }
  constexpr unsigned device() const { return (value >> 3U) & 31U; }
  constexpr unsigned function() const { return value & 7U; }
  friend constexpr bool operator==(RequesterId, RequesterId) = default;
};
constexpr RequesterId requester_id(unsigned bus, unsigned device, unsigned function) {
  return {static_cast<std::uint16_t>(bus << 8U | device << 3U | function)};
}
// Where the first device of a host is.
inline constexpr RequesterId first_device = requester_id(1, 0, 0);

}  // namespace ipusim::device
