// SPDX-License-Identifier: Apache-2.0
// Advanced error reporting: which errors there were, of which the header was kept, which count. The registers
// survive a reset of the function.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "ipusim/device/pcie/capability.hpp"

namespace ipusim::device {

class AerCapability : public ExtendedCapability {
 public:
  AerCapability();
  // With registers behind those of every function: a root port's.
  AerCapability(std::uint32_t bytes, const std::vector<RegisterRow>& more);

  // pci::aer bits of the uncorrectable and the correctable registers.
  bool is_fatal(std::uint32_t uncorrectable) const;
  bool is_masked(std::uint32_t uncorrectable) const;
  bool is_correctable_masked(std::uint32_t correctable) const;
  // Sets the status bit. The header is kept, and the first error pointer set, if the error is not masked and
  // neither tells of an error that is still there. header: zeros where the error has none.
  void log(std::uint32_t uncorrectable, const std::array<std::uint32_t, 4>& header);
  void log_correctable(std::uint32_t correctable);
};

}  // namespace ipusim::device
