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
inline constexpr std::uint16_t status_signaled_target_abort = 1U << 11U;

inline constexpr std::uint32_t smallest_bar_bytes = 4096;
inline constexpr std::uint32_t bar_type_mask = 0xF;
inline constexpr std::uint32_t bar_64_bit = 0x4;
inline constexpr std::uint32_t bar_prefetchable = 0x8;

// --- Capability list: offsets within a capability
inline constexpr std::uint32_t capability_id = 0x00;
inline constexpr std::uint32_t capability_next = 0x01;
inline constexpr std::uint8_t capability_pcie = 0x10;
inline constexpr std::uint8_t capability_msix = 0x11;

// --- PCI Express capability: offsets within it
inline constexpr std::uint32_t pcie_capabilities = 0x02;
inline constexpr std::uint32_t pcie_device_capabilities = 0x04;
inline constexpr std::uint32_t pcie_device_control = 0x08;
inline constexpr std::uint32_t pcie_device_status = 0x0A;
inline constexpr std::uint32_t pcie_capability_bytes = 0x3C;
inline constexpr std::uint16_t pcie_version_2_endpoint = 0x0002;  // version [3:0], port type [7:4]
inline constexpr std::uint32_t role_based_errors = 1U << 15U;     // in the device capabilities
inline constexpr unsigned payload_supported_shift = 0;            // in the device capabilities
inline constexpr unsigned payload_shift = 5;                      // in the device control
inline constexpr unsigned read_request_shift = 12;                // in the device control
inline constexpr std::uint32_t size_code_mask = 7;
inline constexpr std::uint32_t largest_size_code = 5;
inline constexpr std::uint32_t payload_mask = size_code_mask << payload_shift;
inline constexpr std::uint32_t read_request_mask = size_code_mask << read_request_shift;
// Error reporting enables, relaxed ordering, no snoop: kept, without effect.
inline constexpr std::uint16_t device_control_writable = 0x081F;
inline constexpr std::uint16_t device_control_reset = 0x2810;         // payload 128, read request 512 bytes
inline constexpr std::uint16_t device_status_correctable = 1U << 0U;  // in the device status
inline constexpr std::uint16_t device_status_non_fatal = 1U << 1U;
inline constexpr std::uint16_t device_status_fatal = 1U << 2U;
inline constexpr std::uint16_t device_status_unsupported_request = 1U << 3U;
inline constexpr std::uint16_t device_status_errors = 0xF;

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
