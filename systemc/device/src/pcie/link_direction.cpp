// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/link_direction.hpp"

#include <algorithm>

#include "ipusim/device/pcie/link_rate.hpp"

namespace ipusim::device {

namespace {
constexpr std::uint64_t words_per_credit = 4;
}

LinkDirection::LinkDirection(double latency_ns, double bytes_per_s)
    : latency_(latency_ns, sc_core::SC_NS), bytes_per_s_(bytes_per_s) {}

LinkDirection::LinkDirection(const LinkDescription& link)
    : LinkDirection(link.latency_ns, (check_link(link), packet_bytes_per_s(link))) {
  windows_[static_cast<std::size_t>(PacketClass::posted)].limit = link.posted;
  windows_[static_cast<std::size_t>(PacketClass::non_posted)].limit = link.non_posted;
}

LinkDirection::Passage LinkDirection::send(const sc_core::sc_time& at, std::uint64_t header_bytes,
                                           std::uint64_t words, PacketClass kind) {
  Window& window = windows_[static_cast<std::size_t>(kind)];
  const bool limited = window.limit.headers != 0 || window.limit.data != 0;
  const auto data = static_cast<std::uint32_t>((words + words_per_credit - 1) / words_per_credit);
  sc_core::sc_time begin = std::max(at, free_);
  if (limited) begin = with_credits(window, data, begin);
  const auto bytes = static_cast<double>(tlp_framing_bytes + header_bytes + 4 * words);
  free_ = begin + sc_core::sc_time(bytes / bytes_per_s_, sc_core::SC_SEC);
  const Passage passage{free_, free_ + latency_};
  if (limited) {
    window.taken.push_back({passage.arrives + latency_, data});
    window.data += data;
  }
  return passage;
}

// When a packet that may begin then has its credits. One that needs more than there are goes alone.
sc_core::sc_time LinkDirection::with_credits(Window& window, std::uint32_t data,
                                             const sc_core::sc_time& begin) {
  sc_core::sc_time at = begin;
  const auto short_of = [&] {
    return (window.limit.headers != 0 && window.taken.size() >= window.limit.headers) ||
           (window.limit.data != 0 && window.data + data > window.limit.data);
  };
  while (!window.taken.empty() && (window.taken.front().back <= at || short_of())) {
    at = std::max(at, window.taken.front().back);
    window.data -= window.taken.front().data;
    window.taken.pop_front();
  }
  return at;
}

void LinkDirection::clear() {
  free_ = sc_core::SC_ZERO_TIME;
  for (Window& window : windows_) {
    window.taken.clear();
    window.data = 0;
  }
}

}  // namespace ipusim::device
