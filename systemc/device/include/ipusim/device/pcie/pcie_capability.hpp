// SPDX-License-Identifier: Apache-2.0
// The PCI Express capability, version 2, of an endpoint: sizes of packets, and the error bits.
#pragma once

#include <cstdint>

#include "ipusim/device/pcie/capability.hpp"

namespace ipusim::device {

class PcieCapability : public Capability {
 public:
  // max_payload_bytes: what the function supports. std::invalid_argument if that is no size of PCI Express.
  explicit PcieCapability(std::uint32_t max_payload_bytes);

  // As software has set them.
  std::uint32_t max_payload_bytes() const;
  std::uint32_t max_read_request_bytes() const;

  // Sets bits of Device Status.
  void report(std::uint16_t bits);

 protected:
  std::vector<Behaviour> behaviours() override;

 private:
  std::uint32_t supported_code_;
};

}  // namespace ipusim::device
