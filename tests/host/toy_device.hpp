// SPDX-License-Identifier: Apache-2.0
// A small device beside the chip: registers behind BAR 0, a memory behind BAR 2 (64 bits), a copier that
// moves bytes between its memory and the host's, and one interrupt.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <systemc>

#include "ipusim/device/pcie/pcie_function.hpp"
#include "ipusim/device/registers/register_block.hpp"
#include "ipusim/device/registers/register_target.hpp"
#include "ipusim/device/tlm/memory_target.hpp"

namespace ipusim::host_test {

namespace toy {
inline constexpr std::uint32_t host_low = 0x00;
inline constexpr std::uint32_t host_high = 0x04;
inline constexpr std::uint32_t local = 0x08;
inline constexpr std::uint32_t length = 0x0C;
inline constexpr std::uint32_t command = 0x10;
inline constexpr std::uint32_t status = 0x14;
inline constexpr std::uint32_t from_host = 1;
inline constexpr std::uint32_t to_host = 2;
inline constexpr std::array rows{
    device::RegisterRow{"HOST_LOW", host_low, device::Access::read_write, 0, "host address"},
    device::RegisterRow{"HOST_HIGH", host_high, device::Access::read_write, 0, "its upper half"},
    device::RegisterRow{"LOCAL", local, device::Access::read_write, 0, "address in the device's memory"},
    device::RegisterRow{"LENGTH", length, device::Access::read_write, 0, "bytes", 4, 0xFFFF},
    device::RegisterRow{"COMMAND", command, device::Access::write_only, 0, "1: from the host, 2: to it"},
    device::RegisterRow{"STATUS", status, device::Access::read_only, 0, "0 idle, 1 moves, 2 done, 3 failed"},
};
inline constexpr device::RegisterGroup map{"toy", 0, rows};
inline constexpr std::uint64_t memory_bytes = 1U << 16U;

inline device::FunctionDescription description() {
  device::FunctionDescription d;
  d.vendor_id = 0x1234;
  d.device_id = 0x5678;
  d.class_code = 0x080100;  // a DMA controller
  d.bars = {{0, 4096, false, false, "registers"}, {2, memory_bytes, true, true, "memory"}};
  d.msix = device::MsixDescription{1, 4, 5};
  d.max_payload_bytes = 256;
  d.link = {100, 1e9};
  return d;
}
}  // namespace toy

class ToyDevice : public sc_core::sc_module {
 public:
  explicit ToyDevice(sc_core::sc_module_name name,
                     const device::FunctionDescription& description = toy::description());

  device::PcieFunction function;
  device::MemoryTarget memory{0, toy::memory_bytes};
  // The most requests that were outstanding at a time.
  unsigned most_outstanding = 0;

 private:
  void access_registers(tlm::tlm_generic_payload& transaction, sc_core::sc_time&) {
    device::transport(registers_, transaction);
  }
  void access_memory(tlm::tlm_generic_payload& transaction, sc_core::sc_time&) {
    memory.transport(transaction);
  }
  unsigned debug_memory(tlm::tlm_generic_payload& transaction) { return memory.transport_dbg(transaction); }
  void copier();

  tlm_utils::simple_target_socket<ToyDevice> register_socket_{"registers"};
  tlm_utils::simple_target_socket<ToyDevice> memory_socket_{"memory"};
  device::RegisterBlock registers_{4096};
  std::uint32_t commanded_ = 0;
  sc_core::sc_event go_;
};

}  // namespace ipusim::host_test
