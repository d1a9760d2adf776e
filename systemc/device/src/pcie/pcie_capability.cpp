// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/pcie_capability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>
#include <utility>

#include "ipusim/device/pcie/config_map.hpp"
#include "ipusim/device/pcie/link_rate.hpp"

namespace ipusim::device {

namespace {

constexpr std::uint32_t largest_payload_bytes = 4096;

// Completion timeouts by the code of Device Control 2: a value within the range that each code means
// [chosen].
struct Timeout {
  std::uint32_t code;
  double ns;
};
constexpr std::array timeouts{Timeout{0x0, 10e6},   // 50 us .. 50 ms
                              Timeout{0x1, 75e3},   // 50 us .. 100 us
                              Timeout{0x2, 5e6},    // 1 ms .. 10 ms
                              Timeout{0x5, 35e6},   // 16 ms .. 55 ms
                              Timeout{0x6, 140e6},  // 65 ms .. 210 ms
                              Timeout{0x9, 600e6},  // 260 ms .. 900 ms
                              Timeout{0xA, 2e9},    // 1 s .. 3.5 s
                              Timeout{0xD, 8e9},    // 4 s .. 13 s
                              Timeout{0xE, 40e9}};  // 17 s .. 64 s

std::uint32_t checked(std::uint32_t payload) {
  if (!std::has_single_bit(payload) || payload < pci::size_of_code(0) || payload > largest_payload_bytes) {
    throw std::invalid_argument(fmt::format("max_payload_bytes: {} is none of 128, 256, ..., 4096", payload));
  }
  return payload;
}

std::vector<RegisterRow> device_rows(std::uint32_t max_payload_bytes) {
  return {
      {"PCI Express Capabilities", pci::pcie_capabilities, Access::writes_ignored,
       pci::pcie_version_2_endpoint, "version 2, endpoint", 2},
      {"Device Capabilities", pci::pcie_device_capabilities, Access::writes_ignored,
       pci::function_level_reset | pci::role_based_errors |
           pci::code_of_size(max_payload_bytes) << pci::payload_supported_shift,
       "[2:0] payload supported, [15] role-based error reporting, [28] function-level reset"},
      {"Device Control", pci::pcie_device_control, Access::read_write, pci::device_control_reset,
       "[0] correctable, [1] non-fatal, [2] fatal errors, [3] unsupported requests send messages; [7:5] "
       "payload "
       "(128 B after reset), [14:12] read request (512 B); a size the device does not have leaves the field "
       "as "
       "it was [chosen]. [15] 1 resets the function, reads 0. Relaxed order, no snoop: may be set in packets",
       2,
       pci::device_control_writable | pci::payload_mask | pci::read_request_mask |
           pci::device_control_initiate_reset,
       0, pci::payload_mask},
      {"Device Status", pci::pcie_device_status, Access::read_write, 0,
       "[0] correctable, [1] non-fatal, [2] fatal, [3] unsupported request; cleared by 1. [5] requests "
       "without "
       "completion",
       2, 0, pci::device_status_errors}};
}

std::vector<RegisterRow> link_rows(const LinkDescription& link) {
  const std::uint32_t is = link.generation | link.lanes << pci::link_width_shift;
  const std::uint32_t speeds = ((1U << link.generation) - 1) << pci::link_speeds_shift;
  const std::uint32_t equalized = has_equalization(link.generation) ? pci::link_status_2_equalized : 0;
  return {
      {"Link Capabilities", pci::pcie_link_capabilities, Access::writes_ignored, is | pci::link_aspm_optional,
       "[3:0] highest speed (its generation), [9:4] lanes; no ASPM"},
      {"Link Control", pci::pcie_link_control, Access::read_write, 0,
       "[3] the root port's read completion boundary is 128 B, not 64; the rest is kept without effect", 2,
       pci::link_control_writable, 0, ~0U},
      {"Link Status", pci::pcie_link_status, Access::writes_ignored, is | pci::link_status_slot_clock,
       "[3:0] speed, [9:4] lanes, [12] slot clock", 2},
      {"Device Capabilities 2", pci::pcie_device_capabilities_2, Access::writes_ignored,
       pci::timeout_ranges | pci::timeout_can_be_disabled,
       "[3:0] completion timeouts of all ranges, [4] and none"},
      {"Device Control 2", pci::pcie_device_control_2, Access::read_write, 0,
       "[3:0] completion timeout [chosen within each range]: 0 10 ms, 1 75 us, 2 5 ms, 5 35 ms, 6 140 ms, 9 "
       "600 ms, 0xA 2 s, 0xD 8 s, 0xE 40 s; others are as 0. [4] no timeout",
       2, pci::timeout_mask | pci::timeout_disable},
      {"Link Capabilities 2", pci::pcie_link_capabilities_2, Access::writes_ignored, speeds,
       "[7:1] speeds supported"},
      {"Link Control 2", pci::pcie_link_control_2, Access::read_write, link.generation,
       "[3:0] target speed: kept without effect", 2, pci::link_control_2_writable, 0, ~0U},
      {"Link Status 2", pci::pcie_link_status_2, Access::writes_ignored, equalized,
       "[4:1] equalization is complete, where there is one", 2}};
}

std::vector<RegisterRow> rows_for(std::uint32_t max_payload_bytes, const LinkDescription& link) {
  check_link(link);
  auto rows = device_rows(max_payload_bytes);
  const auto more = link_rows(link);
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

std::uint32_t code(std::uint32_t control, unsigned shift) { return control >> shift & pci::size_code_mask; }

std::vector<RegisterRow> secondary_rows() {
  return {{"Link Control 3", 4, Access::writes_ignored, 0, "equalization cannot be asked for"},
          {"Lane Error Status", 8, Access::writes_ignored, 0, "no lane has errors"}};
}

}  // namespace

PcieCapability::PcieCapability(std::uint32_t max_payload_bytes, const LinkDescription& link)
    : Capability("PCI Express capability", pci::capability_pcie, pci::pcie_capability_bytes,
                 rows_for(checked(max_payload_bytes), link)),
      supported_code_(pci::code_of_size(max_payload_bytes)) {}

std::vector<Behaviour> PcieCapability::behaviours() {
  return {{.offset = pci::pcie_device_control, .keep = [this](std::uint32_t kept, std::uint32_t written) {
             std::uint32_t refused = 0;
             if (code(written, pci::payload_shift) > supported_code_) refused |= pci::payload_mask;
             if (code(written, pci::read_request_shift) > pci::largest_size_code)
               refused |= pci::read_request_mask;
             if ((written & pci::device_control_initiate_reset) != 0) reset_requested_ = true;
             written &= ~std::uint32_t{pci::device_control_initiate_reset};
             return (written & ~refused) | (kept & refused);
           }}};
}

std::uint32_t PcieCapability::control() const { return kept(pci::pcie_device_control); }

std::uint32_t PcieCapability::max_payload_bytes() const {
  return pci::size_of_code(code(control(), pci::payload_shift));
}
std::uint32_t PcieCapability::max_read_request_bytes() const {
  return pci::size_of_code(code(control(), pci::read_request_shift));
}

std::optional<double> PcieCapability::completion_timeout_ns() const {
  const std::uint32_t control_2 = kept(pci::pcie_device_control_2);
  if ((control_2 & pci::timeout_disable) != 0) return std::nullopt;
  const auto found = std::ranges::find(timeouts, control_2 & pci::timeout_mask, &Timeout::code);
  return (found == timeouts.end() ? timeouts.front() : *found).ns;
}

void PcieCapability::report(std::uint16_t bits) {
  keep(pci::pcie_device_status, kept(pci::pcie_device_status) | bits);
}

void PcieCapability::set_pending(bool pending) {
  const std::uint32_t others = kept(pci::pcie_device_status) & ~std::uint32_t{pci::device_status_pending};
  keep(pci::pcie_device_status, others | (pending ? pci::device_status_pending : 0U));
}

bool PcieCapability::take_reset_request() { return std::exchange(reset_requested_, false); }

SecondaryCapability::SecondaryCapability(const LinkDescription& link)
    : ExtendedCapability("secondary PCI Express", pci::extended_secondary, 1, 12 + 2 * link.lanes,
                         secondary_rows()) {}

}  // namespace ipusim::device
