// SPDX-License-Identifier: Apache-2.0
// Byte offsets and fields of the a function's configuration space (PCI Express base specification, type 0
// header). Where the capabilities stand is [chosen]; software finds them through the capability list.
#pragma once

#include <cstdint>

namespace ipusim::device::pci {

inline constexpr std::uint32_t config_bytes = 4096;
inline constexpr unsigned bar_count = 6;

// --- Type 0 header
inline constexpr std::uint32_t id = 0x00;  // vendor [15:0], device [31:16]
inline constexpr std::uint32_t vendor_id = 0x00;
inline constexpr std::uint32_t device_id = 0x02;
inline constexpr std::uint32_t command = 0x04;
inline constexpr std::uint32_t status = 0x06;
inline constexpr std::uint32_t revision = 0x08;
inline constexpr std::uint32_t class_code = 0x09;
inline constexpr std::uint32_t bar0 = 0x10;
inline constexpr std::uint32_t subsystem_vendor_id = 0x2C;
inline constexpr std::uint32_t subsystem_id = 0x2E;
inline constexpr std::uint32_t capabilities = 0x34;
inline constexpr std::uint32_t interrupt_line = 0x3C;
constexpr std::uint32_t bar(unsigned n) { return bar0 + 4 * n; }

inline constexpr std::uint16_t command_memory_space = 1U << 1U;
inline constexpr std::uint16_t command_bus_master = 1U << 2U;
inline constexpr std::uint16_t command_parity_response = 1U << 6U;
inline constexpr std::uint16_t command_serr = 1U << 8U;
inline constexpr std::uint16_t command_interrupt_disable = 1U << 10U;
inline constexpr std::uint16_t status_capabilities = 1U << 4U;
inline constexpr std::uint16_t status_master_data_parity_error = 1U << 8U;
inline constexpr std::uint16_t status_signaled_target_abort = 1U << 11U;
inline constexpr std::uint16_t status_received_target_abort = 1U << 12U;
inline constexpr std::uint16_t status_received_master_abort = 1U << 13U;
inline constexpr std::uint16_t status_signaled_system_error = 1U << 14U;
inline constexpr std::uint16_t status_detected_parity_error = 1U << 15U;
inline constexpr std::uint16_t status_errors =
    status_master_data_parity_error | status_signaled_target_abort | status_received_target_abort |
    status_received_master_abort | status_signaled_system_error | status_detected_parity_error;

inline constexpr std::uint32_t smallest_bar_bytes = 4096;
inline constexpr std::uint32_t bar_type_mask = 0xF;
inline constexpr std::uint32_t bar_64_bit = 0x4;
inline constexpr std::uint32_t bar_prefetchable = 0x8;

// --- Capability list: offsets within a capability
inline constexpr std::uint32_t capability_id = 0x00;
inline constexpr std::uint32_t capability_next = 0x01;
inline constexpr std::uint8_t capability_power = 0x01;
inline constexpr std::uint8_t capability_pcie = 0x10;
inline constexpr std::uint8_t capability_msix = 0x11;

// --- Extended capabilities: from here on; offsets within one
inline constexpr std::uint32_t extended_capabilities = 0x100;
inline constexpr std::uint32_t extended_version_next = 0x02;  // version [3:0], next [15:4]
inline constexpr unsigned extended_next_shift = 4;
inline constexpr std::uint16_t extended_aer = 0x0001;
inline constexpr std::uint16_t extended_serial_number = 0x0003;
inline constexpr std::uint16_t extended_secondary = 0x0019;

// --- Power management capability: offsets within it
inline constexpr std::uint32_t power_capabilities = 0x02;
inline constexpr std::uint32_t power_control = 0x04;
inline constexpr std::uint32_t power_capability_bytes = 8;
inline constexpr std::uint16_t power_version = 3;
inline constexpr std::uint16_t power_no_soft_reset = 1U << 3U;
inline constexpr std::uint16_t power_state_mask = 3;
inline constexpr std::uint16_t power_d0 = 0;
inline constexpr std::uint16_t power_d3hot = 3;

// --- PCI Express capability: offsets within it
inline constexpr std::uint32_t pcie_capabilities = 0x02;
inline constexpr std::uint32_t pcie_device_capabilities = 0x04;
inline constexpr std::uint32_t pcie_device_control = 0x08;
inline constexpr std::uint32_t pcie_device_status = 0x0A;
inline constexpr std::uint32_t pcie_link_capabilities = 0x0C;
inline constexpr std::uint32_t pcie_link_control = 0x10;
inline constexpr std::uint32_t pcie_link_status = 0x12;
inline constexpr std::uint32_t pcie_device_capabilities_2 = 0x24;
inline constexpr std::uint32_t pcie_device_control_2 = 0x28;
inline constexpr std::uint32_t pcie_link_capabilities_2 = 0x2C;
inline constexpr std::uint32_t pcie_link_control_2 = 0x30;
inline constexpr std::uint32_t pcie_link_status_2 = 0x32;
inline constexpr std::uint32_t pcie_capability_bytes = 0x3C;
inline constexpr std::uint16_t pcie_version_2_endpoint = 0x0002;  // version [3:0], port type [7:4]
inline constexpr std::uint32_t role_based_errors = 1U << 15U;     // in the device capabilities
inline constexpr std::uint32_t function_level_reset = 1U << 28U;  // likewise
inline constexpr unsigned payload_supported_shift = 0;            // likewise
inline constexpr unsigned payload_shift = 5;                      // in the device control
inline constexpr unsigned read_request_shift = 12;                // in the device control
inline constexpr std::uint32_t size_code_mask = 7;
inline constexpr std::uint32_t largest_size_code = 5;
inline constexpr std::uint32_t payload_mask = size_code_mask << payload_shift;
inline constexpr std::uint32_t read_request_mask = size_code_mask << read_request_shift;
inline constexpr std::uint16_t device_control_correctable = 1U << 0U;  // which errors send messages
inline constexpr std::uint16_t device_control_non_fatal = 1U << 1U;
inline constexpr std::uint16_t device_control_fatal = 1U << 2U;
inline constexpr std::uint16_t device_control_unsupported_request = 1U << 3U;
inline constexpr std::uint16_t device_control_all_errors = 0xF;
inline constexpr std::uint16_t device_control_relaxed_order = 1U << 4U;
inline constexpr std::uint16_t device_control_no_snoop = 1U << 11U;
inline constexpr std::uint16_t device_control_initiate_reset = 1U << 15U;  // reads 0
inline constexpr std::uint16_t device_control_writable = 0x081F;
inline constexpr std::uint16_t device_control_reset = 0x2810;         // payload 128, read request 512 bytes
inline constexpr std::uint16_t device_status_correctable = 1U << 0U;  // in the device status
inline constexpr std::uint16_t device_status_non_fatal = 1U << 1U;
inline constexpr std::uint16_t device_status_fatal = 1U << 2U;
inline constexpr std::uint16_t device_status_unsupported_request = 1U << 3U;
inline constexpr std::uint16_t device_status_errors = 0xF;
inline constexpr std::uint16_t device_status_pending = 1U << 5U;
inline constexpr unsigned link_width_shift = 4;  // speed in [3:0]: of capabilities and status
inline constexpr std::uint32_t link_aspm_optional = 1U << 22U;
inline constexpr std::uint16_t link_control_boundary_128 = 1U << 3U;
inline constexpr std::uint16_t link_control_writable =
    0x00CB;  // ASPM, boundary, common clock, extended synch
inline constexpr std::uint16_t link_status_slot_clock = 1U << 12U;
inline constexpr unsigned link_speeds_shift = 1;  // in the link capabilities 2: bit n - 1 of them
inline constexpr std::uint16_t link_control_2_writable =
    0x2F;  // target speed, compliance, no change by itself
inline constexpr std::uint16_t link_status_2_equalized = 0x1E;  // complete, and its three phases
inline constexpr std::uint32_t timeout_ranges = 0xF;            // A to D, in the device capabilities 2
inline constexpr std::uint32_t timeout_can_be_disabled = 1U << 4U;
inline constexpr std::uint16_t timeout_disable = 1U << 4U;  // in the device control 2
inline constexpr std::uint16_t timeout_mask = 0xF;

// --- Advanced error reporting: offsets within it, and bits
namespace aer {
inline constexpr unsigned version = 2;
inline constexpr std::uint32_t bytes = 0x2C;
inline constexpr std::uint32_t uncorrectable_status = 0x04;
inline constexpr std::uint32_t uncorrectable_mask = 0x08;
inline constexpr std::uint32_t uncorrectable_severity = 0x0C;
inline constexpr std::uint32_t correctable_status = 0x10;
inline constexpr std::uint32_t correctable_mask = 0x14;
inline constexpr std::uint32_t control = 0x18;
inline constexpr std::uint32_t header_log = 0x1C;
inline constexpr std::uint32_t first_error_mask = 0x1F;

inline constexpr std::uint32_t data_link_protocol = 1U << 4U;
inline constexpr std::uint32_t surprise_down = 1U << 5U;
inline constexpr std::uint32_t poisoned = 1U << 12U;
inline constexpr std::uint32_t flow_control = 1U << 13U;
inline constexpr std::uint32_t completion_timeout = 1U << 14U;
inline constexpr std::uint32_t completer_abort = 1U << 15U;
inline constexpr std::uint32_t unexpected_completion = 1U << 16U;
inline constexpr std::uint32_t receiver_overflow = 1U << 17U;
inline constexpr std::uint32_t malformed = 1U << 18U;
inline constexpr std::uint32_t unsupported_request = 1U << 20U;
inline constexpr std::uint32_t uncorrectable = data_link_protocol | surprise_down | poisoned | flow_control |
                                               completion_timeout | completer_abort | unexpected_completion |
                                               receiver_overflow | malformed | unsupported_request;
inline constexpr std::uint32_t severity_reset =
    data_link_protocol | surprise_down | flow_control | receiver_overflow | malformed;

inline constexpr std::uint32_t receiver_error = 1U << 0U;
inline constexpr std::uint32_t bad_tlp = 1U << 6U;
inline constexpr std::uint32_t bad_dllp = 1U << 7U;
inline constexpr std::uint32_t replay_rollover = 1U << 8U;
inline constexpr std::uint32_t replay_timeout = 1U << 12U;
inline constexpr std::uint32_t advisory_non_fatal = 1U << 13U;
inline constexpr std::uint32_t correctable =
    receiver_error | bad_tlp | bad_dllp | replay_rollover | replay_timeout | advisory_non_fatal;
}  // namespace aer

// Payload and read request sizes are coded as 128 << n, n = 0..5.
constexpr std::uint32_t size_of_code(std::uint32_t code) { return 128U << (code & size_code_mask); }
constexpr std::uint32_t code_of_size(std::uint32_t bytes) {
  std::uint32_t code = 0;
  while (code < largest_size_code && size_of_code(code) < bytes) ++code;
  return code;
}

// --- MSI-X capability: offsets within it
inline constexpr std::uint32_t msix_control = 0x02;  // vectors - 1 [10:0], function mask [14], enable [15]
inline constexpr std::uint32_t msix_table = 0x04;    // BAR [2:0], offset in it [31:3]
inline constexpr std::uint32_t msix_pba = 0x08;
inline constexpr std::uint32_t msix_capability_bytes = 0x0C;
inline constexpr std::uint16_t msix_size_mask = 0x7FF;
inline constexpr std::uint16_t msix_function_mask = 1U << 14U;
inline constexpr std::uint16_t msix_enable = 1U << 15U;
inline constexpr std::uint32_t msix_entry_bytes = 16;  // address, upper address, data, vector control
inline constexpr std::uint32_t msix_vector_masked = 1U << 0U;

}  // namespace ipusim::device::pci
