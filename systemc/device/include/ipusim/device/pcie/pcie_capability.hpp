// SPDX-License-Identifier: Apache-2.0
// The PCI Express capability, version 2, of an endpoint: sizes of packets, error bits, the link, completion
// timeout, function-level reset.
#pragma once

#include <cstdint>
#include <optional>

#include "ipusim/device/pcie/capability.hpp"
#include "ipusim/device/pcie/function_description.hpp"

namespace ipusim::device {

class PcieCapability : public Capability {
 public:
  // max_payload_bytes: what the function supports. std::invalid_argument if that is no size of PCI Express,
  // or the link none that there is.
  PcieCapability(std::uint32_t max_payload_bytes, const LinkDescription& link);

  // As software has set them.
  std::uint32_t max_payload_bytes() const;
  std::uint32_t max_read_request_bytes() const;
  // Device Control; pci::device_control_...
  std::uint32_t control() const;
  // How long the function waits for a completion, in nanoseconds; nullopt: for ever.
  std::optional<double> completion_timeout_ns() const;

  // Sets bits of Device Status.
  void report(std::uint16_t bits);
  // Whether requests wait for their completions.
  void set_pending(bool pending);
  // Software has asked for a reset since the last call.
  bool take_reset_request();

 protected:
  std::vector<Behaviour> behaviours() override;

 private:
  std::uint32_t supported_code_;
  bool reset_requested_ = false;
};

// Of a generation of 3 and more: equalization, which is over and nothing of which can be seen.
class SecondaryCapability : public ExtendedCapability {
 public:
  explicit SecondaryCapability(const LinkDescription& link);
};

}  // namespace ipusim::device
