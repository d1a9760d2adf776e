// SPDX-License-Identifier: Apache-2.0
// The IPU as a PCI Express function: the device kit's function with a chip's registers and memories behind
// its BARs.
#pragma once

#include <systemc>

#include "ipusim/chip/module/chip_module.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/device/pcie/pcie_function.hpp"

namespace ipusim::host {

// What stands behind which BAR.
namespace ipu_bar {
inline constexpr unsigned control = 0;  // 32 bits; registers of control_map.hpp
inline constexpr unsigned memory = 2;   // 64 bits with BAR 3; control::memory_address()
inline constexpr unsigned msix = 4;     // 32 bits; MSI-X table
inline constexpr unsigned pending = 5;  // 32 bits; MSI-X pending bits
}  // namespace ipu_bar

// Throws std::invalid_argument if the chip has more vectors than the part.
device::FunctionDescription ipu_description(const config::PcieConfig& config);

class IpuFunction : public device::PcieFunction, public chip::InterruptIf {
 public:
  // Throws std::invalid_argument as ipu_description() and PcieFunction do.
  IpuFunction(sc_core::sc_module_name name, const config::PcieConfig& config)
      : PcieFunction(name, ipu_description(config)) {}

  // To ChipModule's sockets of the same names, whose interrupt port is bound to this.
  BarSocket& control() { return bar(ipu_bar::control); }
  BarSocket& memory() { return bar(ipu_bar::memory); }
  void connect(chip::ChipModule& chip);

  // An interrupt of the chip: control::vector.
  void raise(unsigned vector) override { PcieFunction::raise(vector); }
};

}  // namespace ipusim::host
