// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/power_capability.hpp"

#include "ipusim/device/pcie/config_map.hpp"

namespace ipusim::device {

PowerCapability::PowerCapability()
    : Capability("power management capability", pci::capability_power, pci::power_capability_bytes,
                 {{"Power Management Capabilities", pci::power_capabilities, Access::writes_ignored,
                   pci::power_version, "[2:0] version 3; neither D1 nor D2, no PME", 2},
                  {"Power Management Control/Status", pci::power_control, Access::read_write,
                   pci::power_no_soft_reset,
                   "[1:0] 0: D0, 3: D3hot; others leave the field as it was. [3] nothing is reset on the way "
                   "to D0 [chosen]",
                   2, pci::power_state_mask}}) {}

std::vector<Behaviour> PowerCapability::behaviours() {
  return {{.offset = pci::power_control, .keep = [](std::uint32_t kept, std::uint32_t written) {
             const std::uint32_t state = written & pci::power_state_mask;
             return state == pci::power_d0 || state == pci::power_d3hot ? written : kept;
           }}};
}

bool PowerCapability::awake() const {
  return (kept(pci::power_control) & pci::power_state_mask) == pci::power_d0;
}

}  // namespace ipusim::device
