// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/pcie_capability.hpp"

#include <fmt/format.h>

#include <bit>
#include <stdexcept>

#include "ipusim/device/pcie/config_map.hpp"

namespace ipusim::device {

namespace {

constexpr std::uint32_t largest_payload_bytes = 4096;

std::uint32_t checked(std::uint32_t payload) {
  if (!std::has_single_bit(payload) || payload < pci::size_of_code(0) || payload > largest_payload_bytes) {
    throw std::invalid_argument(fmt::format("max_payload_bytes: {} is none of 128, 256, ..., 4096", payload));
  }
  return payload;
}

std::vector<RegisterRow> rows_for(std::uint32_t max_payload_bytes) {
  return {{"PCI Express Capabilities", pci::pcie_capabilities, Access::writes_ignored,
           pci::pcie_version_2_endpoint, "version 2, endpoint", 2},
          {"Device Capabilities", pci::pcie_device_capabilities, Access::writes_ignored,
           pci::role_based_errors | pci::code_of_size(max_payload_bytes) << pci::payload_supported_shift,
           "[2:0] payload supported, [15] role-based error reporting"},
          {"Device Control", pci::pcie_device_control, Access::read_write, pci::device_control_reset,
           "[7:5] payload (128 B after reset), [14:12] read request (512 B); a size the device does not have "
           "leaves the "
           "field as it was [chosen]. Error reporting, relaxed order, no snoop: kept without effect",
           2, pci::device_control_writable | pci::payload_mask | pci::read_request_mask},
          {"Device Status", pci::pcie_device_status, Access::read_write, 0,
           "[0] correctable, [1] non-fatal, [2] fatal, [3] unsupported request; cleared by 1", 2, 0,
           pci::device_status_errors}};
}

std::uint32_t code(std::uint32_t control, unsigned shift) { return control >> shift & pci::size_code_mask; }

}  // namespace

PcieCapability::PcieCapability(std::uint32_t max_payload_bytes)
    : Capability("PCI Express capability", pci::capability_pcie, pci::pcie_capability_bytes,
                 rows_for(checked(max_payload_bytes))),
      supported_code_(pci::code_of_size(max_payload_bytes)) {}

std::vector<Behaviour> PcieCapability::behaviours() {
  return {{.offset = pci::pcie_device_control, .keep = [this](std::uint32_t kept, std::uint32_t written) {
             std::uint32_t refused = 0;
             if (code(written, pci::payload_shift) > supported_code_) refused |= pci::payload_mask;
             if (code(written, pci::read_request_shift) > pci::largest_size_code)
               refused |= pci::read_request_mask;
             return (written & ~refused) | (kept & refused);
           }}};
}

std::uint32_t PcieCapability::max_payload_bytes() const {
  return pci::size_of_code(code(kept(pci::pcie_device_control), pci::payload_shift));
}
std::uint32_t PcieCapability::max_read_request_bytes() const {
  return pci::size_of_code(code(kept(pci::pcie_device_control), pci::read_request_shift));
}

void PcieCapability::report(std::uint16_t bits) {
  keep(pci::pcie_device_status, kept(pci::pcie_device_status) | bits);
}

}  // namespace ipusim::device
