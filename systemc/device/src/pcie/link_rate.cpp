// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/link_rate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ipusim::device {

namespace {

struct Generation {
  double transfers_per_s;  // one bit on every lane
  double coded;            // bits sent for `bits`
  double bits;
};
constexpr std::array generations{Generation{2.5e9, 10, 8}, Generation{5e9, 10, 8}, Generation{8e9, 130, 128},
                                 Generation{16e9, 130, 128}, Generation{32e9, 130, 128}};
constexpr std::array<unsigned, 6> widths{1, 2, 4, 8, 16, 32};

const Generation& of(unsigned generation) {
  if (generation == 0 || generation > generations.size()) {
    throw std::invalid_argument(
        fmt::format("link generation: {} is not in 1..{}", generation, generations.size()));
  }
  return generations[generation - 1];
}

}  // namespace

void check_link(const LinkDescription& link) {
  of(link.generation);
  if (std::ranges::find(widths, link.lanes) == widths.end()) {
    throw std::invalid_argument(fmt::format("link lanes: {} is none of 1, 2, 4, 8, 16, 32", link.lanes));
  }
  if (!(link.dllp_share >= 0 && link.dllp_share < 1)) {
    throw std::invalid_argument(fmt::format("dllp_share: {} is not in 0 up to below 1", link.dllp_share));
  }
}

double raw_bits_per_s(unsigned generation, unsigned lanes) { return of(generation).transfers_per_s * lanes; }

double coding_share(unsigned generation) { return of(generation).bits / of(generation).coded; }

double packet_bytes_per_s(const LinkDescription& link) {
  if (link.bandwidth_bytes_per_s > 0) return link.bandwidth_bytes_per_s;
  return raw_bits_per_s(link.generation, link.lanes) / 8 * coding_share(link.generation) *
         (1 - link.dllp_share);
}

}  // namespace ipusim::device
