// SPDX-License-Identifier: Apache-2.0
// Power management: D0 and D3hot. Nothing is reset on the way back (No_Soft_Reset), and there is no PME.
#pragma once

#include "ipusim/device/pcie/capability.hpp"

namespace ipusim::device {

class PowerCapability : public Capability {
 public:
  PowerCapability();
  // In D3hot a function answers configuration requests alone, and sends nothing of its own but error
  // messages.
  bool awake() const;

 protected:
  std::vector<Behaviour> behaviours() override;
};

}  // namespace ipusim::device
